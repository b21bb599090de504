defmodule PhoenixReplay.Bench.Writers do
  @moduledoc """
  Events per second of many LiveViews at once: 1, 2, 16 and 1,000 processes, each with a session of
  its own, that type into the form of the form scenario as fast as they can.

  What they change is made before the clock runs: recording is measured, not the host. An event pair
  counts as two events. Each contender has the machine to itself for its turn, and the better of some
  turns counts, for what else the machine does only makes one worse.
  """
  alias PhoenixReplay.Bench.{Contender, Live, Scenario}

  @enforce_keys [:writers, :events_per_second]
  defstruct [:writers, :events_per_second]

  @type t :: %__MODULE__{writers: pos_integer, events_per_second: %{Contender.t() => float}}

  # Different changes of one writer, which it makes again and again.
  @changes 16

  @doc "`writers` are the pairs that all of them make together in one turn, and how many they are."
  @spec measure(%{turns: pos_integer, writers: {pos_integer, [pos_integer]}}) :: [t]
  def measure(%{turns: turns, writers: {pairs, counts}}) do
    for writers <- counts do
      IO.puts("Measuring: #{writers} writers")
      # Turn about, so that a slow moment of the machine meets both.
      best =
        for _turn <- 1..turns, contender <- [:ours, :ets], reduce: %{ours: 0.0, ets: 0.0} do
          best -> Map.update!(best, contender, &max(&1, turn(contender, writers, pairs)))
        end

      %__MODULE__{writers: writers, events_per_second: best}
    end
  end

  @doc "How many times the events of the ETS recorder."
  def ratio(%__MODULE__{events_per_second: per_second}), do: per_second.ours / per_second.ets

  defp turn(contender, writers, pairs) do
    rounds = max(1, div(pairs, writers * @changes))
    parent = self()

    pids =
      for _writer <- 1..writers do
        spawn_link(fn -> write(contender, rounds, parent) end)
      end

    for pid <- pids, do: receive(do: ({^pid, :ready} -> :ok))
    started = System.monotonic_time(:nanosecond)
    for pid <- pids, do: send(pid, :go)
    for pid <- pids, do: receive(do: ({^pid, :done} -> :ok))
    took = System.monotonic_time(:nanosecond) - started
    for pid <- pids, do: send(pid, :end)
    for pid <- pids, do: receive(do: ({^pid, :ended} -> :ok))
    2 * writers * rounds * @changes / (took / 1.0e9)
  end

  defp write(contender, rounds, parent) do
    scenario = Scenario.fetch!(:form)
    socket = Live.mount(contender, scenario.assigns.())
    changes = Live.changes(scenario, socket, @changes)
    send(parent, {self(), :ready})
    receive(do: (:go -> :ok))

    socket =
      Enum.reduce(1..rounds, socket, fn _round, socket ->
        Enum.reduce(changes, socket, &Live.replay/2)
      end)

    send(parent, {self(), :done})
    receive(do: (:end -> :ok))
    Contender.delete(contender, socket)
    send(parent, {self(), :ended})
  end
end
