if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Journal do
    @moduledoc false
    # Journals as rows, one for each append, and an owner's last sign of life.

    import Ecto.Query

    defmodule Chunk do
      @moduledoc false
      use Ecto.Schema

      @primary_key {:seq, :id, autogenerate: true}
      schema "phoenix_replay_journal" do
        field :recording_id, :string
        field :owner, :string
        field :data, :binary
        field :appended_at, :integer
      end
    end

    @owners "phoenix_replay_owners"

    # How long it is tells whether somebody deleted or claimed what was there. The lengths are read from the
    # index and the heads of the rows, not from their bytes.
    def append(%{repo: repo, kind: kind}, id, owner, data) do
      chunk = %{recording_id: id, owner: owner, data: data, appended_at: now()}
      repo.insert_all(Chunk, [chunk], log: false)
      {:ok, repo.one(from(c in of([id], owner), select: ^bytes(kind)), log: false)}
    end

    def beat(%{repo: repo}, owner) do
      repo.insert_all(@owners, [%{owner: owner, beat_at: now()}],
        on_conflict: {:replace, [:beat_at]},
        conflict_target: :owner,
        log: false
      )

      :ok
    end

    def all(%{repo: repo} = database) do
      beats =
        from(o in @owners, select: {o.owner, o.beat_at}) |> repo.all(log: false) |> Map.new()

      now = now()

      rows =
        repo.all(
          from(c in Chunk,
            group_by: [c.recording_id, c.owner],
            select: %{id: c.recording_id, owner: c.owner, appended_at: max(c.appended_at)},
            select_merge: ^%{bytes: bytes(database.kind)}
          ),
          log: false
        )

      last =
        Enum.reduce(rows, beats, fn row, beats ->
          Map.update(beats, row.owner, row.appended_at, &max(&1, row.appended_at))
        end)

      for row <- rows do
        %{
          id: row.id,
          owner: row.owner,
          bytes: row.bytes,
          silent_ms: max(0, now - Map.fetch!(last, row.owner))
        }
      end
    end

    defp bytes(:sqlite), do: dynamic([c], type(sum(fragment("length(?)", c.data)), :integer))

    defp bytes(:postgres),
      do: dynamic([c], type(sum(fragment("octet_length(?)", c.data)), :integer))

    def fetch(%{repo: repo}, id, owner) do
      case repo.all(from(c in of([id], owner), order_by: c.seq, select: c.data), log: false) do
        [] -> :error
        chunks -> {:ok, IO.iodata_to_binary(chunks)}
      end
    end

    # Of several updates at a time one finds the rows as they were.
    def claim(%{repo: repo} = database, id, from, to) do
      beat(database, to)

      case repo.update_all(of([id], from), [set: [owner: to]], log: false) do
        {0, _none} -> :error
        {_rows, _none} -> forget_if_empty(database, from)
      end
    end

    # A node that is gone for good leaves no row behind.
    defp forget_if_empty(%{repo: repo}, owner) do
      journals = from(c in Chunk, where: c.owner == ^owner)

      unless repo.exists?(journals, log: false),
        do: repo.delete_all(from(o in @owners, where: o.owner == ^owner), log: false)

      :ok
    end

    def delete(%{repo: repo}, ids, owner) do
      for batch <- Enum.chunk_every(ids, 500), do: repo.delete_all(of(batch, owner), log: false)
      :ok
    end

    defp of(ids, owner), do: from(c in Chunk, where: c.recording_id in ^ids and c.owner == ^owner)

    defp now, do: System.os_time(:millisecond)
  end
end
