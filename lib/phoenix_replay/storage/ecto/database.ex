if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Database do
    @moduledoc false
    # Which database a repo has, and whether its table has been through `PhoenixReplay.Migrations`. Found
    # out once per repo.

    alias PhoenixReplay.Error

    defstruct [:repo, :kind, :described]

    @type t :: %__MODULE__{repo: module, kind: :sqlite | :postgres, described: boolean}

    @spec of(keyword) :: t
    def of(opts) do
      repo = Keyword.fetch!(opts, :repo)

      case :persistent_term.get({__MODULE__, repo, where(repo)}, nil) do
        nil ->
          found = look(repo)
          :persistent_term.put({__MODULE__, repo, where(repo)}, found)
          found

        found ->
          found
      end
    end

    @doc "Looks again: the table was migrated."
    def forget(repo), do: :persistent_term.erase({__MODULE__, repo, where(repo)})

    # A repo may stand for several databases, one per dynamic repo.
    defp where(repo), do: repo.get_dynamic_repo()

    defp look(repo) do
      case columns(repo) do
        [] ->
          raise Error, reason: :storage, message: no_table(repo)

        columns ->
          %__MODULE__{repo: repo, kind: kind(repo), described: "summary" in columns}
      end
    end

    defp no_table(repo) do
      "the database of #{inspect(repo)} has no table phoenix_replay_recordings: " <>
        "make it with a migration that calls PhoenixReplay.Migrations"
    end

    @doc "The columns of the table as it is now; none where there is no table."
    def columns(repo) do
      sql =
        case kind(repo) do
          :sqlite ->
            "SELECT name FROM pragma_table_info('phoenix_replay_recordings')"

          :postgres ->
            "SELECT column_name FROM information_schema.columns " <>
              "WHERE table_name = 'phoenix_replay_recordings' AND table_schema = current_schema()"
        end

      repo.query!(sql, [], log: false).rows |> List.flatten()
    end

    def kind(repo) do
      case repo.__adapter__() do
        Ecto.Adapters.SQLite3 -> :sqlite
        Ecto.Adapters.Postgres -> :postgres
      end
    end
  end
end
