defmodule PhoenixReplay.Bench.Steps do
  @moduledoc """
  `mix bench.steps`: which step of an event pair takes what, and a loop of pairs for a profiler.

      mix bench.steps form             # a table of CPU time
      mix bench.steps form --loop 20   # pairs of ours for 20 seconds, for `perf record -p`

  Times are CPU time of the schedulers' threads (Linux), so that neither what else the machine does nor what
  seals in the background is in them. Of some rounds the quickest counts. What the loop itself takes is
  taken off. Nothing is flushed to storage meanwhile.
  """
  alias Phoenix.LiveView.Lifecycle
  alias PhoenixReplay.Bench.{Contender, EtsRecorder, Live, Scenario}
  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.Compat

  @switches [loop: :integer]
  @rounds 25
  # Different changes, which are made again and again.
  @changes 16
  # Of one session: few enough for what the plain recorder keeps of them.
  @pairs 2_000

  @spec main([String.t()]) :: :ok
  def main(arguments) do
    {options, [key]} = OptionParser.parse!(arguments, strict: @switches)
    scenario = Scenario.fetch!(key)
    EtsRecorder.init()
    Application.put_env(:phoenix_replay, :flush, false)
    if seconds = options[:loop], do: loop(scenario, seconds), else: table(scenario)
  end

  defp loop(scenario, seconds) do
    IO.puts("pid #{System.pid()}")
    until = System.monotonic_time(:second) + seconds

    fn -> round({:ours, &pair/2}, scenario, @pairs) end
    |> Stream.repeatedly()
    |> Stream.take_while(fn _round -> System.monotonic_time(:second) < until end)
    |> Stream.run()
  end

  defp table(scenario) do
    pairs = min(@pairs, scenario.pairs)

    # Turn about, so that a slow moment of the machine meets all.
    times =
      for _round <- 1..@rounds, {name, step} <- steps(), reduce: %{} do
        times ->
          took = round(step, scenario, pairs)
          Map.update(times, name, took, &min(&1, took))
      end

    for {name, _step} <- steps(), name != "the loop" do
      added = round(times[name] - times["the loop"])
      IO.puts("#{String.pad_trailing(name, 44)} #{String.pad_leading("#{added}", 8)} ns")
    end

    :ok
  end

  defp steps do
    [
      {"the loop", {:ours, &nothing/2}},
      {"a pair: empty hooks", {:empty, &pair/2}},
      {"a pair: the ETS recorder", {:ets, &pair/2}},
      {"a pair: PhoenixReplay", {:ours, &pair/2}},
      {"  its hook of handle_event", {:ours, &event/2}},
      {"    in the NIF: append_event", {:ours, &native_event/2}},
      {"  its hook of after_render", {:ours, &render/2}},
      {"    in the NIF: append_assigns", {:ours, &native_render/2}},
      {"    the assigns to compare the next with", {:ours, &release/2}}
    ]
  end

  # Nanoseconds for one change.
  defp round({contender, step}, scenario, pairs) do
    socket = Live.mount(contender, scenario.assigns.())
    changes = Live.changes(scenario, socket, @changes)
    :erlang.garbage_collect()
    before = cpu_ns()

    socket =
      Enum.reduce(1..div(pairs, @changes), socket, fn _n, socket ->
        Enum.reduce(changes, socket, step)
      end)

    took = cpu_ns() - before
    Contender.delete(contender, socket)
    took / (div(pairs, @changes) * @changes)
  end

  defp pair(change, socket), do: Live.replay(change, socket)

  defp nothing({_name, _params, assigns}, socket), do: changed(socket, assigns)

  defp event({name, params, assigns}, socket) do
    {:cont, socket} = Lifecycle.handle_event(name, params, %{socket | assigns: assigns})
    Live.rendered(socket)
  end

  defp render({_name, _params, assigns}, socket),
    do: Live.rendered(Lifecycle.after_render(%{socket | assigns: assigns}))

  defp native_event({name, params, assigns}, socket) do
    Native.append_event(socket.private.phoenix_replay.native, name, params)
    changed(socket, assigns)
  end

  defp native_render({_name, _params, assigns}, socket) do
    session = socket.private.phoenix_replay
    Native.append_assigns(session.native, session.seen, assigns, assigns.__changed__)
    session = %{session | seen: assigns}
    changed(%{socket | private: %{socket.private | phoenix_replay: session}}, assigns)
  end

  defp release({_name, _params, assigns}, socket) do
    Compat.release(assigns, [])
    changed(socket, assigns)
  end

  defp changed(socket, assigns), do: Live.rendered(%{socket | assigns: assigns})

  defp cpu_ns do
    for thread <- File.ls!("/proc/self/task"),
        scheduler?(thread),
        [ns | _waits] = String.split(File.read!("/proc/self/task/#{thread}/schedstat")),
        reduce: 0 do
      sum -> sum + String.to_integer(ns)
    end
  end

  # Of the normal ones: the dirty ones' names begin otherwise.
  defp scheduler?(thread),
    do: String.starts_with?(File.read!("/proc/self/task/#{thread}/comm"), "erts_sched")
end
