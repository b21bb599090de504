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
    times = AddedTime.measure(scenarios, pace)
    held = Held.measure(scenarios, options[:only] == nil)
    rest = if options[:only], do: %{}, else: rest(pace)
    Map.merge(%{times: times, held: held}, rest)
  end

  defp rest(pace) do
    %{
      parts: Parts.measure(pace),
      life: Life.measure(pace),
      writers: Writers.measure(pace),
      sizes: Size.measure(),
      sealed: WhileSealed.measure(pace),
      seals: Stored.seals(),
      seeks: Stored.seeks(pace.lengths),
      storage: Storage.measure(pace),
      dashboard: Dashboard.measure(pace)
    }
  end

  defp scenarios(options) do
    case options[:only] do
      nil -> Scenario.all()
      keys -> keys |> String.split(",") |> Enum.map(&Scenario.fetch!/1)
    end
  end

  # Seconds for each contender in each scenario; turns of the writers; sessions that start and end;
  # event pairs while others are sealed; events of the recordings to seek in; sessions that end at once;
  # recordings to list.
  defp pace(options) do
    if options[:quick],
      do: %{
        warmup: 0.1,
        time: 0.5,
        turns: 2,
        sessions: 300,
        pairs: 5_000,
        lengths: [1_000, 10_000],
        ending: 200,
        kept: 3_000
      },
      else: %{
        warmup: 1,
        time: 4,
        turns: 5,
        sessions: 3_000,
        pairs: 20_000,
        lengths: [1_000, 10_000, 100_000],
        ending: 1_000,
        kept: 100_000
      }
  end
end
