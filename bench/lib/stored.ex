defmodule PhoenixReplay.Bench.Stored do
  @moduledoc """
  What happens to a session once it has ended, all of it on dirty schedulers: sealing it into a
  compressed recording, and seeking in one.

  Sealing is given as MB of events per second, as they were appended, of a session of which nothing was
  sealed while it ran. Those that look alike are written as one first, which is what gzip is given; beside
  it how fast Erlang's own `:zlib.gzip/1` is with that. Seeking is to random events: the CPU time in core, and beside it that of the whole
  call, which builds the state as BEAM terms; with what it costs: memory of keyframes, bytes on disk.
  """
  alias PhoenixReplay.Bench.{Contender, CpuTime, Live, Scenario}
  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.Sealing

  defmodule Seek do
    @moduledoc "Seeking in one recording; times are means of the thread's CPU time."
    defstruct [:name, :events, :core_us, :call_us, :keyframe_bytes, :disk_bytes]

    @type t :: %__MODULE__{}
  end

  defmodule Seal do
    @moduledoc "Sealing one session; the mean of the thread's CPU time, and the best of gzip."
    defstruct [:name, :bytes, :ms, :packed_bytes, :gzip_ms, :disk_bytes]

    @type t :: %__MODULE__{}
  end

  @seals [{:form, 2_000, "form session, 4,000 events"}, {:rebuilt, 200, "list rebuilt 200 times"}]

  # And the most events of each: those that a session has room for, and those that are soon made.
  @seeks [
    {:row_1000, "one row of 1,000 changed", 100_000, 10_000},
    {:inserted, "row inserted in the middle of 1,000", 100_000, 1_000},
    {:sorted, "list of 1,000 sorted the other way", 20_000, 1_000}
  ]

  @spec seals() :: [Seal.t()]
  def seals do
    # So that nobody else seals what is to be sealed here.
    Application.put_env(:phoenix_replay, :flush, false)
    :ok = :sys.suspend(Sealing)

    seals =
      for {key, pairs, name} <- @seals do
        IO.puts("Measuring: sealing, #{name}")
        session(key, pairs, &seal(&1, name))
      end

    :ok = :sys.resume(Sealing)
    Application.delete_env(:phoenix_replay, :flush)
    seals
  end

  defp seal(native, name) do
    {:ok, data, summary} = Native.session_seal(native, :etf)
    packed = :zlib.gunzip(data)
    seal = CpuTime.of(fn -> for _turn <- 1..5, do: Native.session_seal(native, :etf) end)
    gzip = best(fn -> :zlib.gzip(packed) end)

    %Seal{
      name: name,
      bytes: summary.inflated_bytes,
      ms: CpuTime.mean_us(seal, "session_seal") / 1_000,
      packed_bytes: byte_size(packed),
      gzip_ms: gzip / 1.0e6,
      disk_bytes: byte_size(data)
    }
  end

  defp best(fun) do
    times =
      for _turn <- 1..5 do
        started = System.monotonic_time(:nanosecond)
        fun.()
        System.monotonic_time(:nanosecond) - started
      end

    Enum.min(times)
  end

  @spec seeks(%{lengths: [pos_integer], quick?: boolean}) :: [Seek.t()]
  def seeks(%{lengths: lengths, quick?: quick?}) do
    seeks = if quick?, do: 40, else: 200

    for {key, name, most, soon} <- @seeks,
        events <- lengths,
        events <= if(quick?, do: soon, else: most) do
      IO.puts("Measuring: seek in #{events} events, #{name}")
      session(key, div(events, 2), &seek(&1, name, events, seeks))
    end
  end

  defp seek(native, name, events, seeks) do
    {:ok, data, _summary} = Native.session_seal(native, :etf)
    {:ok, timeline} = Native.recording_open(data)
    size = Native.timeline_size(timeline)
    # Some, so that what is measured is not the first touch of memory.
    random(timeline, size, div(seeks, 4))
    times = CpuTime.of(fn -> random(timeline, size, seeks) end)

    %Seek{
      name: name,
      events: events,
      core_us: CpuTime.mean_us(times, "timeline_assigns, in core"),
      call_us: CpuTime.mean_us(times, "timeline_assigns"),
      keyframe_bytes: Native.timeline_keyframe_bytes(timeline),
      disk_bytes: byte_size(data)
    }
  end

  defp random(timeline, size, count) do
    for n <- 1..count do
      {:ok, _assigns} = Native.timeline_assigns(timeline, rem(n * 7_919_993, size), :stripped)
      # Nothing of it is kept, as in a player, which has rendered it.
      if rem(n, 10) == 0, do: :erlang.garbage_collect()
    end
  end

  # A session of its own process, as recorded by the hooks, given to `fun` before it is forgotten.
  defp session(key, pairs, fun) do
    task =
      Task.async(fn ->
        scenario = Scenario.fetch!(key)

        socket =
          Enum.reduce(1..pairs, Live.mount(:ours, scenario.assigns.()), fn n, socket ->
            socket |> scenario.change.(n) |> Live.pair() |> Live.rendered()
          end)

        result = fun.(socket.private.phoenix_replay.native)
        Contender.delete(:ours, socket)
        result
      end)

    Task.await(task, :infinity)
  end
end
