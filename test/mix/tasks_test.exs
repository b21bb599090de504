defmodule Mix.TasksTest do
  use PhoenixReplay.Case
  alias Mix.Tasks.PhoenixReplay.{Erase, Grep, List, Show}
  alias PhoenixReplay.Databases
  alias PhoenixReplay.Databases.Repos

  setup do
    shell = Mix.shell()
    Mix.shell(Mix.Shell.Process)
    on_exit(fn -> Mix.shell(shell) end)

    for {id, at} <- [{"old", 0}, {"new", 60_000}] do
      :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: at})
      :ok = Store.append_event(id, {0, :mount, %{assigns: %{count: 41, user: "Ann\e[2J"}}})
      :ok = Store.append_event(id, {1_500, :event, %{name: "save", params: %{"by" => id}}})
      {:ok, _recording} = Store.finalize(id)
    end

    :ok
  end

  defp said(task, args) do
    task.run(args)
    lines([])
  end

  defp lines(lines) do
    receive do
      {:mix_shell, :info, [line]} -> lines([line | lines])
    after
      0 -> Enum.reverse(lines)
    end
  end

  test "list names recordings, newest first" do
    assert [new, _old] = said(List, [])
    assert new =~ "new  1970-01-01 00:01:00  PhoenixReplay.Zoo.CounterLive  2 events  +1.500s"
    assert [_new] = said(List, ["--limit", "1"])
    assert said(List, ["--view", "Other"]) == ["no recordings"]
  end

  test "show tells the events, or the assigns as of one" do
    lines = said(Show, ["old"])
    assert Enum.any?(lines, &(&1 =~ ~r/view +PhoenixReplay.Zoo.CounterLive/))
    assert Elixir.List.last(lines) =~ ~r/ 1 +\+1.500s +event +save/
    assert said(Show, ["old", "--event", "1"]) == [~S(%{count: 41, user: "Ann\e[2J"})]
    assert said(Show, ["old", "--ms", "0"]) == said(Show, ["old", "--event", "0"])
  end

  test "grep finds texts, numbers and patterns" do
    assert said(Grep, ["-i", "ANN", "--limit", "1"]) |> hd() ==
             "new  #0  +0.000s  assigns.user: Ann [2J"

    assert said(Grep, ["--regex", "^ol.$"]) == [~s(old  #1  +1.500s  params["by"]: old)]
    assert [_new, _old] = said(Grep, ["--number", "41"])
    assert catch_exit(Grep.run(["nothing like it"])) == {:shutdown, 1}
  end

  test "erase counts, asks, and deletes what has the metadata" do
    for {id, user} <- [{"a", 7}, {"b", "7"}, {"c", 8}] do
      :ok = Store.start_recording(id, %Recording{view: V, metadata: %{user_id: user, plan: :x}})
      {:ok, _recording} = Store.finalize(id)
    end

    assert said(Erase, ["--user-id", "7", "--dry-run"]) == ["would delete 2 recordings"]
    assert said(Erase, ["--user-id", "7", "--plan", "y", "--yes"]) == ["deleted 0 recordings"]

    send(self(), {:mix_shell_input, :yes?, false})
    assert said(Erase, ["--user-id=7"]) == ["nothing deleted"]
    assert_received {:mix_shell, :yes?, ["Delete 2 recordings with user_id 7?"]}
    assert {:ok, _recording} = Store.get_recording("a")

    assert said(Erase, ["--user-id", "7", "--yes"]) == ["deleted 2 recordings"]
    assert for(id <- ~w(a b c), do: Store.get_recording(id) == :error) == [true, true, false]
    send(self(), {:mix_shell_input, :yes?, true})
    assert said(Erase, ["--user-id", "8"]) == ["deleted 1 recording"]
  end

  # As a project has it: its configuration says where the database is, and nothing runs but the task.
  for kind <- [:sqlite, :postgres] do
    @tag kind
    test "recordings in a repo (#{kind}), which the task starts" do
      {repo, options} = Databases.make(unquote(kind))
      on_exit(fn -> Repos.drop({repo, options}) end)
      configure(storage: PhoenixReplay.Storage.Ecto, storage_opts: [repo: repo])
      start_supervised!({repo, options})
      Repos.migrate(repo, [Databases.Full], :up)
      :ok = Store.start_recording("a", %Recording{view: V, metadata: %{user_id: 7}})
      :ok = Store.append_event("a", {0, :event, %{name: "save", params: %{"to" => "disk"}}})
      {:ok, _recording} = Store.finalize("a")
      stop_supervised!(repo)
      configure([{repo, options}])

      assert [a] = said(List, [])
      assert a =~ ~r/^a  .*  V  1 events/
      assert said(List, ["--event", "other"]) == ["no recordings"]
      assert Elixir.List.last(said(Show, ["a"])) =~ "save"
      assert said(Grep, ["disk"]) == [~s(a  #0  +0.000s  params["to"]: disk)]
      assert said(Erase, ["--user-id", "7", "--yes"]) == ["deleted 1 recording"]
      assert said(List, []) == ["no recordings"]
      # What a task started it stopped.
      assert Process.whereis(repo) == nil

      # In a project that started it already, it is left running.
      start_supervised!({repo, options})
      assert said(List, []) == ["no recordings"]
      assert Process.whereis(repo)
    end
  end

  test "what is wrong is said" do
    for {task, args, word} <- [
          {Show, [], "Usage: mix phoenix_replay.show ID"},
          {Show, ["none"], "there is no recording none"},
          {Show, ["old", "--event", "9"], "there is no event 9"},
          {Show, ["old", "--event=-1"], "from 0"},
          {Erase, [], "Usage: mix phoenix_replay.erase"},
          {Erase, ["--yes"], "Usage: mix phoenix_replay.erase"},
          {Erase, ["--user-id"], "Usage: mix phoenix_replay.erase"},
          {Erase, ["7", "--user-id", "7"], "Usage: mix phoenix_replay.erase"},
          {List, ["--colour"], "--colour is not understood"},
          {Grep, ["--number", "many"], "not a number"},
          {Grep, ["-e", "("], "no regular expression"}
        ] do
      assert_raise Mix.Error, ~r/#{Regex.escape(word)}/, fn -> task.run(args) end
    end
  end
end
