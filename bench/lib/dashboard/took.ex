defmodule PhoenixReplay.Bench.Dashboard.Took do
  @moduledoc """
  How long something took by the clock, and how much of it this system was at work: the CPU time of all its
  threads. The one is what a viewer waits for; the other tells it from what else the machine was doing.
  """

  @doc "What `fun` gives, and what it took: `{result, %{ms: float, cpu_ms: float}}`."
  @spec of((-> result)) :: {result, %{ms: float, cpu_ms: float}} when result: term
  def of(fun) do
    {_total, _before} = :erlang.statistics(:runtime)
    {us, result} = :timer.tc(fun)
    {_total, cpu_ms} = :erlang.statistics(:runtime)
    {result, %{ms: us / 1_000, cpu_ms: cpu_ms / 1}}
  end

  @doc "The median of some, or another part of them, by the clock and of the work each by itself."
  @spec at([%{ms: float, cpu_ms: float}], float) :: %{ms: float, cpu_ms: float}
  def at(taken, part), do: %{ms: place(taken, :ms, part), cpu_ms: place(taken, :cpu_ms, part)}

  defp place(taken, key, part) do
    taken |> Enum.map(& &1[key]) |> Enum.sort() |> Enum.at(trunc(length(taken) * part))
  end
end
