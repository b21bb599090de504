defmodule PhoenixReplay.Persister.Trimming do
  @moduledoc false
  # The NIF's memory is the C library's, which keeps what is freed for the next who asks, in a stock for each
  # of the BEAM's threads. After many sessions that is tens of megabytes which nobody needs. So once enough
  # has gone, what is free goes back to the system, a few milliseconds of a dirty scheduler.

  use GenServer

  alias PhoenixReplay.Native

  # Bytes of events that went, before it is worth it.
  @enough 8 * 1024 * 1024
  # At least so long after the last time, and after what makes it worth it: more may be about to go.
  @pause_ms 5_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "A session with so many bytes of events is out of memory."
  @spec freed(non_neg_integer) :: :ok
  def freed(bytes), do: GenServer.cast(__MODULE__, {:freed, bytes})

  @impl true
  def init([]), do: {:ok, 0}

  @impl true
  def handle_cast({:freed, bytes}, freed) do
    if freed < @enough and freed + bytes >= @enough,
      do: Process.send_after(self(), :trim, @pause_ms)

    {:noreply, freed + bytes}
  end

  @impl true
  def handle_info(:trim, _freed) do
    Native.memory_trim()
    {:noreply, 0}
  end

  def handle_info(_other, freed), do: {:noreply, freed}
end
