defmodule PhoenixReplay.Recorder.Watcher do
  @moduledoc false
  # Learns why recorded processes end. The NIF notices by itself that one ended, but is not told the
  # reason. There is a watcher per scheduler; a session costs its LiveView one asynchronous message.

  use GenServer

  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Recorder.{Attribution, Ending}

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

  @doc "Watches `pid`, whose session is `native`. Where no watcher runs the recording ends without a reason."
  def watch(pid, id, native) do
    watchers = :persistent_term.get(__MODULE__)
    watcher = elem(watchers, :erlang.phash2(pid, tuple_size(watchers)))
    GenServer.cast(watcher, {:watch, pid, id, native})
  end

  @impl true
  def init([]) do
    # What it does per session is little, and both parts of it are urgent: it must monitor a process
    # before that crashes in its mount, and know a reason before the session is saved.
    Process.flag(:priority, :high)
    {:ok, %{}}
  end

  @impl true
  def handle_cast({:watch, pid, id, native}, watched) do
    {:noreply, Map.put(watched, Process.monitor(pid), {id, native})}
  end

  @impl true
  def handle_info({:DOWN, monitor, :process, pid, reason}, watched) do
    case Map.pop(watched, monitor) do
      {{id, native}, watched} ->
        {ended, error} = Ending.classify(reason)
        Native.session_close(native, ended, error)
        Persister.closed(id)
        Attribution.ended(pid)
        {:noreply, watched}

      {nil, watched} ->
        {:noreply, watched}
    end
  end

  def handle_info(_other, watched), do: {:noreply, watched}
end
