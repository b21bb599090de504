defmodule PhoenixReplay.Bench.Storage.Databases do
  @moduledoc """
  A SQLite and a PostgreSQL for one measurement. PostgreSQL is the one that `REPLAY_POSTGRES` names, else
  Debian's, started for it by `bin/postgres`; where there is neither it is left out, with a line that says so.
  """

  alias PhoenixReplay.Databases.{Full, Repos}

  @doc "Calls `fun` with name and repo of each, one after the other."
  @spec each(Path.t(), (String.t(), module -> result)) :: [result] when result: term
  def each(folder, fun) do
    sqlite = fun_of("SQLite", Repos.sqlite(Path.join(folder, "bench.db")), fun)
    [sqlite | postgres(System.get_env("REPLAY_POSTGRES"), Path.join(folder, "postgres"), fun)]
  end

  defp postgres(nil, folder, fun) do
    case System.cmd(Path.expand("bin/postgres"), ["start", folder], stderr_to_stdout: true) do
      {url, 0} ->
        try do
          postgres(String.trim(url), folder, fun)
        after
          System.cmd(Path.expand("bin/postgres"), ["stop", folder])
        end

      {why, _status} ->
        IO.puts("PostgreSQL is left out: #{String.trim(why)}")
        []
    end
  end

  defp postgres(url, _folder, fun), do: [fun_of("PostgreSQL", Repos.postgres(url), fun)]

  defp fun_of(name, {repo, options} = made, fun) do
    {:ok, pid} = repo.start_link(options)
    Repos.migrate(repo, [Full], :up)

    try do
      fun.(name, repo)
    after
      Supervisor.stop(pid)
      Repos.drop(made)
    end
  end
end
