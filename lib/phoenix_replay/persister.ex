defmodule PhoenixReplay.Persister do
  @moduledoc false
  # Brings ended sessions to storage. This process only decides who is next: the work is done by
  # tasks, a bounded number at a time, so that a thousand sessions may end at once and a storage that
  # hangs holds up its own task and nothing else.
  #
  # A session on its way is in exactly one of these, by id:
  #   ending  - its process died, how is still awaited; a timer
  #   queue   - waits for a free task
  #   running - a task seals it, and then waits for storage; the task's monitor
  #   waiting - an attempt failed, the next one comes; a timer
  # or, once the attempts in a row have failed, in the backlog, whose timer lets one at a time try again.

  use GenServer

  require Logger

  alias PhoenixReplay.{Config, Error, Native}
  alias PhoenixReplay.Persister.{Backlog, Queue, Saving}
  alias PhoenixReplay.Storage.Configured

  # How long how a session ended is waited for: what the host's code says of an exception, and the reason of
  # an exit where its watcher is gone. Then it is saved without.
  @reason_ms 5_000
  @tasks PhoenixReplay.Persister.Tasks

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "The watcher has recorded how this session ended."
  def closed(id), do: GenServer.cast(__MODULE__, {:save, id})

  @doc "This session has ended, and how may still be recorded, for a time."
  def ending(id), do: GenServer.cast(__MODULE__, {:ending, id})

  @doc "A watcher is new. What ended as there was none, or was to be told of by one before it, nobody has told of."
  def unwatched, do: GenServer.cast(__MODULE__, :unwatched)

  @doc "A task has sealed this session, and waits for storage from now on."
  def sealed(id), do: GenServer.cast(__MODULE__, {:sealed, id})

  @doc "Tries every ended session now that no task is at."
  def retry, do: GenServer.cast(__MODULE__, :retry)

  @doc "How many sessions wait in memory for a storage that refused them, and why the last one was refused."
  @spec unsaved() :: %{count: non_neg_integer, error: Error.t() | nil}
  def unsaved do
    GenServer.call(__MODULE__, :unsaved)
  catch
    :exit, _no_persister_just_now -> %{count: 0, error: nil}
  end

  @doc """
  Ends every open session and saves what there is. Returns when all is saved or has failed once more,
  or after `timeout` milliseconds; with a line in the log where something is left.
  """
  @spec drain(timeout) :: :ok | :timeout
  def drain(timeout) do
    result = call_drain(timeout)
    told_of_left(length(ended()))
    result
  end

  defp call_drain(timeout) do
    GenServer.call(__MODULE__, :drain, timeout)
  catch
    :exit, _timeout_or_no_persister -> :timeout
  end

  defp told_of_left(0), do: :ok

  defp told_of_left(count) do
    Logger.error(
      "PhoenixReplay: the application stops with recordings that could not be saved, #{count} of them. What is " <>
        "in their journals is recovered at the next start, the rest is lost with this node"
    )
  end

  @doc false
  # For tests: returns once nothing is on its way.
  def settle(timeout \\ 5_000), do: GenServer.call(__MODULE__, :settle, timeout)

  @impl true
  def init([]) do
    Native.persister_attach(self())
    state = %{queue: Queue.new(System.schedulers_online()), backlog: Backlog.new(), probe: nil}
    {:ok, state, {:continue, :recover}}
  end

  # What ended while no persister was there to be told.
  @impl true
  def handle_continue(:recover, state), do: {:noreply, state |> add(ended()) |> run()}

  @impl true
  def handle_cast({:save, id}, state), do: {:noreply, state |> add([id]) |> run()}

  def handle_cast({:ending, id}, state), do: {:noreply, hold(state, id)}

  def handle_cast(:unwatched, state) do
    ids = Enum.reject(ended(), &Backlog.member?(state.backlog, &1))
    {:noreply, Enum.reduce(ids, state, &hold(&2, &1))}
  end

  def handle_cast({:sealed, id}, state),
    do: {:noreply, state |> queue(&Queue.sealed(&1, id)) |> run()}

  def handle_cast(:retry, state), do: {:noreply, state |> try_all() |> run()}

  @impl true
  def handle_call(:drain, from, state) do
    Enum.each(Native.session_ids(:open), &stop/1)
    {:noreply, state |> try_all() |> queue(&Queue.notify(&1, from)) |> run()}
  end

  def handle_call(:settle, from, state),
    do: {:noreply, state |> queue(&Queue.notify(&1, from)) |> run()}

  def handle_call(:unsaved, _from, %{backlog: backlog} = state),
    do: {:reply, %{count: Backlog.size(backlog), error: backlog.error}, state}

  @impl true
  def handle_info({:phoenix_replay, :down, id}, state), do: {:noreply, hold(state, id)}

  def handle_info({:due, id}, state), do: {:noreply, state |> queue(&Queue.due(&1, id)) |> run()}

  def handle_info(:probe, state),
    do: {:noreply, %{state | probe: nil} |> again(Backlog.probe(state.backlog)) |> run()}

  def handle_info({task, outcome}, state) when is_reference(task) do
    Process.demonitor(task, [:flush])
    {:noreply, state |> finished(task, outcome) |> run()}
  end

  # A task that died without an outcome was killed; its session is as it was.
  def handle_info({:DOWN, task, :process, _pid, _reason}, state),
    do: {:noreply, state |> finished(task, {:again, nil}) |> run()}

  def handle_info(_other, state), do: {:noreply, state}

  defp queue(state, change), do: Map.update!(state, :queue, change)

  defp hold(state, id) do
    timer = fn -> Process.send_after(self(), {:due, id}, @reason_ms) end
    queue(state, &Queue.hold(&1, id, :ending, 1, timer))
  end

  # The backlog brings back its own.
  defp add(state, ids) do
    queue(
      state,
      &Queue.add(&1, Enum.reject(ids, fn id -> Backlog.member?(state.backlog, id) end))
    )
  end

  defp try_all(state), do: state |> add(ended()) |> again(Backlog.all(state.backlog))

  defp again(state, {entries, backlog}) do
    queue =
      Enum.reduce(entries, state.queue, fn {id, attempt}, queue ->
        Queue.add(queue, [id], attempt)
      end)

    %{state | queue: queue, backlog: backlog}
  end

  defp finished(state, task, outcome) do
    case Queue.pop_running(state.queue, task) do
      {{id, attempt}, queue} -> after_attempt(%{state | queue: queue}, id, attempt, outcome)
      {nil, queue} -> %{state | queue: queue}
    end
  end

  defp after_attempt(state, id, attempt, {:again, error}) do
    if Saving.last?(attempt) do
      told_of_first(state.backlog, id, error)
      %{state | backlog: Backlog.keep(state.backlog, id, attempt + 1, error)}
    else
      delay = Config.get(:persistence_retry_delay_ms) * Integer.pow(2, attempt - 1)
      timer = fn -> Process.send_after(self(), {:due, id}, delay) end
      queue(state, &Queue.hold(&1, id, :waiting, attempt + 1, timer))
    end
  end

  defp after_attempt(state, id, _attempt, :saved) do
    {_entries, backlog} = result = Backlog.saved(state.backlog, id)
    told_of_last(state.backlog, backlog)
    again(state, result)
  end

  defp after_attempt(state, id, _attempt, :nothing),
    do: again(state, Backlog.none(state.backlog, id))

  # One line when storage begins to refuse, and one when it took all: telemetry tells of each of them.
  defp told_of_first(backlog, id, error) do
    if Backlog.size(backlog) == 0 do
      Logger.error(
        "PhoenixReplay: recording #{id} could not be saved: #{why(error)}. It stays in memory, as others do " <>
          "from now on that cannot be saved, and is tried again until it is"
      )
    end
  end

  defp told_of_last(before, backlog) do
    if Backlog.size(before) > 0 and Backlog.size(backlog) == 0,
      do: Logger.warning("PhoenixReplay: what could not be saved before is saved now")
  end

  defp why(nil), do: "the task that saves it was killed"
  defp why(error), do: error.message

  # The timer of the backlog, unless it runs. Other nodes that share the storage do not come at the same time.
  defp probe_later(%{probe: nil} = state) do
    case Backlog.next_round(state.backlog, Config.get(:persistence_retry_delay_ms)) do
      {nil, _backlog} ->
        state

      {delay, backlog} ->
        timer = Process.send_after(self(), :probe, div(delay, 2) + :rand.uniform(div(delay, 2)))
        %{state | backlog: backlog, probe: timer}
    end
  end

  # One that the last outage left would let the first of the next wait as long.
  defp probe_later(%{probe: timer} = state) do
    if Backlog.size(state.backlog) == 0 do
      Process.cancel_timer(timer)
      %{state | probe: nil}
    else
      state
    end
  end

  defp run(%{queue: queue} = state) do
    case Queue.next(queue, Configured.at_once()) do
      {{id, attempt}, queue} ->
        task = Task.Supervisor.async_nolink(@tasks, Saving, :attempt, [id, attempt])
        run(%{state | queue: Queue.running(queue, task.ref, id, attempt)})

      {nil, queue} ->
        probe_later(%{state | queue: reply(queue)})
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
