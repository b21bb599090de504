defmodule PhoenixReplay.Bench do
  @moduledoc """
  `mix bench`: what recording adds to a LiveView, beside the plain ETS recorder in the same run.

      mix bench                       # some minutes; writes bench/RESULTS.md
      mix bench --quick               # under a minute; writes nothing
      mix bench --only form,row_1000  # these scenarios of `PhoenixReplay.Bench.Scenario`; writes nothing
  """
  alias PhoenixReplay.Bench.{
    AddedTime,
    EtsRecorder,
    Held,
    Life,
    Machine,
    Report,
    Scenario,
    Size,
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

    scenarios = scenarios(options)
    pace = pace(options)
    times = AddedTime.measure(scenarios, pace)
    held = Held.measure(scenarios, options[:only] == nil)
    rest = if options[:only], do: %{}, else: rest(pace)
    results = Map.merge(%{times: times, held: held}, rest)

    IO.puts("\n" <> Report.text(results))
    IO.puts("\n#{Machine.line()}; took #{System.monotonic_time(:second) - started} s")

    if options == [] do
      File.write!(@results, Report.markdown(results))
      IO.puts("Written to #{@results}.")
    end

    :ok
  end

  defp rest(pace) do
    %{
      life: Life.measure(pace),
      writers: Writers.measure(pace),
      sizes: Size.measure(),
      sealed: WhileSealed.measure(pace),
      seals: Stored.seals(),
      seeks: Stored.seeks(pace.lengths)
    }
  end

  defp scenarios(options) do
    case options[:only] do
      nil -> Scenario.all()
      keys -> keys |> String.split(",") |> Enum.map(&Scenario.fetch!/1)
    end
  end

  # Seconds for each contender in each scenario; turns of the writers; sessions that start and end;
  # event pairs while others are sealed; events of the recordings to seek in.
  defp pace(options) do
    if options[:quick],
      do: %{
        warmup: 0.1,
        time: 0.5,
        turns: 2,
        sessions: 300,
        pairs: 5_000,
        lengths: [1_000, 10_000]
      },
      else: %{
        warmup: 1,
        time: 4,
        turns: 5,
        sessions: 3_000,
        pairs: 20_000,
        lengths: [1_000, 10_000, 100_000]
      }
  end
end
