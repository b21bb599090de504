defmodule PhoenixReplay.Recorder.Watcher do
  @moduledoc false
  # Learns why recorded processes end. The NIF notices by itself that one ended, but is not told the
  # reason. There is a watcher per scheduler; a session costs its LiveView one asynchronous message, which
  # the NIF sends as the session begins (`Native.session_begin/4`).
  #
  # Of a process that is watched the watcher tells the Persister, and the NIF does only if the watcher is gone
  # by then. One that went in between, with what it was to tell, is followed by another that has the Persister look.

  use GenServer

  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Recorder.{Attribution, Ending, Reason, Session}

  @watchers PhoenixReplay.Recorder.Watchers

  def child_spec(_options) do
    partitions = System.schedulers_online()
    # By their names a start finds them with less ado than by their supervisor.
    :persistent_term.put(__MODULE__, List.to_tuple(Enum.map(0..(partitions - 1), &name/1)))

    PartitionSupervisor.child_spec(
      name: @watchers,
      partitions: partitions,
      child_spec: %{id: __MODULE__, start: {__MODULE__, :start_link, []}},
      with_arguments: fn [], partition -> [partition] end
    )
  end

  def start_link(partition), do: GenServer.start_link(__MODULE__, [], name: name(partition))

  # One per scheduler and no more: they are made at boot.
  defp name(partition), do: Module.concat(__MODULE__, "Partition#{partition}")

  @doc "Who watches `pid`, to be told so as its session begins. Where nobody does the recording ends without a reason."
  @spec of(pid) :: pid | nil
  def of(pid), do: pid |> watcher() |> Process.whereis()

  @doc "`pid` leaves for another page and has recorded that, so its reason tells nothing new."
  def told(pid), do: pid |> watcher() |> GenServer.cast({:told, pid})

  defp watcher(pid) do
    watchers = :persistent_term.get(__MODULE__)
    elem(watchers, :erlang.phash2(pid, tuple_size(watchers)))
  end

  @impl true
  def init([]) do
    # What it does per session is little, and both parts of it are urgent: it must monitor a process
    # before that crashes in its mount, and know a reason before the session is saved.
    Process.flag(:priority, :high)
    Persister.unwatched()
    {:ok, %{}}
  end

  @impl true
  def handle_cast({:told, pid}, watched) do
    case watched do
      %{^pid => {session, _untold}} -> {:noreply, %{watched | pid => {session, :told}}}
      _gone -> {:noreply, watched}
    end
  end

  # From the NIF, with a host's own sanitizer or `nil`.
  @impl true
  def handle_info({:watch, pid, {_id, _native, _sanitizer} = session}, watched) do
    Process.monitor(pid)
    {:noreply, Map.put(watched, pid, {session, :untold})}
  end

  def handle_info({:DOWN, _monitor, :process, pid, reason}, watched) do
    case Map.pop(watched, pid) do
      {{session, told}, watched} ->
        ended(session, reason, told)
        Attribution.ended(pid)
        {:noreply, watched}

      {nil, watched} ->
        {:noreply, watched}
    end
  end

  def handle_info(_other, watched), do: {:noreply, watched}

  # How it ended decides whether it is kept, so that is said before anything else.
  defp ended({_id, native, _sanitizer} = session, reason, told) do
    news = news(told, native, Reason.tells(reason))
    {ended, error} = Ending.classify(reason)
    Native.session_close(native, ended, error)
    last(news, session)
  end

  # An exception that telemetry told of has ended the session already.
  defp news(:told, _native, _tells), do: :nothing
  defp news(:untold, _native, :nothing), do: :nothing

  defp news(:untold, native, tells),
    do: if(Native.session_state(native).ended in [nil, :unknown], do: tells, else: :nothing)

  defp last(:nothing, {id, _native, _sanitizer}), do: Persister.closed(id)

  defp last({:away, to}, {id, native, _sanitizer}) do
    Reason.append_away(native, to)
    Persister.closed(id)
  end

  # Code of the host has a say in it, which is not to keep others waiting here. The session is saved when
  # it is done, or has taken longer than the Persister waits for a reason.
  defp last({:raised, kind, reason, stack}, {id, native, sanitizer}) do
    session = %Session{id: id, native: native, sanitizer: sanitizer}
    Persister.ending(id)

    Task.Supervisor.start_child(Persister.Tasks, fn ->
      Reason.append_raised(session, kind, reason, stack)
      Persister.closed(id)
    end)
  catch
    :exit, _no_supervisor_just_now -> Persister.closed(id)
  end
end
