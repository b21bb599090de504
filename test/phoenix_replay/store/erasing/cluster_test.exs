defmodule PhoenixReplay.Store.Erasing.ClusterTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.{Error, Nodes, Recording, Store}

  @everyone [url: "/ann"]

  # Two nodes that know each other and not this one, which stays as it is.
  setup do
    folder =
      Path.join(System.tmp_dir!(), "phoenix_replay_nodes_#{System.unique_integer([:positive])}")

    on_exit(fn -> File.rm_rf!(folder) end)
    port = Nodes.epmd()
    config = [storage_opts: [path: folder], max_recordings: nil]
    {one, _name} = Nodes.start("one", port, config)
    {two, name} = Nodes.start("two", port, config)
    true = :peer.call(one, Node, :connect, [name])
    {:ok, one: one, two: two, epmd: port}
  end

  defp store(node, function, args), do: :peer.call(node, Store, function, args)

  defp begin(node, id, url) do
    :ok = store(node, :start_recording, [id, %Recording{view: __MODULE__, url: url}])
    :ok = store(node, :append_event, [id, {1, :event, %{name: "inc"}}])
  end

  test "sessions that run on connected nodes are erased too", %{one: one, two: two} do
    begin(one, "here", "/ann")
    begin(two, "there", "/ann")
    begin(two, "other", "/bob")
    begin(two, "saved", "/ann")
    {:ok, _recording} = store(two, :finalize, ["saved"])

    assert store(one, :delete_recordings, [@everyone, [dry_run: true]]) == {:ok, 3}
    assert store(one, :delete_recordings, [@everyone]) == {:ok, 3}
    assert store(two, :get_active, ["there"]) == :error
    assert {:ok, %{events: [_]}} = store(two, :get_active, ["other"])
    assert store(one, :count, [[]]) == {:ok, 0}
  end

  test "mix phoenix_replay.erase reaches what runs, by way of a node", context do
    %{one: one, two: two, epmd: port} = context
    facts = %{"user_id" => "7"}
    :ok = store(one, :start_recording, ["here", %Recording{view: __MODULE__, metadata: facts}])
    :ok = store(two, :start_recording, ["there", %Recording{view: __MODULE__, metadata: facts}])
    begin(two, "other", "/bob")

    # As `mix` is: a system of its own, which is no node yet.
    {:ok, mix, _no_name} =
      :peer.start(%{connection: :standard_io, env: Nodes.env(port), args: Nodes.code()})

    on_exit(fn -> :peer.stop(mix) end)
    {:ok, _started} = :peer.call(mix, Application, :ensure_all_started, [:mix])
    node = to_string(:peer.call(one, Node, :self, []))
    cookie = to_string(:peer.call(one, Node, :get_cookie, []))
    task = ["--user-id", "7", "--node", node, "--cookie", cookie]

    assert erase(mix, task ++ ["--dry-run"]) == "would delete 2 recordings"
    assert erase(mix, task ++ ["--yes"]) == "deleted 2 recordings"
    assert store(one, :get_active, ["here"]) == :error
    assert store(two, :get_active, ["there"]) == :error
    assert {:ok, _other} = store(two, :get_active, ["other"])

    assert_raise Mix.Error, ~r/cannot be reached/, fn ->
      erase(mix, ["--user-id", "7", "--node", "nobody@127.0.0.1", "--yes"])
    end
  end

  # What it says comes to the process that runs it.
  defp erase(mix, args) do
    run = """
    Mix.shell(Mix.Shell.Process)
    Mix.Tasks.PhoenixReplay.Erase.run(args)
    receive do: ({:mix_shell, :info, [said]} -> said)
    """

    {said, _bindings} = :peer.call(mix, Code, :eval_string, [run, [args: args]])
    said
  end

  test "where a node cannot do its part, what is saved stays", %{one: one, two: two} do
    begin(one, "saved", "/ann")
    {:ok, _recording} = store(one, :finalize, ["saved"])
    begin(two, "there", "/ann")
    no_folder = [:phoenix_replay, :storage_opts, [path: "/dev/null"]]
    :ok = :peer.call(two, Application, :put_env, no_folder)
    assert {:error, %Error{reason: :storage}} = store(one, :delete_recordings, [@everyone])
    assert store(one, :count, [[]]) == {:ok, 1}
  end
end
