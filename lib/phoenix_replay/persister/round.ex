defmodule PhoenixReplay.Persister.Round do
  @moduledoc false
  # One round of work on many sessions, in tasks, some at a time. A task that hangs holds up its round
  # and no more: what it was to do is still due, and comes again. So does what a round leaves out, which
  # ends once nothing works any more: each of a thousand may have to wait for a database that is down.

  @tasks PhoenixReplay.Persister.Tasks
  @task_ms 30_000

  @doc """
  Runs `fun` for each id, `at_once` at a time, until as many have failed in a row. `:ok` where all of those
  that were run gave `:ok`, `:error` where none did.
  """
  @spec run(Enumerable.t(binary), pos_integer, (binary -> :ok | term)) :: :ok | :some | :error
  def run(ids, at_once, fun) do
    failed = :atomics.new(1, [])

    @tasks
    |> Task.Supervisor.async_stream_nolink(
      Stream.take_while(ids, fn _id -> :atomics.get(failed, 1) < at_once end),
      &counted(fun, &1, failed),
      max_concurrency: at_once,
      timeout: @task_ms,
      on_timeout: :kill_task,
      ordered: false
    )
    |> Enum.map(&(&1 == {:ok, :ok}))
    |> Enum.uniq()
    |> told()
  end

  defp counted(fun, id, failed) do
    result = fun.(id)
    if result == :ok, do: :atomics.put(failed, 1, 0), else: :atomics.add(failed, 1, 1)
    result
  end

  defp told([false]), do: :error
  defp told([_worked, _failed]), do: :some
  defp told(_all_or_none), do: :ok
end
