defmodule PhoenixReplay.Bench.WhileSealed do
  @moduledoc """
  What an event pair (the hooks of `handle_event` and `after_render`) takes while what was recorded before
  it is sealed and flushed: the median and the 99th percentile, beside those of the same with nobody there.

  Sealing and flushing are what the Persister does with a running session, here a hundred times a second
  instead of every quarter of one, and without a storage to wait for.
  """
  alias PhoenixReplay.Bench.{Contender, Live, Scenario}
  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.Sealing

  @enforce_keys [:name, :alone, :sealed]
  defstruct [:name, :alone, :sealed]

  @type t :: %__MODULE__{name: String.t(), alone: times, sealed: times}
  @type times :: %{median_us: float, p99_us: float}

  # Words. So much room that no garbage is collected in between, and in words that are there already.
  @heap 4_000_000
  # Pairs after which it is, while nobody measures.
  @collect 250

  @spec measure(%{pairs: pos_integer}) :: [t]
  def measure(%{pairs: pairs}) do
    # What is flushed here goes nowhere, so the journal would begin in the middle.
    Application.put_env(:phoenix_replay, :flush, false)
    measured = each(pairs)
    Application.delete_env(:phoenix_replay, :flush)
    measured
  end

  defp each(pairs) do
    for key <- [:counter, :form, :row_100] do
      scenario = Scenario.fetch!(key)
      IO.puts("Measuring: events while others are sealed, #{scenario.name}")

      %__MODULE__{
        name: scenario.name,
        alone: times(scenario, pairs, fn _native -> :ok end),
        sealed: times(scenario, pairs, &seal/1)
      }
    end
  end

  def ratio(%__MODULE__{sealed: times}), do: times.p99_us / times.median_us

  defp times(scenario, pairs, meanwhile) do
    parent = self()
    live = fn -> send(parent, {self(), live(scenario, pairs, meanwhile)}) end
    pid = :erlang.spawn_opt(live, [:link, min_heap_size: @heap])
    sorted = receive(do: ({^pid, nanoseconds} -> Enum.sort(nanoseconds)))
    at = fn part -> Enum.at(sorted, trunc(length(sorted) * part)) / 1_000 end
    %{median_us: at.(0.5), p99_us: at.(0.99)}
  end

  defp live(scenario, pairs, meanwhile) do
    socket = Live.mount(:ours, scenario.assigns.())
    native = socket.private.phoenix_replay.native
    other = spawn_link(fn -> again(native, meanwhile) end)

    {nanoseconds, socket} = Enum.map_reduce(1..pairs, socket, &pair(scenario, &1, &2))

    Process.unlink(other)
    Process.exit(other, :kill)
    Contender.delete(:ours, socket)
    nanoseconds
  end

  defp pair(scenario, n, socket) do
    if rem(n, @collect) == 0, do: :erlang.garbage_collect()
    Live.timed(scenario, n, socket)
  end

  defp again(native, meanwhile) do
    meanwhile.(native)
    Process.sleep(10)
    again(native, meanwhile)
  end

  defp seal(native) do
    :ok = Sealing.seal(native)

    case Native.session_unflushed(native) do
      {:ok, _members, mark} -> Native.session_flushed(native, mark, nil)
      nil -> :ok
    end
  end
end
