defmodule PhoenixReplay.Bench.Parts do
  @moduledoc """
  What it takes to record a change of one LiveComponent of many, and of one row of a stream of many.

  A change is made, rendered and recorded in the process of the LiveView, as its channel would
  (`PhoenixReplay.Bench.Live`). What is added is the median of that less the median of the same with empty
  hooks; the two take turns. Bytes are what the recording grows by, before it is compressed.
  """
  import Phoenix.LiveView, only: [stream: 3, stream_delete: 3, stream_insert: 3]

  alias PhoenixReplay.Bench.{Contender, Live, Task}
  alias PhoenixReplay.Native

  @enforce_keys [:name, :empty_us, :added_us, :bytes]
  defstruct [:name, :empty_us, :added_us, :bytes]

  @type t :: %__MODULE__{name: String.t(), empty_us: float, added_us: float, bytes: float}

  # Of a session. A first one of each warms up.
  @changes 200

  @spec measure(%{turns: pos_integer}) :: [t]
  def measure(%{turns: turns}) do
    IO.puts("Measuring: components and streams")
    cases = Enum.map([1, 100, 1_000], &components/1) ++ Enum.map([100, 10_000], &rows/1)
    Enum.map(cases, &measure_one(&1, turns))
  end

  defp components(count) do
    {"one of #{count} components changes", [cards: Enum.to_list(1..count), task: Task.new(1)],
     & &1, fn page, n -> Live.component_event(page, 1, "like", %{"likes" => n}) end}
  end

  # One comes in, one goes.
  defp rows(count) do
    change = fn page, n ->
      Live.event(page, "next", %{"n" => n}, fn socket ->
        socket
        |> stream_insert(:rows, Task.new(count + n))
        |> stream_delete(:rows, Task.new(n))
      end)
    end

    {"one of #{count} rows of a stream changes", [cards: [], task: nil],
     &stream(&1, :rows, Task.list(count)), change}
  end

  defp measure_one({name, _assigns, _prepare, _change} = measured, turns) do
    lives =
      for turn <- 0..turns, contender <- [:empty, :ours] do
        {turn, contender, apart(fn -> live(contender, measured) end)}
      end

    times = fn contender ->
      median(for {turn, ^contender, {times, _bytes}} <- lives, turn > 0, time <- times, do: time)
    end

    [bytes | _rest] = for {_turn, :ours, {_times, bytes}} <- lives, do: bytes
    empty = times.(:empty)
    %__MODULE__{name: name, empty_us: empty, added_us: times.(:ours) - empty, bytes: bytes}
  end

  # A session is one process's.
  defp apart(life), do: life |> Elixir.Task.async() |> Elixir.Task.await(:infinity)

  defp live(contender, {_name, assigns, prepare, change}) do
    page = Live.page(contender, assigns, prepare)
    before = bytes(contender, page)
    # What the mount left is not collected in the time of a change.
    :erlang.garbage_collect()

    {times, page} =
      Enum.map_reduce(1..@changes, page, fn n, page ->
        started = System.monotonic_time(:nanosecond)
        page = change.(page, n)
        {(System.monotonic_time(:nanosecond) - started) / 1_000, page}
      end)

    grown = (bytes(contender, page) - before) / @changes
    Contender.delete(contender, page.socket)
    {times, grown}
  end

  defp bytes(:empty, _page), do: 0

  defp bytes(:ours, page),
    do: Native.session_summary(page.socket.private.phoenix_replay.native).inflated_bytes

  defp median(times), do: times |> Enum.sort() |> Enum.at(div(length(times), 2))
end
