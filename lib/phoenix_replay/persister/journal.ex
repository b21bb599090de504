defmodule PhoenixReplay.Persister.Journal do
  @moduledoc false
  # Writes what sessions have recorded to storage as they go, and while they wait to be saved, so that
  # a node that is killed loses the last interval of them and no more. A LiveView knows nothing of it.
  #
  # Sessions are looked at often and written seldom: when one has as many events as `flush` says that
  # are not in its journal, or has some and was last written half an interval ago. The other half is
  # the time there is to look and to write.

  use GenServer

  alias PhoenixReplay.{Config, Native}
  alias PhoenixReplay.Persister.{Flushing, Round}
  alias PhoenixReplay.Storage.{Configured, Owner}

  @look_ms 250
  # Syncing waits for the disk, not for a core. Few enough to leave a database its connections.
  @writers 8
  # Well below what Recovery takes for the silence of an owner that is gone.
  @beat_ms 10_000
  # How long a storage that refused is left alone, if it goes on refusing.
  @longest_pause_ms 30_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc false
  # For tests: flushes every session that has anything to flush.
  def flush, do: GenServer.call(__MODULE__, :flush, :infinity)

  @impl true
  def init([]) do
    look_after(@look_ms)
    Process.send_after(self(), :beat, @beat_ms)
    {:ok, %{failures: 0, begun: false}}
  end

  @impl true
  def handle_call(:flush, _from, state) do
    {result, state} = write({1, 0}, state)
    {:reply, result, state}
  end

  @impl true
  def handle_info(:look, state) do
    {result, state} =
      if Config.get(:flush) != false, do: write(due(), state), else: {:ok, state}

    failures = if result == :error, do: state.failures + 1, else: 0
    look_after(pause(failures))
    {:noreply, %{state | failures: failures}}
  end

  # Who never wrote a journal has none that another node might take for left behind.
  def handle_info(:beat, state) do
    if state.begun and on?(), do: Configured.journal_beat(Owner.this())
    Process.send_after(self(), :beat, @beat_ms)
    {:noreply, state}
  end

  def handle_info(_other, state), do: {:noreply, state}

  @doc "Whether running sessions are journalled, as it is configured."
  @spec on?() :: boolean
  def on?, do: Config.get(:flush) != false and Configured.journal?()

  defp due do
    flush = Config.get(:flush)
    {flush[:events], div(flush[:interval_ms], 2)}
  end

  # A round of many takes its time, and what has ended meanwhile and is saved soon needs no journal: each is
  # asked again when its turn comes.
  # A storage is asked nothing while there is nothing to write: it may be a database.
  defp write({events, age_ms}, state) do
    ids = Native.sessions_unflushed(events, age_ms)

    if ids != [] and Configured.journal?() do
      still = Stream.filter(ids, &due?(&1, events, age_ms))
      result = Round.run(still, @writers, &Flushing.flush/1)
      if result == :ok, do: Flushing.worked()
      {result, %{state | begun: true}}
    else
      {:ok, state}
    end
  end

  defp due?(id, events, age_ms) do
    session = Native.session_lookup(id)
    session != nil and Native.session_is_unflushed(session, events, age_ms)
  end

  defp look_after(ms), do: Process.send_after(self(), :look, ms)

  # Short intervals want more looks: what is left of the other half of one is the time to write.
  defp pause(0) do
    case Config.get(:flush) do
      false -> @look_ms
      flush -> min(@look_ms, max(div(flush[:interval_ms], 10), 1))
    end
  end

  defp pause(failures), do: min(@look_ms * Integer.pow(2, min(failures, 10)), @longest_pause_ms)
end
