defmodule PhoenixReplay.Sanitizer.Custom do
  @moduledoc false
  # Calls of a host's own sanitizer module. Whatever it raises goes to the caller, which knows what
  # was being recorded; nothing here rescues.

  alias PhoenixReplay.{Native, Sanitizer}

  # A module of the host may hand back everything it got; these are never recorded, and holding on to
  # them would keep alive what LiveView lets go.
  @internal [:__changed__, :flash, :uploads, :streams, :socket, :myself]

  @spec assigns(module, map) :: map
  def assigns(module, assigns), do: assigns |> module.sanitize_assigns() |> Map.drop(@internal)

  @spec delta(module, map, map) :: map
  def delta(module, changed, assigns),
    do: changed |> module.sanitize_delta(assigns) |> Map.drop(@internal)

  @doc "Params and session. An event's params need not be a map (`pushEvent(\"rate\", 5)`), a sanitizer's argument is."
  @spec params(module, term) :: term
  def params(module, %{} = params) do
    if Code.ensure_loaded?(module) and function_exported?(module, :sanitize_params, 1),
      do: module.sanitize_params(params),
      else: module.sanitize_assigns(params)
  end

  def params(module, other) do
    case params(module, %{"value" => other}) do
      %{"value" => kept} -> kept
      _dropped -> nil
    end
  end

  @spec url(binary | nil) :: binary | nil
  def url(nil), do: nil
  def url(url), do: Native.sanitize_url(Sanitizer.native(), url)
end
