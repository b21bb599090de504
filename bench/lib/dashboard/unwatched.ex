defmodule PhoenixReplay.Bench.Dashboard.Unwatched do
  @moduledoc """
  What "Live now" costs recorded sessions. While nobody looks: how often they call it, how many messages its
  process gets and how much it works, which is to be nothing at all. And an event pair with nobody there,
  beside the same while ten lists look.
  """
  alias PhoenixReplay.Bench.{Contender, Live, Scenario}
  alias PhoenixReplay.LiveNow
  alias PhoenixReplay.LiveNow.{Cluster, Teller}
  alias PhoenixReplay.Storage.Query

  @enforce_keys [:pairs, :calls, :reductions, :nobody_us, :watched_us]
  defstruct [:pairs, :calls, :reductions, :nobody_us, :watched_us]

  @type t :: %__MODULE__{
          pairs: pos_integer,
          calls: non_neg_integer,
          reductions: non_neg_integer,
          nobody_us: float,
          watched_us: float
        }

  @looks 10
  # One after the other, so that what else the machine does is in both.
  @rounds 6

  @spec measure(%{pairs: pos_integer}) :: t
  def measure(%{pairs: pairs}) do
    IO.puts("Measuring: what running sessions pay for being looked at")
    {calls, reductions} = counted(fn -> session(pairs, fn -> :ok end) end)

    {nobody, watched} =
      Enum.unzip(for _round <- 1..@rounds, do: {nobody(div(pairs, 2)), watched(div(pairs, 2))})

    %__MODULE__{
      pairs: pairs,
      calls: calls,
      reductions: reductions,
      nobody_us: Enum.min(nobody),
      watched_us: Enum.min(watched)
    }
  end

  # Of every function of it, by whichever process, and the work of its one process.
  defp counted(fun) do
    functions =
      for module <- [LiveNow, Teller, Cluster],
          {name, arity} <- module.__info__(:functions),
          do: {module, name, arity}

    teller = Process.whereis(Teller)
    for function <- functions, do: :erlang.trace_pattern(function, true, [:local, :call_count])
    {:reductions, before} = Process.info(teller, :reductions)
    fun.()
    {:reductions, then} = Process.info(teller, :reductions)
    calls = functions |> Enum.map(&calls/1) |> Enum.sum()
    for function <- functions, do: :erlang.trace_pattern(function, false, [:local, :call_count])
    {calls, then - before}
  end

  defp calls(function) do
    {:call_count, count} = :erlang.trace_info(function, :call_count)
    count
  end

  defp nobody(pairs), do: session(pairs, fn -> :ok end)

  defp watched(pairs) do
    {:ok, query} = Query.new([])
    session(pairs, fn -> for _look <- 1..@looks, do: LiveNow.look(query) end)
  end

  # The median of an event pair of one session, in microseconds. Who looks is gone with it.
  defp session(pairs, before) do
    task =
      Task.async(fn ->
        before.()
        scenario = Scenario.fetch!(:counter)
        socket = Live.mount(:ours, scenario.assigns.())
        {times, socket} = Enum.map_reduce(1..pairs, socket, &Live.timed(scenario, &1, &2))
        Contender.delete(:ours, socket)
        (times |> Enum.sort() |> Enum.at(div(pairs, 2))) / 1_000
      end)

    Task.await(task, :infinity)
  end
end
