defmodule PhoenixReplay.Persister do
  @moduledoc false
  # Brings ended sessions to storage. This process only decides who is next: the work is done by
  # tasks, a bounded number at a time, so that a thousand sessions may end at once and a storage that
  # hangs holds up its own task and nothing else.
  #
  # A session on its way is in exactly one of these, by id:
  #   ending  - its process died, the reason is still awaited; a timer
  #   queue   - waits for a free task
  #   running - a task seals it, and then waits for storage; the task's monitor
  #   waiting - an attempt failed, the next one comes; a timer
  # and after the last attempt in none: it stays in the registry, and the timed cleanup brings it back.

  use GenServer

  alias PhoenixReplay.{Config, Native}
  alias PhoenixReplay.Persister.{Queue, Saving}
  alias PhoenixReplay.Storage.Configured

  # How long the reason of an exit is waited for. A watcher sends it, as a rule within microseconds and
  # within tens of milliseconds when thousands of sessions end at once; where none runs, this is the
  # delay until a session is saved without.
  @reason_ms 5_000
  @tasks PhoenixReplay.Persister.Tasks

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "The watcher has recorded how this session ended."
  def closed(id), do: GenServer.cast(__MODULE__, {:save, id})

  @doc "A task has sealed this session, and waits for storage from now on."
  def sealed(id), do: GenServer.cast(__MODULE__, {:sealed, id})

  @doc "Takes up every ended session that is not on its way, such as those whose last attempt failed."
  def retry, do: GenServer.cast(__MODULE__, :retry)

  @doc """
  Ends every open session and saves what there is. Returns when all is saved or has failed once more,
  or after `timeout` milliseconds.
  """
  def drain(timeout) do
    GenServer.call(__MODULE__, :drain, timeout)
  catch
    :exit, _timeout_or_no_persister -> :timeout
  end

  @doc false
  # For tests: returns once nothing is on its way.
  def settle(timeout \\ 5_000), do: GenServer.call(__MODULE__, :settle, timeout)

  @impl true
  def init([]) do
    Native.persister_attach(self())
    {:ok, Queue.new(System.schedulers_online()), {:continue, :recover}}
  end

  # What ended while no persister was there to be told.
  @impl true
  def handle_continue(:recover, queue), do: {:noreply, run(Queue.add(queue, ended()))}

  @impl true
  def handle_cast({:save, id}, queue), do: {:noreply, queue |> Queue.add([id]) |> run()}
  def handle_cast({:sealed, id}, queue), do: {:noreply, queue |> Queue.sealed(id) |> run()}
  def handle_cast(:retry, queue), do: {:noreply, queue |> Queue.add(ended()) |> run()}

  @impl true
  def handle_call(:drain, from, queue) do
    Enum.each(Native.session_ids(:open), &stop/1)
    {:noreply, queue |> Queue.add(ended()) |> Queue.notify(from) |> run()}
  end

  def handle_call(:settle, from, queue), do: {:noreply, queue |> Queue.notify(from) |> run()}

  @impl true
  def handle_info({:phoenix_replay, :down, id}, queue) do
    timer = fn -> Process.send_after(self(), {:due, id}, @reason_ms) end
    {:noreply, Queue.hold(queue, id, :ending, 1, timer)}
  end

  def handle_info({:due, id}, queue), do: {:noreply, queue |> Queue.due(id) |> run()}

  def handle_info({task, outcome}, queue) when is_reference(task) do
    Process.demonitor(task, [:flush])
    {:noreply, queue |> finished(task, outcome) |> run()}
  end

  # A task that died without an outcome was killed; its session is as it was.
  def handle_info({:DOWN, task, :process, _pid, _reason}, queue),
    do: {:noreply, queue |> finished(task, :again) |> run()}

  def handle_info(_other, queue), do: {:noreply, queue}

  defp finished(queue, task, outcome) do
    case Queue.pop_running(queue, task) do
      {{id, attempt}, queue} -> after_attempt(queue, id, attempt, outcome)
      {nil, queue} -> queue
    end
  end

  defp after_attempt(queue, id, attempt, :again) do
    if Saving.last?(attempt) do
      queue
    else
      delay = Config.get(:persistence_retry_delay_ms) * Integer.pow(2, attempt - 1)
      timer = fn -> Process.send_after(self(), {:due, id}, delay) end
      Queue.hold(queue, id, :waiting, attempt + 1, timer)
    end
  end

  defp after_attempt(queue, _id, _attempt, :done), do: queue

  defp run(queue) do
    case Queue.next(queue, Configured.at_once()) do
      {{id, attempt}, queue} ->
        task = Task.Supervisor.async_nolink(@tasks, Saving, :attempt, [id, attempt])
        queue |> Queue.running(task.ref, id, attempt) |> run()

      {nil, queue} ->
        reply(queue)
    end
  end

  defp reply(queue) do
    {waiting, queue} = Queue.idle(queue)
    Enum.each(waiting, &GenServer.reply(&1, :ok))
    queue
  end

  defp ended, do: Native.session_ids(:ended)

  defp stop(id) do
    case Native.session_lookup(id) do
      nil -> :ok
      session -> Native.session_close(session, :stopped, nil)
    end
  end
end
