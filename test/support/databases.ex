defmodule PhoenixReplay.Databases do
  @moduledoc """
  Databases for one test each.

  PostgreSQL is the one of the environment variable `REPLAY_POSTGRES`, the URL that `bin/test` passes of the
  one it starts. Without it tests of PostgreSQL are left out.
  """

  import ExUnit.Callbacks, only: [on_exit: 1, start_supervised!: 1]

  alias PhoenixReplay.Databases.Repos
  alias PhoenixReplay.Storage.Ecto.Database

  @doc "The URL of PostgreSQL, `nil` where there is none."
  def postgres, do: System.get_env("REPLAY_POSTGRES")

  @doc "Starts a repo with a database of its own, and migrates it. Returns the repo."
  def start(kind, migrations, options \\ []) do
    {repo, of_kind} = made = make(kind)
    on_exit(fn -> Repos.drop(made) end)
    start_supervised!({repo, Keyword.merge(of_kind, options)})
    Repos.migrate(repo, migrations, :up)
    repo
  end

  @doc "A repo of a new database, and its options. It is not started."
  def make(kind)
  def make(:postgres), do: Repos.postgres(postgres())

  def make(:sqlite) do
    name = "replay_#{System.os_time()}_#{System.unique_integer([:positive])}.db"
    Repos.sqlite(Path.join(System.tmp_dir!(), name))
  end

  @doc "Deletes all rows, where one database serves several tests."
  def empty(repo) do
    repo.delete_all("phoenix_replay_recordings", log: false)

    if Database.of(repo: repo).described do
      for table <- ~w(phoenix_replay_journal phoenix_replay_owners phoenix_replay_leases),
          do: repo.delete_all(table, log: false)
    end
  end
end
