defmodule PhoenixReplay.Recorder.Watcher do
  @moduledoc false
  # Learns why recorded processes end. The NIF notices by itself that one ended, but is not told the
  # reason. There is a watcher per scheduler; a session costs its LiveView one asynchronous message.

  use GenServer

  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Recorder.Ending

  @watchers PhoenixReplay.Recorder.Watchers

  def child_spec(_options),
    do: PartitionSupervisor.child_spec(child_spec: worker(), name: @watchers)

  defp worker, do: %{id: __MODULE__, start: {__MODULE__, :start_link, []}}

  def start_link, do: GenServer.start_link(__MODULE__, [])

  @doc "Watches `pid`, whose session is `native`. Where no watcher runs the recording ends without a reason."
  def watch(pid, id, native) do
    GenServer.cast({:via, PartitionSupervisor, {@watchers, pid}}, {:watch, pid, id, native})
  rescue
    # There are no partitions while their supervisor is started again.
    ArgumentError -> :ok
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
  def handle_info({:DOWN, monitor, :process, _pid, reason}, watched) do
    case Map.pop(watched, monitor) do
      {{id, native}, watched} ->
        {ended, error} = Ending.classify(reason)
        Native.session_close(native, ended, error)
        Persister.closed(id)
        {:noreply, watched}

      {nil, watched} ->
        {:noreply, watched}
    end
  end

  def handle_info(_other, watched), do: {:noreply, watched}
end
