defmodule PhoenixReplay.Recorder.Streams do
  @moduledoc false
  # What a render sends of streams. LiveView forgets the items right after it, so nothing is kept here
  # either: recorded is what goes and comes, and the timeline makes rows of it.

  alias PhoenixReplay.Recorder.{Compat, Session}
  alias PhoenixReplay.Sanitizer.Custom

  @type insert :: {dom_id :: String.t(), at :: integer, item :: term, integer | nil, boolean}
  @type rows :: {reset? :: boolean, deletes :: [String.t()], [insert]}

  @doc "Events for the streams that changed, those of the view or of the component `owner`."
  @spec events(Session.t(), map, nil | {module, term}) :: [
          {:stream, [PhoenixReplay.Native.field()]}
        ]
  def events(%Session{sanitizer: module}, assigns, owner) do
    for {name, rows} <- Compat.streams(assigns), rows = sanitized(module, name, rows) do
      {:stream, [{:part, :plain, {:stream, owner, name}}, {:rows, :assigns, %{name => rows}}]}
    end
  end

  defp sanitized(nil, _name, rows), do: rows

  # A module of the host gets what it knows from assigns, items under a name. Where it hands back
  # something else than as many items, no row can be told from another, and none is recorded.
  defp sanitized(module, name, {reset?, deletes, inserts}) do
    items = for {_dom_id, _at, item, _limit, _update_only} <- inserts, do: item

    case Custom.assigns(module, %{name => items}) do
      %{^name => kept} when length(kept) == length(items) ->
        {reset?, deletes, Enum.zip_with(inserts, kept, &put_elem(&1, 2, &2))}

      _dropped ->
        nil
    end
  end
end
