defmodule PhoenixReplay.Store.Nested do
  @moduledoc false
  # Recordings of LiveViews that were nested in one, sticky ones on its connection among them.

  alias PhoenixReplay.{Error, Native}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.Query
  alias PhoenixReplay.Store.{Authorization, Listing}

  # A page that had more is shown without the later ones.
  @most 100

  @spec summaries(Summary.t()) :: {:ok, [Summary.t()]} | {:error, Error.t()}
  def summaries(%Summary{id: id} = around) do
    connection = page_connection(around)
    # Memory first: a session that ends meanwhile is in storage before it leaves memory.
    in_memory = in_memory(Enum.reject([id, connection], &is_nil/1))

    with {:ok, nested} <- saved("nested_in", id),
         {:ok, sticky} <- saved("sticky_in", connection) do
      {:ok,
       (in_memory ++ nested ++ sticky)
       |> Enum.reject(&(&1.id == id))
       |> Enum.uniq_by(& &1.id)
       |> Enum.sort_by(&{&1.connected_at, &1.id})}
    end
  end

  # What is sticky is of a page, not of what else is nested in it.
  defp page_connection(%Summary{metadata: %{"nested_id" => _}}), do: nil
  defp page_connection(%Summary{connection: connection}), do: connection

  defp in_memory(names) do
    for id <- Native.sessions_nested(names),
        session = Native.session_lookup(id),
        summary = summary(session),
        Authorization.allowed?(summary),
        do: summary
  end

  # One that ended and is not saved yet is in memory too.
  defp summary(session) do
    active? = Native.session_state(session).ended == nil
    Summary.from_map(Native.session_summary(session), active?)
  end

  defp saved(_fact, nil), do: {:ok, []}

  defp saved(fact, name) do
    with {:ok, where} <- Query.new(metadata: %{fact => name}),
         {:ok, page} <- Listing.page(%{where: where, limit: @most}),
         do: {:ok, page.entries}
  end
end
