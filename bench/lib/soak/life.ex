defmodule PhoenixReplay.Bench.Soak.Life do
  @moduledoc """
  One session of the soak, from its start to its end: a process that mounts a LiveView of one of the
  scenarios, handles some events with a pause now and then, and ends in one of the ways there are.
  """
  alias PhoenixReplay.Bench.{Live, Scenario}
  alias PhoenixReplay.{Recording, Store}

  @scenarios [:counter, :form, :row_100, :row_1000, :rebuilt, :inserted, :wide]

  @doc "Lives one. Whether there is a recording of it to be expected."
  @spec live() :: :kept | :discarded
  def live do
    if :rand.uniform(10) == 1, do: by_id(), else: view()
  end

  defp view do
    key = Enum.random(@scenarios)
    pairs = Enum.random([0, 0, 1, 1, 2, 3, 5, 5, 10, 20, 50, 100, most(key)])
    lane = self()
    {pid, monitor} = spawn_monitor(fn -> view(Scenario.fetch!(key), pairs, lane) end)

    receive do
      {:lived, ^pid} -> :ok
      {:DOWN, ^monitor, :process, ^pid, reason} -> raise "it ended early: #{inspect(reason)}"
    end

    Process.exit(pid, Enum.random(endings(pairs)))
    receive(do: ({:DOWN, ^monitor, :process, ^pid, _reason} -> :ok))
    if pairs > 0, do: :kept, else: :discarded
  end

  # One that crashed is kept even where nobody used it.
  defp endings(0), do: [{:shutdown, :closed}, {:shutdown, :left}, :kill]
  defp endings(_pairs), do: [{%RuntimeError{message: "soak"}, []} | endings(0)]

  # Long enough to fill parts of a log, where that does not take long.
  defp most(key) when key in [:counter, :form, :wide, :row_100], do: 1_500
  defp most(_key), do: 100

  defp view(scenario, pairs, lane) do
    socket = Live.mount(:ours, scenario.assigns.())
    _socket = Enum.reduce(1..pairs//1, socket, &pair(scenario, &1, &2))
    send(lane, {:lived, self()})
    Process.sleep(:infinity)
  end

  defp pair(scenario, n, socket) do
    if rem(n, 50) == 0, do: Process.sleep(:rand.uniform(20))
    socket |> scenario.change.(n) |> Live.pair() |> Live.rendered()
  end

  defp by_id do
    id = "soak-#{System.unique_integer([:positive])}"
    :ok = Store.start_recording(id, %Recording{view: __MODULE__})

    for n <- 1..50,
        do: :ok = Store.append_event(id, {n, :event, %{name: "n", params: %{"n" => n}}})

    {:ok, _recording} = Store.finalize(id)
    :kept
  end
end
