defmodule PhoenixReplay.Bench do
  @moduledoc """
  `mix bench`: what recording adds to a LiveView, beside the plain ETS recorder in the same run.

      mix bench                       # some minutes; writes bench/RESULTS.md
      mix bench --quick               # under a minute; writes nothing
      mix bench --only form,row_1000  # these scenarios of `PhoenixReplay.Bench.Scenario`; writes nothing
  """
  alias PhoenixReplay.Bench.{AddedTime, EtsRecorder, Machine, Report, Scenario, Size}

  @results "bench/RESULTS.md"
  @switches [quick: :boolean, only: :string]

  @spec main([String.t()]) :: :ok
  def main(arguments) do
    {options, _rest} = OptionParser.parse!(arguments, strict: @switches)
    started = System.monotonic_time(:second)
    EtsRecorder.init()

    times = options |> scenarios() |> AddedTime.measure(pace(options))
    sizes = if options[:only], do: [], else: Size.measure()

    IO.puts("\n" <> Report.text(times, sizes))
    IO.puts("\n#{Machine.line()}; took #{System.monotonic_time(:second) - started} s")

    if options == [] do
      File.write!(@results, Report.markdown(times, sizes))
      IO.puts("Written to #{@results}.")
    end

    :ok
  end

  defp scenarios(options) do
    case options[:only] do
      nil -> Scenario.all()
      keys -> keys |> String.split(",") |> Enum.map(&Scenario.fetch!/1)
    end
  end

  # Seconds for each contender in each scenario.
  defp pace(options) do
    if options[:quick],
      do: %{warmup: 0.2, time: 0.7},
      else: %{warmup: 1, time: 4}
  end
end
