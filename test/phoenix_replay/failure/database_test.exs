defmodule PhoenixReplay.Failure.DatabaseTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.{Databases, Storage, Storm}
  alias PhoenixReplay.Databases.Repos

  @moduletag :postgres

  # One of its own, that may go down.
  setup_all do
    folder =
      Path.join(
        System.tmp_dir!(),
        "phoenix_replay_postgres_#{System.unique_integer([:positive])}"
      )

    url = postgres("start", folder)
    on_exit(fn -> postgres("stop", folder) end)
    {repo, options} = Repos.postgres(String.trim(url))

    # What is committed stays so when it crashes. Who lost it hears of it and looks for it again soon.
    start_supervised!(
      {repo,
       options ++
         [queue_interval: 100, backoff_max: 500, parameters: [synchronous_commit: "on"]]}
    )

    Repos.migrate(repo, [Databases.Full], :up)
    {:ok, at: folder, repo: repo}
  end

  setup %{repo: repo} do
    Databases.empty(repo)
    configure(storage: Storage.Ecto, storage_opts: [repo: repo])
  end

  defp postgres(what, folder) do
    {told, 0} = System.cmd(Path.expand("bin/postgres"), [what, folder])
    told
  end

  defp crash(%{at: folder}), do: fn -> postgres("crash", folder) end

  # It is back for who asks when its repo has found it again.
  defp back(%{at: folder, repo: repo}) do
    fn ->
      postgres("back", folder)
      assert eventually(fn -> match?({:ok, _row}, repo.query("SELECT 1")) end, 20_000)
    end
  end

  @tag timeout: 120_000
  test "a database that is down, until it is back", database do
    Storm.weathers(crash(database), back(database))
  end

  @tag timeout: 180_000
  test "a database that crashes while many sessions are journalled and saved", database do
    Storm.rages(crash(database), back(database))
  end
end
