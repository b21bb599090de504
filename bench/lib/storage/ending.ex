defmodule PhoenixReplay.Bench.Storage.Ending do
  @moduledoc """
  Sessions of 400 events, typed into a form, that end at once: how long until all of them are in files
  and none is in memory, beside the plain recorder with its own file storage in the same run.

  Meanwhile another LiveView goes on: the longest that one of its event pairs took.
  """
  alias PhoenixReplay.Bench.{EtsRecorder, Live, Scenario}

  @enforce_keys [:sessions, :ms, :other_us]
  defstruct [:sessions, :ms, :other_us]

  @type t :: %__MODULE__{
          sessions: pos_integer,
          ms: %{ours: float, ets: float},
          other_us: %{ours: float, ets: float}
        }

  @pairs 200
  # Different changes, which each session makes again and again.
  @changes 16

  @spec measure(pos_integer, Path.t()) :: t
  def measure(sessions, folder) do
    IO.puts("Measuring: #{sessions} sessions that end at once")
    measured = Map.new([:ets, :ours], &{&1, turn(&1, sessions, Path.join(folder, "#{&1}"))})

    %__MODULE__{
      sessions: sessions,
      ms: Map.new(measured, fn {contender, {ms, _us}} -> {contender, ms} end),
      other_us: Map.new(measured, fn {contender, {_ms, us}} -> {contender, us} end)
    }
  end

  def ratio(%__MODULE__{ms: ms}), do: ms.ours / ms.ets

  defp turn(contender, sessions, folder) do
    File.mkdir_p!(folder)
    start(contender, folder)
    parent = self()
    pids = for _n <- 1..sessions, do: spawn(fn -> live(contender, parent) end)
    for pid <- pids, do: receive(do: ({^pid, :recorded} -> :ok))
    other = spawn_link(fn -> other(contender, parent) end)
    receive(do: ({^other, :ready} -> :ok))

    started = System.monotonic_time(:microsecond)
    for pid <- pids, do: send(pid, :end)
    wait(contender, sessions, folder)
    ms = (System.monotonic_time(:microsecond) - started) / 1_000

    send(other, :end)
    us = receive(do: ({^other, :longest, us} -> us))
    stop(contender)
    {ms, us}
  end

  defp start(:ets, folder), do: {:ok, _pid} = EtsRecorder.Storage.start_link(folder)

  defp start(:ours, folder),
    do: Application.put_env(:phoenix_replay, :storage_opts, path: folder, format: :etf)

  defp stop(:ets), do: GenServer.stop(EtsRecorder.Storage)
  defp stop(:ours), do: PhoenixReplay.Persister.drain(60_000)

  defp live(contender, parent) do
    scenario = Scenario.fetch!(:form)
    socket = Live.mount(contender, scenario.assigns.())
    changes = Live.changes(scenario, socket, @changes)
    socket = changes |> Stream.cycle() |> Enum.take(@pairs) |> Enum.reduce(socket, &Live.replay/2)
    if contender == :ets, do: EtsRecorder.Storage.watch(socket)
    send(parent, {self(), :recorded})
    # A LiveView that rests takes little; what it holds goes with it.
    receive(do: (:end -> socket.view))
  end

  # One pair a millisecond.
  defp other(contender, parent) do
    scenario = Scenario.fetch!(:form)
    socket = Live.mount(contender, scenario.assigns.())
    if contender == :ets, do: EtsRecorder.Storage.watch(socket)
    changes = Live.changes(scenario, socket, @changes)
    send(parent, {self(), :ready})
    go_on(Stream.cycle(changes), socket, parent)
  end

  defp go_on(changes, socket, parent) do
    longest =
      Enum.reduce_while(changes, {socket, 0}, fn change, {socket, longest} ->
        started = System.monotonic_time(:nanosecond)
        socket = Live.replay(change, socket)
        took = (System.monotonic_time(:nanosecond) - started) / 1_000

        receive do
          :end -> {:halt, max(longest, took)}
        after
          1 -> {:cont, {socket, max(longest, took)}}
        end
      end)

    send(parent, {self(), :longest, longest})
  end

  # All but the other LiveView's.
  defp wait(:ours, sessions, folder) do
    if PhoenixReplay.info().sessions > 1 or files(folder, "*/*.etf.gz") < sessions,
      do: Process.sleep(2) && wait(:ours, sessions, folder)
  end

  defp wait(:ets, sessions, folder) do
    if files(folder, "*.etf.gz") < sessions,
      do: Process.sleep(2) && wait(:ets, sessions, folder),
      else: EtsRecorder.Storage.settle()
  end

  defp files(folder, pattern), do: folder |> Path.join(pattern) |> Path.wildcard() |> length()
end
