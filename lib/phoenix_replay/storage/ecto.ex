if Code.ensure_loaded?(Ecto.Query) and Code.ensure_loaded?(Ecto.Adapters.SQL) do
  defmodule PhoenixReplay.Storage.Ecto do
    @options [
      repo: [type: :atom, required: true, doc: "The Ecto repo, of PostgreSQL or SQLite."],
      format: [
        type: {:in, [:etf, :json]},
        default: :etf,
        doc: "`:etf` or `:json`, both compressed with gzip."
      ]
    ]

    @moduledoc """
    Keeps recordings in a table of the host's database.

        config :phoenix_replay,
          storage: PhoenixReplay.Storage.Ecto,
          storage_opts: [repo: MyApp.Repo, format: :etf]

    ## Options

    #{NimbleOptions.docs(@options)}

    The table is `phoenix_replay_recordings`, made by `PhoenixReplay.Migrations`. One that was made for
    version 0.1 or 0.2 of the package works as it is, and what they wrote into it is read. What comes with
    the migration only:

    | | with it | without |
    |---|---|---|
    | lists | read a column made for it | read the first 8 KB of each recording |
    | conditions | all of them are asked of the database | `:view`, `:from`, `:to` and `:ids` are; for others recordings are read until a page is full |
    | many recordings | indexes for each condition | every row is read where few meet a condition |
    | pins | yes | `{:error, %PhoenixReplay.Error{}}` that says so |
    | journals, so that a killed node loses seconds | yes | no |
    | retention on one node at a time | yes | on PostgreSQL |

    In PostgreSQL an index finds `:url` and `:text` by three letters that follow each other, so a text shorter
    than that is looked for in every row. In SQLite one index holds all that conditions ask about, and is
    read in the order of the list until a page is full.

    Several nodes may share a database. Retention runs on one at a time, by an advisory lock of
    PostgreSQL; on SQLite by a lease of ten minutes.
    """

    @behaviour PhoenixReplay.Storage

    import Ecto.Query

    alias PhoenixReplay.Recording
    alias PhoenixReplay.Storage.Ecto.{Alone, Bare, Database, Described, Journal, Row}

    @batch 500
    @not_migrated "the table lacks the columns for it: run PhoenixReplay.Migrations"

    @impl true
    def validate(opts) do
      case NimbleOptions.validate(opts, @options) do
        {:ok, valid} -> repo(valid[:repo])
        {:error, error} -> {:error, Exception.message(error)}
      end
    end

    defp repo(module) do
      if Code.ensure_loaded?(module) and function_exported?(module, :__adapter__, 0),
        do: :ok,
        else: {:error, "there is no Ecto repo #{inspect(module)}"}
    end

    @impl true
    def save(id, data, summary, opts) do
      with :ok <- Recording.check_id(id) do
        database = Database.of(opts)
        row = row(database, id, data, summary)

        database.repo.insert_all(Row, [row],
          on_conflict: {:replace, Map.keys(row) -- [:id, :inserted_at, :pinned]},
          conflict_target: :id,
          log: false
        )

        :ok
      end
    end

    defp row(%{described: false}, id, data, summary), do: Row.contract(id, data, summary)

    defp row(%{described: true}, id, data, summary) do
      id
      |> Row.contract(data, summary)
      |> Map.merge(Row.described(Map.put(summary, :id, id), byte_size(data)))
      |> Map.put(:pinned, false)
    end

    @impl true
    def fetch(id, opts) do
      data = from(r in Row, where: r.id == ^id, select: r.data)

      case Database.of(opts).repo.one(data, log: false) do
        nil -> :error
        data -> {:ok, data}
      end
    end

    @impl true
    def summary(id, opts) do
      database = Database.of(opts)
      lists(database).one(database, id)
    end

    @impl true
    def list(request, opts) do
      database = Database.of(opts)
      {:ok, lists(database).page(database, request)}
    end

    @impl true
    def count(where, opts) do
      database = Database.of(opts)
      {:ok, lists(database).count(database, where)}
    end

    defp lists(%{described: true}), do: Described
    defp lists(%{described: false}), do: Bare

    @impl true
    def delete(ids, opts) do
      repo = Database.of(opts).repo

      for batch <- Enum.chunk_every(ids, @batch),
          do: repo.delete_all(from(r in Row, where: r.id in ^batch), log: false)

      :ok
    end

    @impl true
    def clear(opts) do
      Database.of(opts).repo.delete_all(Row, log: false)
      :ok
    end

    @impl true
    def pin(id, pinned, opts) do
      database = Database.of(opts)
      row = from(r in Row, where: r.id == ^id)

      cond do
        database.described ->
          if {0, nil} == database.repo.update_all(row, [set: [pinned: pinned]], log: false),
            do: :error,
            else: :ok

        database.repo.exists?(row, log: false) ->
          {:error, @not_migrated}

        true ->
          :error
      end
    end

    @impl true
    def alone(name, task, opts), do: Alone.run(Database.of(opts), name, task)

    @impl true
    def journal?(opts), do: Database.of(opts).described

    @impl true
    def journal_append(id, owner, data, opts) do
      with :ok <- Recording.check_id(id), do: Journal.append(Database.of(opts), id, owner, data)
    end

    @impl true
    def journal_beat(owner, opts), do: Journal.beat(Database.of(opts), owner)

    @impl true
    def journals(opts), do: {:ok, Journal.all(Database.of(opts))}

    @impl true
    def journal_fetch(id, owner, opts), do: Journal.fetch(Database.of(opts), id, owner)

    @impl true
    def journal_claim(id, from, to, opts), do: Journal.claim(Database.of(opts), id, from, to)

    @impl true
    def journal_delete(ids, owner, opts), do: Journal.delete(Database.of(opts), ids, owner)
  end
end
