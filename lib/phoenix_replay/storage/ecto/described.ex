if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Described do
    @moduledoc false
    # Lists of a table that `PhoenixReplay.Migrations` gave columns for it. Rows that were there before, or
    # that an older node wrote since, are decoded once and described.

    import Ecto.Query

    alias PhoenixReplay.{Error, Storage, Telemetry}
    alias PhoenixReplay.Storage.Ecto.{Conditions, Row}

    @batch 50

    def page(database, %{limit: limit} = request) do
      describe(database)
      rows = request |> query(database) |> database.repo.all(log: false)
      entries = rows |> take(limit) |> Enum.map(&summary/1)
      more = limit != nil and length(rows) > limit
      %{entries: entries, next: if(more, do: entries |> List.last() |> Storage.cursor())}
    end

    @doc "The query of a page."
    def query(%{where: where, limit: limit, after: last}, database) do
      where
      |> Conditions.where(database)
      |> Conditions.beyond(last, database.kind)
      |> Conditions.ordered(database.kind)
      |> most(limit)
      |> rows(database.kind, limit)
      |> select([r], %{summary: r.summary, bytes: r.bytes, pinned: r.pinned})
    end

    # SQLite finds the ids of a page in one index, and reads no other row than those.
    defp rows(meant, :sqlite, limit) when limit != nil do
      ids = select(meant, [r], %{id: r.id})

      from(r in Row, join: found in subquery(ids), on: found.id == r.id)
      |> Conditions.ordered(:sqlite)
    end

    defp rows(meant, _kind, _limit), do: meant

    # One more than is asked for tells whether there is a next page.
    defp most(rows, nil), do: rows
    defp most(rows, limit), do: limit(rows, ^(limit + 1))
    defp take(rows, nil), do: rows
    defp take(rows, limit), do: Enum.take(rows, limit)

    def count(database, where) do
      describe(database)
      database.repo.aggregate(Conditions.where(where, database), :count, log: false)
    end

    def one(database, id) do
      describe(database)

      case database.repo.one(
             from(r in Row,
               where: r.id == ^id,
               select: %{summary: r.summary, bytes: r.bytes, pinned: r.pinned}
             ),
             log: false
           ) do
        nil -> :error
        %{bytes: -1} -> Error.new(:unreadable, "the recording #{id} cannot be read")
        row -> {:ok, summary(row)}
      end
    end

    # Written by this package into a column of its own.
    defp summary(row) do
      row.summary
      |> :erlang.binary_to_term()
      |> Map.merge(%{bytes: row.bytes, pinned: row.pinned})
    end

    defp describe(database) do
      rows =
        database.repo.all(
          from(r in Row,
            where: is_nil(r.bytes),
            limit: @batch,
            select: %{id: r.id, data: r.data}
          ),
          log: false
        )

      Enum.each(rows, &describe(database, &1))
      if length(rows) == @batch, do: describe(database), else: :ok
    end

    defp describe(database, %{id: id, data: data}) do
      columns =
        case Storage.read_summary(data) do
          {:ok, summary} ->
            Row.described(%{summary | id: id}, byte_size(data))

          {:error, %Error{message: message}} ->
            Telemetry.unreadable(id, message)
            Row.unreadable()
        end

      database.repo.update_all(
        from(r in Row, where: r.id == ^id and is_nil(r.bytes)),
        [set: Map.to_list(columns)],
        log: false
      )
    end
  end
end
