defmodule PhoenixReplay.CrashTest do
  @moduledoc """
  Kills nodes that record. `KILLS=200 mix test test/phoenix_replay/crash_test.exs` for the long run.
  """

  use ExUnit.Case, async: true

  alias PhoenixReplay.Crash.Storage

  @kills String.to_integer(System.get_env("KILLS", "20"))
  @flush [events: 50, interval_ms: 1_000]

  setup do
    folder =
      Path.join(System.tmp_dir!(), "phoenix_replay_crash_#{System.unique_integer([:positive])}")

    on_exit(fn ->
      for path <- [folder, folder <> ".marks", folder <> ".appended"], do: File.rm_rf!(path)
    end)

    {:ok, folder: folder}
  end

  @tag timeout: @kills * 30_000
  test "a node killed at any moment loses no more than the last interval", %{folder: folder} do
    {kills, last, writing} =
      Enum.reduce_while(1..(2 * @kills), {0, nothing(), 0}, fn kill, {_kills, before, writing} ->
        node = start(folder)
        assert_kept(report(node), before)
        killer = killer(node)
        wait(kill, folder)
        killed_at = kill(node, killer)
        writing = writing + if(Storage.writing?(folder), do: 1, else: 0)
        Storage.forget(folder)
        enough = kill >= @kills and writing * 2 >= kill
        {if(enough, do: :halt, else: :cont), {kill, appended(folder, killed_at), writing}}
      end)

    node = start(folder)
    assert_kept(report(node), last)
    kill(node, killer(node))
    IO.puts("\ncrash test: #{kills} kills, #{writing} while something was being written")
    assert writing * 2 >= kills
  end

  # Whether a kill meets a write is chance: there are more of them until half of all did.
  # Most die while something is being written, the others whenever their time has come.
  defp wait(kill, folder) do
    Process.sleep(:rand.uniform(2_500))
    if rem(kill, 4) != 0, do: until_writing(folder, 2_000)
  end

  defp until_writing(folder, tries) do
    unless Storage.writing?(folder) or tries == 0, do: until_writing(folder, tries - 1)
  end

  defp start(folder) do
    code = "PhoenixReplay.Crash.Node.run(#{inspect(folder)}, #{inspect(@flush)})"
    paths = for path <- :code.get_path(), do: ["-pa", List.to_string(path)]

    Port.open({:spawn_executable, System.find_executable("elixir")}, [
      :binary,
      :exit_status,
      :stderr_to_stdout,
      line: 10_000,
      args: List.flatten([paths, "-e", code])
    ])
  end

  # What a node found when it started: how many events each recording has.
  defp report(node, kept \\ %{}) do
    receive do
      {^node, {:data, {:eol, "recording"}}} ->
        kept

      {^node, {:data, {:eol, "has " <> line}}} ->
        [id, events] = String.split(line)
        report(node, Map.put(kept, id, String.to_integer(events)))

      {^node, {:data, {_eol, line}}} ->
        flunk("a node said: #{line}")

      {^node, {:exit_status, status}} ->
        flunk("a node ended by itself with status #{status}")
    after
      30_000 -> flunk("a node did not start")
    end
  end

  # A shell that waits for the word: starting one takes longer than a write does.
  defp killer(node) do
    {:os_pid, pid} = Port.info(node, :os_pid)

    Port.open({:spawn_executable, System.find_executable("sh")}, [
      :binary,
      args: ["-c", "read word && kill -9 #{pid}"]
    ])
  end

  defp kill(node, killer) do
    killed_at = System.system_time(:millisecond)
    Port.command(killer, "now\n")
    assert_receive {^node, {:exit_status, 137}}, 10_000
    killed_at
  end

  defp nothing, do: {%{}, _longest_delay = 0}

  # Of each session whether it was finished, and how old each of its events was when the node died. And
  # the longest delay the machine put any process of it to.
  defp appended(folder, killed_at) do
    lines = (folder <> ".appended") |> File.stream!() |> Enum.map(&String.split/1)
    File.rm!(folder <> ".appended")

    for [id, what, at] <- lines, reduce: nothing() do
      appended -> note(appended, id, what, killed_at - String.to_integer(at))
    end
  end

  defp note({sessions, delay}, "late", ms, _age),
    do: {sessions, max(delay, String.to_integer(ms))}

  defp note({sessions, delay}, id, what, age), do: {note(sessions, id, what, age), delay}

  defp note(sessions, id, "finished", _age),
    do: Map.update!(sessions, id, &%{&1 | finished: true})

  defp note(sessions, id, number, age) do
    session = Map.get(sessions, id, %{finished: false, ages: %{}})
    Map.put(sessions, id, put_in(session.ages[String.to_integer(number)], age))
  end

  # All of what was finished must be there, and of the others what is older than the interval. On a
  # machine that has no time for a process that only tells the time, the journal waits as long, and more
  # than once: for its own turn, its task's, the disk's, and as often for the round before.
  defp assert_kept(found, {sessions, delay}) do
    for {id, %{finished: finished, ages: ages}} <- sessions do
      events = Map.get(found, id, 0)
      lost = for {number, age} <- ages, number >= events, do: age
      allowed = if finished, do: -1, else: @flush[:interval_ms] + 6 * delay

      assert Enum.all?(lost, &(&1 <= allowed)),
             "#{id} has #{events} of #{map_size(ages)} events, finished: #{finished}; " <>
               "the oldest that is lost was #{Enum.max(lost, fn -> 0 end)} ms old, of #{allowed} allowed"
    end
  end
end
