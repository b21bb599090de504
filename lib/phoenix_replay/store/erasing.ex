defmodule PhoenixReplay.Store.Erasing do
  @moduledoc false
  # Deletes what meets conditions: sessions in memory first, here and on the nodes this one is connected
  # with, then what is saved. One that is being saved meanwhile is deleted by whoever saves it, see
  # `PhoenixReplay.Persister.Saving`. What nodes that are gone left in journals is made recordings
  # before, or it would come back after.

  alias PhoenixReplay.{Error, Native}
  alias PhoenixReplay.Persister.Recovery
  alias PhoenixReplay.Storage.{Configured, Owner, Query}
  alias PhoenixReplay.Store.{ById, Listing}

  @answer_ms 30_000

  @spec run(Query.t()) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def run(where) do
    with :ok <- conditions(where),
         :ok <- Recovery.run(),
         {:ok, ids} <- everywhere(:forget, where),
         do: saved(where, ids)
  end

  @doc "How many there are, with nothing deleted."
  @spec count(Query.t()) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def count(where) do
    with :ok <- conditions(where),
         :ok <- Recovery.run(),
         {:ok, ids} <- everywhere(:running, where),
         {:ok, saved} <- Configured.count(where),
         do: {:ok, saved + length(ids)}
  end

  defp conditions(where) do
    if Query.all?(where),
      do:
        Error.new(
          :invalid_query,
          "takes at least one condition; Store.clear_all/0 deletes every recording"
        ),
      else: :ok
  end

  # This node is one of them: what it does for itself it does for one that asks.
  defp everywhere(function, where) do
    nodes = [node() | Node.list()]

    nodes
    |> :erpc.multicall(__MODULE__, function, [where], @answer_ms)
    |> Enum.zip(nodes)
    |> Enum.reduce_while({:ok, []}, fn
      {{:ok, {:ok, ids}}, _node}, {:ok, all} -> {:cont, {:ok, ids ++ all}}
      {{:ok, {:error, error}}, _node}, _all -> {:halt, {:error, error}}
      # A node that has no PhoenixReplay.
      {{:error, {:exception, :undef, [{__MODULE__, _, _, _} | _]}}, _node}, all -> {:cont, all}
      {_no_answer, node}, _all -> {:halt, silent(node)}
    end)
  end

  defp silent(node) do
    Error.new(
      :unreachable,
      "node #{node} did not answer, so sessions that run there may be left; do it again when it is back"
    )
  end

  @doc "For another node: the ids of sessions in this one's memory."
  @spec running(Query.t()) :: {:ok, [binary]}
  def running(where), do: {:ok, for({id, _session} <- sessions(where), do: id)}

  @doc "For another node: ends such sessions, and leaves nothing of them."
  @spec forget(Query.t()) :: {:ok, [binary]} | {:error, Error.t()}
  def forget(where) do
    ids = for {id, session} <- sessions(where), do: forget(id, session)
    with :ok <- journals(ids), do: {:ok, ids}
  end

  defp sessions(where) do
    for state <- [:open, :ended],
        id <- Native.session_ids(state),
        session = Native.session_lookup(id),
        Query.matches?(where, Native.session_summary(session)),
        do: {id, session}
  end

  defp forget(id, session) do
    Native.session_close(session, :stopped, nil)
    Native.session_remove(id)
    ById.forget(id)
    id
  end

  defp journals(ids) do
    if Configured.journal?(), do: Configured.journal_delete(ids, Owner.this()), else: :ok
  end

  # A session of an id that is saved already is one recording, not two.
  defp saved(where, in_memory) do
    with :ok <- Configured.delete(in_memory),
         do: Listing.each_batch(where, length(in_memory), &batch/2)
  end

  defp batch(summaries, count) do
    with :ok <- Configured.delete(Enum.map(summaries, & &1.id)),
         do: {:ok, count + length(summaries)}
  end
end
