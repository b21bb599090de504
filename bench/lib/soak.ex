defmodule PhoenixReplay.Bench.Soak do
  @moduledoc """
  `mix soak`: thousands of sessions come and go; afterwards nothing of them is left in memory.

      mix soak                           # two minutes
      mix soak --seconds 60 --lanes 32   # so long, so many LiveViews at a time

  Sessions are recorded by the real hooks, saved to files, journalled and looked at while they run
  (`PhoenixReplay.Bench.Soak.Life`). A first round of ten seconds, and until as many recordings are saved as
  are kept, fills caches, code and the allocators' stock; memory is compared between its end and the end of the
  second round, when everything is saved and what the BEAM itself holds has been collected
  (`PhoenixReplay.Bench.Soak.Memory`).

  Exits with 1 when `PhoenixReplay.info/0` is not zero, a recording is missing, or resident memory is more
  than a tenth above what it was.
  """
  alias PhoenixReplay.Bench.{EtsRecorder, Machine}
  alias PhoenixReplay.Bench.Soak.{Life, Memory, Onlooker}
  alias PhoenixReplay.{Persister, Store}

  @switches [seconds: :integer, lanes: :integer]
  @zero %{sessions: 0, events: 0, bytes: 0}
  @max_memory 256 * 1024 * 1024
  @max_recordings 1_000

  @spec main([String.t()]) :: :ok
  def main(arguments) do
    {options, _rest} = OptionParser.parse!(arguments, strict: @switches)
    seconds = Keyword.get(options, :seconds, 120)
    lanes = Keyword.get(options, :lanes, 32)
    folder = configure()
    EtsRecorder.init()

    IO.puts("#{Machine.line()}\n")
    row(["", "sessions", "saved", "info", "resident", "of the BEAM"])
    row(["at start", "", "", info(), mb(Memory.resident()), mb(Memory.beam())])

    # A list of what is kept is as long before as after: a busy machine saves a quarter of it in ten seconds.
    round("first round", 10, @max_recordings, lanes)
    before = rest("at rest after it")
    counts = round("second round", seconds, 0, lanes)
    now = rest("at rest after it")

    lost = counts.kept - counts.saved
    ratio = now / before
    failed? = PhoenixReplay.info() != @zero or ratio > 1.1 or lost != 0
    IO.puts("\nresident memory: #{percent(ratio)} of what it was; recordings lost: #{lost}")

    # Nothing writes there any more.
    Application.stop(:phoenix_replay)
    File.rm_rf!(folder)
    if failed?, do: exit({:shutdown, 1}), else: :ok
  end

  # A folder of its own, and as many recordings in it as are kept by default.
  defp configure do
    folder = Path.join(System.tmp_dir!(), "phoenix_replay_soak_#{System.pid()}")

    settings = [
      storage_opts: [path: folder],
      max_memory: @max_memory,
      max_recordings: @max_recordings
    ]

    Application.put_all_env(phoenix_replay: settings)
    folder
  end

  # For so long, and until so many are saved.
  defp round(name, seconds, recordings, lanes) do
    counters = :counters.new(3, [:write_concurrency])
    :telemetry.attach(__MODULE__, [:phoenix_replay, :recording, :persisted], &saved/4, counters)
    started = now()

    over? = fn ->
      now() - started >= seconds * 1_000 and get(counters, 3) >= recordings
    end

    onlooker = Task.async(fn -> Onlooker.look(over?) end)

    1..lanes
    |> Enum.map(fn lane -> Task.async(fn -> lane(lane, over?, counters) end) end)
    |> Task.await_many(:infinity)

    peak = Task.await(onlooker, :infinity)
    took = div(now() - started, 1_000)
    settle()
    :telemetry.detach(__MODULE__)
    counts = %{lives: get(counters, 1), kept: get(counters, 2), saved: get(counters, 3)}

    row([
      "#{name}, #{took} s, most",
      "#{counts.lives}",
      "#{counts.saved}",
      "#{peak.sessions} sessions, #{mb(peak.bytes)}",
      mb(peak.resident),
      mb(peak.beam)
    ])

    counts
  end

  defp saved(_event, _measurements, _metadata, counters), do: :counters.add(counters, 3, 1)
  defp get(counters, index), do: :counters.get(counters, index)

  # One LiveView after the other, each a process of its own.
  defp lane(lane, over?, counters) do
    :rand.seed(:exsss, {lane, 7, 11})
    lives(over?, counters)
  end

  defp lives(over?, counters) do
    if not over?.() do
      room()
      :counters.add(counters, 1, 1)
      if Life.live() == :kept, do: :counters.add(counters, 2, 1)
      lives(over?, counters)
    end
  end

  defp now, do: System.monotonic_time(:millisecond)

  # LiveViews that never rest may be quicker than who saves them, all on the same cores. What finds memory full
  # is not recorded, and would be counted as lost here.
  defp room do
    if PhoenixReplay.info().bytes > div(@max_memory, 2) do
      Process.sleep(20)
      room()
    end
  end

  # Until every session that ended is saved, and retention has had its turn.
  defp settle do
    Persister.settle(:infinity)

    if PhoenixReplay.info() == @zero do
      :ok = Store.cleanup()
    else
      Process.sleep(100)
      settle()
    end
  end

  defp rest(name) do
    resident = Memory.at_rest()
    row([name, "", "", info(), mb(resident), mb(Memory.beam())])
    resident
  end

  defp info do
    info = PhoenixReplay.info()
    "#{info.sessions} sessions, #{mb(info.bytes)}"
  end

  defp mb(bytes), do: "#{Float.round(bytes / 1.0e6, 1)} MB"
  defp percent(ratio), do: "#{Float.round(ratio * 100, 1)} %"

  defp row([name | cells]) do
    widths = [10, 10, 28, 12, 12]
    cells = Enum.zip_with(cells, widths, &String.pad_leading/2)
    IO.puts(Enum.join([String.pad_trailing(name, 28) | cells], "  "))
  end
end
