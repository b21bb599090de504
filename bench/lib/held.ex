defmodule PhoenixReplay.Bench.Held do
  @moduledoc """
  The proof that no call holds a normal scheduler for more than a millisecond: the longest call of every
  scenario, and of the largest inputs there are.
  """
  alias PhoenixReplay.Bench.{Contender, CpuTime, Live, Scenario, Task}
  alias PhoenixReplay.Native

  # Seconds to make, each of them: left out of a quick run.
  @long [
    "100,000 rows, all built anew",
    "map of 100,000 keys, built anew",
    "nested 1,000,000 deep"
  ]

  @doc "Of these scenarios and of the largest inputs: `:all`, those that are `:soon` made, or `:none`."
  @spec measure([Scenario.t()], :all | :soon | :none) :: [CpuTime.t()]
  def measure(scenarios, extremes) do
    IO.puts("Measuring: how long calls hold a scheduler")
    Enum.map(scenarios, &scenario/1) ++ extremes(extremes)
  end

  defp extremes(:none), do: []
  defp extremes(:all), do: Enum.map(extremes(), &extreme/1) ++ [freed()]

  defp extremes(:soon) do
    for {name, _before, _change} = extreme <- extremes(), name not in @long, do: extreme(extreme)
  end

  defp scenario(scenario) do
    pairs = min(scenario.pairs, 200)

    apart(scenario.name, fn ->
      socket =
        Enum.reduce(1..pairs, Live.mount(:ours, scenario.assigns.()), fn n, socket ->
          socket |> scenario.change.(n) |> Live.pair() |> Live.rendered()
        end)

      Contender.delete(:ours, socket)
    end)
  end

  # Name, the assigns of the mount, and what they are changed to.
  defp extremes do
    [
      {"100,000 rows, one changed", fn -> Task.list(100_000) end,
       fn rows -> List.update_at(rows, 50_000, &%{&1 | title: "changed"}) end},
      {"100,000 rows, all built anew", fn -> Task.list(100_000) end,
       fn _rows -> Task.list(100_000, 1) end},
      {"100,000 integers, one changed", fn -> Enum.to_list(1..100_000) end,
       fn list -> List.replace_at(list, 99_999, 0) end},
      {"9,000 rows of short text, sorted",
       fn -> Enum.map(1..9_000, &{&1, "row #{rem(&1 * 7_919, 9_000)}"}) end,
       fn rows -> Enum.sort_by(rows, &elem(&1, 1)) end},
      {"map of 100,000 keys, one changed", fn -> Map.new(1..100_000, &{"key #{&1}", &1}) end,
       fn map -> Map.put(map, "key 50000", 0) end},
      {"map of 1,000 keys, built anew", fn -> Map.new(1..1_000, &{"key #{&1}", "value"}) end,
       fn _map -> Map.new(1..1_000, &{"key #{&1}", "value #{rem(&1, 2)}"}) end},
      {"map of 100,000 keys, built anew", fn -> Map.new(1..100_000, &{"key #{&1}", &1}) end,
       fn _map -> Map.new(1..100_000, &{"key #{&1}", &1 + 1}) end},
      {"binary of 10 MB, its end changed", fn -> String.duplicate("text ", 2_000_000) end,
       fn text -> binary_part(text, 0, 9_999_990) <> "other text" end},
      {"binary of 100 kB, its end changed", fn -> String.duplicate("text ", 20_000) end,
       fn text -> binary_part(text, 0, 99_990) <> "other text" end},
      {"nested 1,000 deep", fn -> nest(1_000, 0) end, fn _nest -> nest(1_000, 1) end},
      {"nested 1,000,000 deep", fn -> nest(1_000_000, 0) end, fn _nest -> nest(1_000_000, 1) end}
    ]
  end

  defp extreme({name, before, change}) do
    apart(name, fn ->
      given = before.()
      socket = Live.mount(:ours, given: given)
      changed = Phoenix.Component.assign(socket, given: change.(given))
      socket = Live.rendered(Live.pair({"change", %{"text" => "short"}, changed}))
      Live.pair({"params", %{"given" => given}, socket})
      Native.session_remove(socket.private.phoenix_replay.id)
    end)
  end

  # A session, and a timeline of it, that are let go of.
  defp freed do
    apart("session of 100 MB freed", fn ->
      id = "freed-#{System.unique_integer([:positive])}"

      facts = %{
        view: __MODULE__,
        connected_at: 1,
        url: nil,
        head: :erlang.term_to_binary(%{}),
        params: %{},
        session: %{}
      }

      limits = %{max_events: 1_000_000, max_bytes: 128 * 1024 * 1024}
      {:ok, session} = Native.session_start(id, nil, facts, nil, limits)
      text = :crypto.strong_rand_bytes(1024 * 1024)
      for n <- 1..100, do: Native.append_by_id(session, n, :custom, %{text: text, n: n})
      {:ok, timeline} = Native.session_timeline(session)
      1..100 |> Enum.each(&Native.timeline_events(timeline, &1, 1))
      Native.session_remove(id)
    end)
  end

  defp nest(depth, leaf), do: Enum.reduce(1..depth, leaf, fn _level, inner -> [inner] end)

  defp apart(name, fun), do: CpuTime.longest(name, fn -> run(fun) end)

  # In a process of its own, whose end frees what it held while it is measured.
  defp run(fun) do
    {pid, monitor} = spawn_monitor(fun)

    receive do
      {:DOWN, ^monitor, :process, ^pid, :normal} -> :ok
      {:DOWN, ^monitor, :process, ^pid, reason} -> exit(reason)
    end

    # A process is gone before all of its terms are.
    Process.sleep(50)
  end
end
