defmodule PhoenixReplay.Reference.Sanitizer do
  @moduledoc """
  The default sanitizer as the contract has it, in Elixir: a walk over the whole of a term that makes a
  new one. Forms and changesets it does not know.

  What goes from a map stays in the result under its key, as `:"$hidden"`, until `stripped/1` takes it
  out, as for `PhoenixReplay.Store`, or `shown/1` writes that it was filtered, as for a replay.
  """

  alias PhoenixReplay.Inert
  alias PhoenixReplay.Reference.Names

  @hidden :"$hidden"
  @filtered "[FILTERED]"
  @internal [:__changed__, :flash, :uploads, :streams, :socket, :myself]

  @spec assigns(map) :: map
  def assigns(assigns), do: assigns |> Map.drop(@internal) |> walk(:assigns)

  @spec params(term) :: term
  def params(params), do: walk(params, :params)

  @spec stripped(term) :: term
  def stripped(term), do: rewrite(term, fn map -> Map.reject(map, &hidden?/1) end)

  @spec shown(term) :: term
  def shown(term), do: rewrite(term, fn map -> Map.new(map, &filtered/1) end)

  @doc "A URL of the form `address?name=value&name=value`, its sensitive values filtered."
  @spec url(String.t()) :: String.t()
  def url(url) do
    case String.split(url, "?", parts: 2) do
      [address, query] -> address <> "?" <> Enum.map_join(String.split(query, "&"), "&", &pair/1)
      [address] -> address
    end
  end

  defp pair(pair) do
    with [name, _value] <- String.split(pair, "=", parts: 2),
         parts = name |> URI.decode_www_form() |> String.split(["[", "]"], trim: true),
         true <- Enum.any?(parts, &Names.sensitive?(&1, :params)) do
      name <> "=" <> @filtered
    else
      _plain -> pair
    end
  end

  defp walk(%{__struct__: module} = struct, rule) do
    struct
    |> Map.delete(:__struct__)
    |> Map.new(fn {key, value} -> {key, value(key, value, rule, @filtered)} end)
    |> Map.put(:__struct__, module)
  end

  defp walk(map, rule) when is_map(map),
    do: Map.new(map, fn {key, value} -> {key, value(key, value, rule, @hidden)} end)

  defp walk([{key, value} | rest], rule),
    do: [{walk(key, rule), value(key, value, rule, @filtered)} | walk(rest, rule)]

  defp walk([item | rest], rule), do: [walk(item, rule) | walk(rest, rule)]

  defp walk(tuple, rule) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> Enum.map(&walk(&1, rule)) |> List.to_tuple()

  defp walk(pid, _rule) when is_pid(pid), do: %Inert{kind: :pid, text: inspect(pid)}
  defp walk(ref, _rule) when is_reference(ref), do: %Inert{kind: :reference, text: inspect(ref)}

  defp walk(fun, _rule) when is_function(fun) do
    {:type, :external} = Function.info(fun, :type)
    %{module: module, name: name, arity: arity} = fun |> Function.info() |> Map.new()
    %Inert{kind: :function, text: inspect(fun), function: {module, name, arity}}
  end

  defp walk(leaf, _rule), do: leaf

  defp value(key, value, rule, instead),
    do: if(Names.sensitive?(key, rule), do: instead, else: walk(value, rule))

  defp rewrite(%{__struct__: module} = struct, fun),
    do: struct |> Map.delete(:__struct__) |> rewrite(fun) |> Map.put(:__struct__, module)

  defp rewrite(map, fun) when is_map(map),
    do: fun.(Map.new(map, fn {key, value} -> {key, rewrite(value, fun)} end))

  defp rewrite([item | rest], fun), do: [rewrite(item, fun) | rewrite(rest, fun)]

  defp rewrite(tuple, fun) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> Enum.map(&rewrite(&1, fun)) |> List.to_tuple()

  defp rewrite(leaf, _fun), do: leaf

  defp hidden?({_key, value}), do: value == @hidden

  defp filtered({key, @hidden}), do: {key, @filtered}
  defp filtered(entry), do: entry
end
