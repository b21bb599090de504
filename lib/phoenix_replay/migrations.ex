if Code.ensure_loaded?(Ecto.Migration) do
  defmodule PhoenixReplay.Migrations do
    @moduledoc """
    Makes the tables of `PhoenixReplay.Storage.Ecto`, or brings those that are there up to date.

        defmodule MyApp.Repo.Migrations.AddPhoenixReplay do
          use Ecto.Migration

          def up, do: PhoenixReplay.Migrations.up(version: 2)
          def down, do: PhoenixReplay.Migrations.down(version: 1)
        end

    A later version of the package may bring a later version of the tables, and its changelog says so: add
    a migration like this one with its number, whose `down` has that number too. A version that is there
    already is passed over.

    A table `phoenix_replay_recordings` with the columns of version 0.1 of the package keeps its rows and
    gets the columns it lacks; rows are described when they are listed first. Going down leaves the table
    with those columns, and every recording in it.

    | version | brings |
    |---|---|
    | 1 | `phoenix_replay_recordings` with columns for lists and conditions, `phoenix_replay_journal`, `phoenix_replay_owners`, `phoenix_replay_leases` |
    | 2 | indexes that answer conditions among many recordings |

    What finds text in PostgreSQL is its extension `pg_trgm`, which comes with it. Version 2 creates the
    extension where the migration's user may; where not, and it is not there, conditions on `:text` and `:url`
    read every row. Create it and migrate down and up again to have the index. Building indexes keeps
    recordings from being saved meanwhile, for about ten seconds with 100,000 of them; they wait in memory.
    """

    use Ecto.Migration

    alias PhoenixReplay.Migrations.{V1, V2}
    alias PhoenixReplay.Storage.Ecto.Database

    @versions %{1 => V1, 2 => V2}
    @newest 2
    @table "phoenix_replay_versions"

    @doc "Migrates up to a version, by default the newest."
    @spec up(version: pos_integer) :: :ok
    def up(opts \\ []) do
      wanted = version(opts, @newest)
      create_if_not_exists(table(@table, primary_key: false), do: add(:version, :integer))
      flush()
      for version <- (current() + 1)..wanted//1, do: @versions[version].up()
      record(max(current(), wanted))
    end

    @doc "Migrates down, the given version included; by default all of them."
    @spec down(version: pos_integer) :: :ok
    def down(opts \\ []) do
      last = version(opts, 1)
      create_if_not_exists(table(@table, primary_key: false), do: add(:version, :integer))
      flush()
      for version <- current()..last//-1, do: @versions[version].down()
      record(last - 1)
      if last == 1, do: drop(table(@table))
      :ok
    end

    defp version(opts, default) do
      version = Keyword.get(opts, :version, default)

      if is_map_key(@versions, version) do
        version
      else
        raise ArgumentError,
              "PhoenixReplay.Migrations knows the versions 1 to #{@newest}, got: #{inspect(version)}"
      end
    end

    defp current do
      %{rows: [[version]]} = repo().query!("SELECT max(version) FROM #{@table}")
      version || 0
    end

    defp record(version) do
      flush()
      repo().query!("DELETE FROM #{@table}")
      repo().query!("INSERT INTO #{@table} (version) VALUES (#{version})")
      Database.forget(repo())
      :ok
    end
  end
end
