defmodule PhoenixReplay.Bench.CpuTime do
  @moduledoc """
  How long calls of the NIF hold the thread they are made on, as the thread's own CPU time, which what
  else the machine does is not in; and on which kind of scheduler they are made. Measured apart from
  all other times, since looking at the clock is a system call.
  """
  alias PhoenixReplay.Native

  @enforce_keys [:name, :normal, :dirty]
  defstruct [:name, :normal, :dirty]

  @typedoc "The longest call of a case on each kind of scheduler, `{name, µs}`, `nil` if there was none."
  @type t :: %__MODULE__{
          name: String.t(),
          normal: {String.t(), float} | nil,
          dirty: {String.t(), float} | nil
        }

  @doc "What the calls made while `fun` ran took."
  def of(fun) do
    Native.cpu_times(true)
    fun.()
    Native.cpu_times(false)
  end

  @doc "The mean of one call in microseconds."
  def mean_us(times, call) do
    {total, calls} =
      for %{call: ^call} = time <- times, reduce: {0, 0} do
        {total, calls} -> {total + time.total_ns, calls + time.calls}
      end

    total / max(calls, 1) / 1_000
  end

  @doc "The longest calls while `fun` ran."
  @spec longest(String.t(), (-> term)) :: t
  def longest(name, fun) do
    times = of(fun)

    longest = fn scheduler ->
      times
      |> Enum.filter(&(&1.scheduler == scheduler and not String.contains?(&1.call, ", in ")))
      |> Enum.max_by(& &1.max_ns, fn -> nil end)
      |> case do
        nil -> nil
        %{call: call, max_ns: max_ns} -> {call, max_ns / 1_000}
      end
    end

    %__MODULE__{name: name, normal: longest.(:normal), dirty: longest.(:dirty)}
  end
end
