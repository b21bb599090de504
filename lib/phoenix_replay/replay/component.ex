defmodule PhoenixReplay.Replay.Component do
  @moduledoc false
  # A LiveComponent of a replayed page: its own template, rendered from its recorded assigns. Neither
  # `mount` nor `update` runs.
  #
  # Slots are functions of the parent's template and so in no recording. The parent is rendered too, and
  # what its template gives the component has them.

  alias Phoenix.LiveComponent.CID
  alias Phoenix.LiveView.{Rendered, Socket}
  alias PhoenixReplay.Inert
  alias PhoenixReplay.Replay.{Moment, Placeholder, Thaw}

  @doc "The component `module` with `id` at a moment, `given` being what the parent's template has for it."
  @spec render(module, term, map, PhoenixReplay.Replay.parts(), Socket.t()) :: Rendered.t()
  def render(module, id, given, parts, socket) do
    with %{{:component, ^module, ^id} => %{} = recorded} <- parts,
         template when template != nil <- Thaw.template(module, parts[{:template, {module, id}}]) do
      recorded
      |> Moment.assigns(parts, {module, id})
      |> with_functions(given)
      |> Thaw.assigns(module)
      |> Map.merge(%{__changed__: nil, socket: socket, myself: myself(module, id)})
      |> template.()
    else
      _none -> Placeholder.component(module, id)
    end
  end

  # Recorded under the same name, and not callable any more: a slot, or a function.
  defp with_functions(recorded, given) do
    Map.new(recorded, fn {key, value} -> {key, with_function(value, given[key])} end)
  end

  defp with_function([%{__slot__: _} | _], [%{__slot__: _} | _] = slot), do: slot
  defp with_function(%Inert{kind: :function}, given) when is_function(given), do: given
  defp with_function(value, _given), do: value

  # A target of events, which go nowhere here. It only has to be another for each component.
  defp myself(module, id), do: %CID{cid: :erlang.phash2({module, id}, 1_000_000_000)}
end
