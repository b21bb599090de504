defmodule PhoenixReplay.Bench.AddedTime do
  @moduledoc """
  What a recorder adds to an event pair (the hooks of `handle_event` and `after_render`) in the process
  of the LiveView.

  The contenders of a scenario run one after the other in one Benchee run. Medians are compared: on a
  machine that does other things as well they move less than means, which are shown beside them.
  """
  alias PhoenixReplay.Bench.{Contender, Live, Scenario}

  @enforce_keys [:scenario, :median_us, :mean_us]
  defstruct [:scenario, :median_us, :mean_us]

  @type t :: %__MODULE__{
          scenario: Scenario.t(),
          median_us: %{Contender.t() => float},
          mean_us: %{Contender.t() => float}
        }

  @spec measure([Scenario.t()], %{warmup: number, time: number}) :: [t]
  def measure(scenarios, pace), do: Enum.map(scenarios, &measure_one(&1, pace))

  # A run for each scenario: with all in one, Benchee would take a contender through all scenarios
  # before the next, and what else the machine does would meet them minutes apart.
  defp measure_one(scenario, pace) do
    IO.puts("Measuring: #{scenario.name}")

    suite =
      Benchee.run(Map.new(Contender.all(), &{Atom.to_string(&1), job(&1)}),
        inputs: [{scenario.name, scenario}],
        warmup: pace.warmup,
        time: pace.time,
        formatters: [],
        print: [benchmarking: false, configuration: false, fast_warning: false],
        max_sample_size: 100_000
      )

    result(scenario, suite.scenarios)
  end

  @doc "Microseconds that a contender adds to empty hooks."
  def added(%__MODULE__{median_us: us}, contender), do: us[contender] - us.empty

  @doc "What PhoenixReplay adds, as a part of what the ETS recorder adds."
  def ratio(result), do: added(result, :ours) / added(result, :ets)

  defp job(contender) do
    {&Live.pair/1,
     before_scenario: fn scenario -> begin(contender, scenario) end,
     before_each: fn scenario -> change(contender, scenario) end,
     after_each: fn socket -> Process.put(:socket, Live.rendered(socket)) end,
     after_scenario: fn _scenario -> Contender.delete(contender, Process.get(:socket)) end}
  end

  defp begin(contender, scenario) do
    Process.put(:socket, Live.mount(contender, scenario.assigns.()))
    Process.put(:pairs, 0)
    scenario
  end

  defp change(contender, scenario) do
    if Process.get(:pairs) == scenario.pairs do
      Contender.delete(contender, Process.get(:socket))
      begin(contender, scenario)
    end

    pairs = Process.get(:pairs) + 1
    Process.put(:pairs, pairs)
    scenario.change.(Process.get(:socket), pairs)
  end

  defp result(scenario, contenders) do
    of = fn statistic ->
      Map.new(contenders, fn measured ->
        nanoseconds = Map.fetch!(measured.run_time_data.statistics, statistic)
        {String.to_existing_atom(measured.job_name), nanoseconds / 1_000}
      end)
    end

    %__MODULE__{scenario: scenario, median_us: of.(:median), mean_us: of.(:average)}
  end
end
