defmodule PhoenixReplay.Bench do
  @moduledoc """
  `mix bench`: what recording adds to a LiveView, beside the plain ETS recorder in the same run.

      mix bench                       # some minutes; writes bench/RESULTS.md
      mix bench --quick               # under a minute; writes nothing
      mix bench --only form,row_1000  # these scenarios of `PhoenixReplay.Bench.Scenario`; writes nothing
      mix bench --only parts          # components and streams; writes nothing
      mix bench --only storage        # what becomes of sessions that ended; writes nothing
      mix bench --only dashboard      # its list, its player, what being looked at costs; writes nothing
  """
  alias PhoenixReplay.Bench.{
    AddedTime,
    Dashboard,
    EtsRecorder,
    Held,
    Life,
    Machine,
    Parts,
    Report,
    Scenario,
    Size,
    Storage,
    Stored,
    WhileSealed,
    Writers
  }

  @results "bench/RESULTS.md"
  @switches [quick: :boolean, only: :string]

  @spec main([String.t()]) :: :ok
  def main(arguments) do
    {options, _rest} = OptionParser.parse!(arguments, strict: @switches)
    started = System.monotonic_time(:second)
    EtsRecorder.init()

    results = results(options, pace(options))

    IO.puts("\n" <> Report.text(results))
    IO.puts("\n#{Machine.line()}; took #{System.monotonic_time(:second) - started} s")

    if options == [] do
      File.write!(@results, Report.markdown(results))
      IO.puts("Written to #{@results}.")
    end

    :ok
  end

  defp results(options, pace) do
    case options[:only] do
      "storage" -> %{storage: Storage.measure(pace)}
      "dashboard" -> %{dashboard: Dashboard.measure(pace)}
      "parts" -> %{parts: Parts.measure(pace)}
      _scenarios -> times(options, pace)
    end
  end

  defp times(options, pace) do
    scenarios = scenarios(options)
    all? = options[:only] == nil
    extremes = if all?, do: pace.extremes, else: :none

    measured(
      [
        times: fn -> AddedTime.measure(scenarios, pace) end,
        held: fn -> Held.measure(scenarios, extremes) end
      ] ++ if(all?, do: rest(pace), else: [])
    )
  end

  defp rest(pace) do
    [
      parts: fn -> Parts.measure(pace) end,
      life: fn -> Life.measure(pace) end,
      writers: fn -> Writers.measure(pace) end,
      sizes: &Size.measure/0,
      sealed: fn -> WhileSealed.measure(pace) end,
      seals: &Stored.seals/0,
      seeks: fn -> Stored.seeks(pace) end,
      storage: fn -> Storage.measure(pace) end,
      dashboard: fn -> Dashboard.measure(pace) end
    ]
  end

  # One after the other, each with how long that took: where a run's minutes go is asked now and then.
  defp measured(parts) do
    for {part, measure} <- parts, into: %{} do
      started = System.monotonic_time(:millisecond)
      measured = measure.()
      IO.puts("  (#{part}: #{div(System.monotonic_time(:millisecond) - started, 100) / 10} s)")
      {part, measured}
    end
  end

  defp scenarios(options) do
    case options[:only] do
      nil -> Scenario.all()
      keys -> keys |> String.split(",") |> Enum.map(&Scenario.fetch!/1)
    end
  end

  # Which of the largest inputs; pairs of all writers in a turn, and how many these are; seconds for each
  # contender in each scenario; turns of the writers; sessions that start and end;
  # event pairs while others are sealed; events of the recordings to seek in; sessions that end at once;
  # recordings to list; the recording to play.
  defp pace(options) do
    if options[:quick],
      do: %{
        quick?: true,
        extremes: :soon,
        writers: {4_096, [1, 2, 16]},
        warmup: 0.05,
        time: 0.3,
        turns: 2,
        sessions: 300,
        pairs: 2_000,
        lengths: [1_000, 10_000],
        ending: 50,
        kept: 2_000,
        played: %{pairs: 500, opens: 3, seeks: 50, clicks: 15}
      },
      else: %{
        quick?: false,
        extremes: :all,
        writers: {16_000, [1, 2, 16, 1_000]},
        warmup: 1,
        time: 4,
        turns: 5,
        sessions: 3_000,
        pairs: 20_000,
        lengths: [1_000, 10_000, 100_000],
        ending: 1_000,
        kept: 100_000,
        played: %{pairs: 5_000, opens: 7, seeks: 200, clicks: 200}
      }
  end
end
