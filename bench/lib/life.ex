defmodule PhoenixReplay.Bench.Life do
  @moduledoc """
  What the start and the end of a session take in the process of the LiveView.

  A start is `on_mount` and the first hook after it. An end is the process's death: what its exit takes
  longer than that of a process with empty hooks, seen from another that waits for it. The ETS recorder
  does nothing at an end, being told by nobody; so start and end are compared as a sum.

  No life is measured while that of another still makes work: one of ours is discarded by the Persister before
  the next begins. Who comes first changes from round to round, as whoever comes after that finds the
  processor's caches empty. And who waits has the priority of our watcher, or what that does in its
  own process would be counted as the LiveView's.
  """
  alias PhoenixReplay.Bench.{Contender, EtsRecorder, Live, Scenario}
  alias PhoenixReplay.{Native, Persister}

  @enforce_keys [:start_us, :end_us]
  defstruct [:start_us, :end_us]

  @type t :: %__MODULE__{
          start_us: %{Contender.t() => float},
          end_us: %{Contender.t() => float}
        }

  @spec measure(%{sessions: pos_integer}) :: t
  def measure(%{sessions: sessions}) do
    IO.puts("Measuring: start and end of a session")
    assigns = Scenario.fetch!(:form).assigns.()

    priority = Process.flag(:priority, :high)

    # Turn about; the first of each warm up.
    lives =
      for n <- 1..(sessions + 50), contender <- turn(n) do
        {n, contender, live(contender, assigns)}
      end

    Process.flag(:priority, priority)

    of = fn part ->
      Map.new(Contender.all(), fn contender ->
        {contender,
         median(for {n, ^contender, life} <- lives, n > 50, do: elem(life, part) / 1_000)}
      end)
    end

    %__MODULE__{start_us: of.(0), end_us: of.(1)}
  end

  @doc "Microseconds that a contender adds to empty hooks, start and end together."
  def added(%__MODULE__{} = life, contender),
    do: start(life, contender) + max(0.0, ending(life, contender))

  def start(%__MODULE__{start_us: us}, contender), do: us[contender] - us.empty
  def ending(%__MODULE__{end_us: us}, contender), do: us[contender] - us.empty

  def ratio(life), do: added(life, :ours) / added(life, :ets)

  defp turn(n) do
    contenders = Contender.all()
    {first, last} = Enum.split(contenders, rem(n, length(contenders)))
    last ++ first
  end

  defp live(contender, assigns) do
    parent = self()

    {pid, monitor} =
      spawn_monitor(fn ->
        started = System.monotonic_time(:nanosecond)
        socket = Live.mount(contender, assigns)
        took = System.monotonic_time(:nanosecond) - started
        send(parent, {self(), took, forget(contender, socket)})
        receive(do: (:end -> :ok))
      end)

    receive do
      {^pid, start, forget} ->
        ended = System.monotonic_time(:nanosecond)
        send(pid, :end)
        receive(do: ({:DOWN, ^monitor, :process, ^pid, _reason} -> :ok))
        took = System.monotonic_time(:nanosecond) - ended
        forget.()
        {start, took}
    end
  end

  # By what outlives the process.
  defp forget(:empty, _socket), do: fn -> :ok end

  defp forget(:ets, socket) do
    slim = %{private: Map.take(socket.private, [:ets_recorder])}
    fn -> EtsRecorder.delete(slim) end
  end

  defp forget(:ours, socket) do
    id = socket.private.phoenix_replay.id
    fn -> discarded(id) end
  end

  # Without interaction: the watcher tells the Persister, which does it.
  defp discarded(id) do
    if Native.session_lookup(id) do
      Persister.settle()
      discarded(id)
    end
  end

  defp median(numbers), do: numbers |> Enum.sort() |> Enum.at(div(length(numbers), 2))
end
