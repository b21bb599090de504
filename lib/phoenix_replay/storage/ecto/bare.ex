if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Bare do
    @moduledoc false
    # Lists of a table with the contract's columns alone: the summary is read from the beginning of `data`
    # in the database. A row of version 0.1 or 0.2 of the package has to be decoded for it, once.

    import Ecto.Query

    alias PhoenixReplay.{Error, Storage, Telemetry}
    alias PhoenixReplay.Storage.Ecto.{Conditions, Row}
    alias PhoenixReplay.Storage.Query
    alias PhoenixReplay.Telemetry.Once

    # Enough for head and summary, as a rule; what is longer is read whole.
    @prefix_bytes 8 * 1024
    @batch 200
    @most_known 100_000

    @doc "Makes the table of summaries that had to be decoded. It belongs to the application's process."
    def init, do: :ets.new(__MODULE__, [:named_table, :public, :set])

    @doc "A page, read in batches until it is full."
    def page(database, request), do: page(database, request, request.after, [])

    defp page(database, %{where: where, limit: limit} = request, last, found) do
      rows = rows(database, where, last)
      found = found ++ for(row <- rows, summary = asked(database, where, row), do: summary)

      cond do
        limit != nil and length(found) > limit ->
          entries = Enum.take(found, limit)
          %{entries: entries, next: entries |> List.last() |> Storage.cursor()}

        length(rows) < @batch ->
          %{entries: found, next: nil}

        true ->
          page(database, request, rows |> List.last() |> Storage.cursor(), found)
      end
    end

    defp asked(database, where, row) do
      with {:ok, summary} <- summary(database, row),
           true <- Query.matches?(where, summary) do
        summary
      else
        _unreadable_or_not_meant -> nil
      end
    end

    def count(database, where) do
      if Conditions.answered?(where, database),
        do: database.repo.aggregate(Conditions.where(where, database), :count, log: false),
        else: length(page(database, %{where: where, limit: nil, after: nil}).entries)
    end

    defp rows(database, where, last) do
      where
      |> Conditions.where(database)
      |> Conditions.beyond(last, database.kind)
      |> Conditions.ordered(database.kind)
      |> limit(@batch)
      |> beginning(database.kind)
      |> database.repo.all(log: false)
    end

    # A row may hold text where SQLite was given it without a type.
    defp beginning(rows, :sqlite) do
      select(rows, [r], %{
        id: r.id,
        connected_at: r.connected_at,
        updated_at: r.updated_at,
        prefix: fragment("substr(CAST(? AS BLOB), 1, ?)", r.data, ^@prefix_bytes),
        bytes: fragment("length(CAST(? AS BLOB))", r.data)
      })
    end

    defp beginning(rows, :postgres) do
      select(rows, [r], %{
        id: r.id,
        connected_at: r.connected_at,
        updated_at: r.updated_at,
        prefix: fragment("substring(? from 1 for ?::integer)", r.data, ^@prefix_bytes),
        bytes: fragment("octet_length(?)", r.data)
      })
    end

    def one(database, id) do
      case from(r in Row, where: r.id == ^id)
           |> beginning(database.kind)
           |> database.repo.one(log: false) do
        nil -> :error
        row -> read(database, row)
      end
    end

    defp summary(database, row) do
      with {:error, %Error{message: message}} <- read(database, row) do
        Telemetry.unreadable(row.id, message)

        Once.warn({:unreadable, database.repo, row.id}, fn ->
          "PhoenixReplay: the recording #{row.id} in the database cannot be read: #{message}"
        end)

        :error
      end
    end

    defp read(database, row) do
      with {:error, _error} when row.bytes > byte_size(row.prefix) <-
             Storage.read_summary(row.prefix) do
        decoded(database, row)
      end
      |> with_facts(row)
    end

    defp with_facts({:ok, summary}, row),
      do: {:ok, Map.merge(summary, %{id: row.id, bytes: row.bytes, pinned: false})}

    defp with_facts(other, _row), do: other

    # Decoded once, then remembered as long as the row is the same.
    defp decoded(database, row) do
      key = {database.repo, row.id, row.bytes, row.updated_at}

      case known(key) do
        [{^key, summary}] ->
          {:ok, summary}

        [] ->
          data =
            database.repo.one(from(r in Row, where: r.id == ^row.id, select: r.data), log: false)

          with {:ok, summary} <- Storage.read_summary(data || ""), do: remember(key, summary)
      end
    end

    # A task of mix looks into a storage with nothing started.
    defp known(key),
      do: if(:ets.whereis(__MODULE__) == :undefined, do: [], else: :ets.lookup(__MODULE__, key))

    defp remember(key, summary) do
      if :ets.whereis(__MODULE__) != :undefined, do: put(key, summary)
      {:ok, summary}
    end

    defp put(key, summary) do
      if :ets.info(__MODULE__, :size) >= @most_known, do: :ets.delete_all_objects(__MODULE__)
      :ets.insert(__MODULE__, {key, summary})
    end
  end
end
