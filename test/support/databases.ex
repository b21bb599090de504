defmodule PhoenixReplay.Databases do
  @moduledoc """
  Repos of a SQLite and of a PostgreSQL, and databases for one test each.

  PostgreSQL is the one of the environment variable `REPLAY_POSTGRES`, the URL that `bin/test` passes of the
  one it starts. Without it tests of PostgreSQL are left out.
  """

  defmodule SQLite do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.SQLite3
  end

  defmodule Postgres do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.Postgres
  end

  defmodule Contract do
    @moduledoc "The table as the contract has it."
    use Ecto.Migration

    def change do
      create table(:phoenix_replay_recordings, primary_key: false) do
        add(:id, :string, primary_key: true)
        add(:view, :string, null: false)
        add(:connected_at, :bigint, null: false)
        add(:event_count, :integer, null: false, default: 0)
        add(:data, :binary, null: false)
        timestamps(type: :utc_datetime)
      end
    end
  end

  defmodule Full do
    @moduledoc "What a host's migration looks like."
    use Ecto.Migration

    def up, do: PhoenixReplay.Migrations.up(version: 2)
    def down, do: PhoenixReplay.Migrations.down(version: 1)
  end

  defmodule First do
    @moduledoc "What it looked like when there was the first version alone."
    use Ecto.Migration

    def up, do: PhoenixReplay.Migrations.up(version: 1)
    def down, do: PhoenixReplay.Migrations.down(version: 1)
  end

  defmodule Second do
    @moduledoc "What brings the second version to a table of the first."
    use Ecto.Migration

    def up, do: PhoenixReplay.Migrations.up(version: 2)
    def down, do: PhoenixReplay.Migrations.down(version: 2)
  end

  @doc "The URL of PostgreSQL, `nil` where there is none."
  def postgres, do: System.get_env("REPLAY_POSTGRES")

  @doc "Starts a repo with a database of its own, and migrates it. Returns the repo."
  def start(kind, migrations) do
    repo = start(kind)
    migrate(repo, migrations, :up)
    repo
  end

  defp start(:sqlite) do
    path = Path.join(System.tmp_dir!(), "replay_#{System.unique_integer([:positive])}.db")

    ExUnit.Callbacks.on_exit(fn ->
      for suffix <- ["", "-wal", "-shm"], do: File.rm(path <> suffix)
    end)

    start_repo(SQLite, database: path, pool_size: 1, busy_timeout: 20_000)
  end

  defp start(:postgres) do
    name = "replay_#{System.os_time()}_#{System.unique_integer([:positive])}"
    url = %{URI.parse(postgres()) | path: "/" <> name} |> URI.to_string()
    options = Keyword.put(Ecto.Repo.Supervisor.parse_url(url), :pool_size, 4)
    :ok = Ecto.Adapters.Postgres.storage_up(options)
    ExUnit.Callbacks.on_exit(fn -> Ecto.Adapters.Postgres.storage_down(options) end)
    start_repo(Postgres, options)
  end

  defp start_repo(repo, options) do
    ExUnit.Callbacks.start_supervised!({repo, [log: false] ++ options})
    forget(repo)
    repo
  end

  defp forget(repo), do: PhoenixReplay.Storage.Ecto.Database.forget(repo)

  @doc "Deletes all rows, where one database serves several tests."
  def empty(repo) do
    repo.delete_all("phoenix_replay_recordings")

    if PhoenixReplay.Storage.Ecto.Database.of(repo: repo).described do
      for table <- ~w(phoenix_replay_journal phoenix_replay_owners phoenix_replay_leases),
          do: repo.delete_all(table)
    end
  end

  @doc "Runs migrations, numbered as they come."
  def migrate(repo, migrations, direction) do
    migrations = migrations |> Enum.with_index(1) |> Enum.map(fn {module, n} -> {n, module} end)
    Ecto.Migrator.run(repo, migrations, direction, all: true, log: false)
    forget(repo)
  end
end
