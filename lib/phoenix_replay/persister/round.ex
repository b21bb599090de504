defmodule PhoenixReplay.Persister.Round do
  @moduledoc false
  # One round of work on many sessions, in tasks, some at a time. A task that hangs holds up its round
  # and no more: what it was to do is still due, and comes again.

  @tasks PhoenixReplay.Persister.Tasks
  @task_ms 30_000

  @doc "Runs `fun` for each id, `at_once` at a time. Whether all of them gave `:ok`."
  @spec run([binary], pos_integer, (binary -> :ok | term)) :: :ok | :error
  def run(ids, at_once, fun) do
    @tasks
    |> Task.Supervisor.async_stream_nolink(ids, fun,
      max_concurrency: at_once,
      timeout: @task_ms,
      on_timeout: :kill_task,
      ordered: false
    )
    |> Enum.reduce(:ok, fn
      {:ok, :ok}, result -> result
      _refused_or_killed, _result -> :error
    end)
  end
end
