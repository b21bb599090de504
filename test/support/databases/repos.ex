defmodule PhoenixReplay.Databases.Repos do
  @moduledoc """
  Repos of a SQLite and of a PostgreSQL, each with a database that is made for one use. Tests and benchmarks
  share it.
  """

  alias PhoenixReplay.Storage.Ecto.Database

  defmodule SQLite do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.SQLite3
  end

  defmodule Postgres do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.Postgres
  end

  @doc "A repo of a database in this file, and its options."
  @spec sqlite(Path.t()) :: {module, keyword}
  def sqlite(path), do: {SQLite, log: false, database: path, pool_size: 1, busy_timeout: 20_000}

  @doc "A repo of a new database in the PostgreSQL of a URL, and its options."
  @spec postgres(String.t()) :: {module, keyword}
  def postgres(url) do
    name = "replay_#{System.os_time()}_#{System.unique_integer([:positive])}"
    url = %{URI.parse(url) | path: "/" <> name} |> URI.to_string()
    options = [log: false, pool_size: 4] ++ Ecto.Repo.Supervisor.parse_url(url)
    :ok = Ecto.Adapters.Postgres.storage_up(options)
    {Postgres, options}
  end

  @doc "Deletes the database of a repo that was stopped."
  @spec drop({module, keyword}) :: :ok
  def drop({repo, options}) do
    repo.__adapter__().storage_down(options)
    :ok
  end

  @doc "Runs migrations, numbered as they come."
  @spec migrate(module, [module], :up | :down) :: :ok
  def migrate(repo, migrations, direction) do
    Database.forget(repo)
    migrations = migrations |> Enum.with_index(1) |> Enum.map(fn {module, n} -> {n, module} end)
    Ecto.Migrator.run(repo, migrations, direction, all: true, log: false)
    Database.forget(repo)
    :ok
  end
end
