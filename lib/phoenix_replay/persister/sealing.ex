defmodule PhoenixReplay.Persister.Sealing do
  @moduledoc false
  # Compresses what sessions hold in memory as they go on, whether or not it is journalled as well. A
  # LiveView knows nothing of it: when a part of its log has filled up it raises a counter, which is
  # looked at here.

  use GenServer

  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.Round

  @look_ms 250

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc false
  # For tests: seals what there is to seal.
  def run, do: GenServer.call(__MODULE__, :run, :infinity)

  @impl true
  def init([]), do: {:ok, look_later([])}

  @impl true
  def handle_call(:run, _from, state), do: {:reply, look(), state}

  @impl true
  def handle_info(:look, state) do
    look()
    {:noreply, look_later(state)}
  end

  def handle_info(_other, state), do: {:noreply, state}

  defp look_later(state) do
    Process.send_after(self(), :look, @look_ms)
    state
  end

  # Others need the dirty schedulers as well: appends that are too long for a normal one, and readers.
  defp look do
    at_once = max(div(:erlang.system_info(:dirty_cpu_schedulers_online), 2), 1)

    Round.run(Native.sessions_due(), at_once, &seal_all/1)
  end

  defp seal_all(id) do
    case Native.session_lookup(id) do
      nil -> :ok
      session -> seal(session)
    end
  end

  @doc "Seals what has filled up of one session, a part at a call."
  @spec seal(Native.session()) :: :ok
  def seal(session) do
    case Native.session_seal_next(session) do
      true -> seal(session)
      # An error leaves the part as it is, and it comes again.
      _done_or_error -> :ok
    end
  end
end
