defmodule PhoenixReplay.Store.Erasing.ClusterTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.{Error, Recording, Store}

  @everyone [url: "/ann"]

  # Two nodes that know each other and not this one, which stays as it is.
  setup do
    folder =
      Path.join(System.tmp_dir!(), "phoenix_replay_nodes_#{System.unique_integer([:positive])}")

    on_exit(fn -> File.rm_rf!(folder) end)
    port = epmd()
    {one, _name} = node("one", port, folder)
    {two, name} = node("two", port, folder)
    true = :peer.call(one, Node, :connect, [name])
    {:ok, one: one, two: two, epmd: port}
  end

  # A name server of their own on a free port; it goes with this test, whose port it is.
  defp epmd do
    {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
    {:ok, free} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    epmd = System.find_executable("epmd")
    args = ["-port", "#{free}", "-address", "127.0.0.1"]
    server = Port.open({:spawn_executable, epmd}, [:binary, args: args])
    {:os_pid, pid} = Port.info(server, :os_pid)
    on_exit(fn -> System.cmd("kill", ["#{pid}"]) end)
    free
  end

  defp node(name, port, folder) do
    {:ok, peer, node} =
      :peer.start(%{
        name: String.to_charlist("replay_#{name}_#{port}"),
        host: ~c"127.0.0.1",
        longnames: true,
        connection: :standard_io,
        env: env(port),
        args: code()
      })

    on_exit(fn -> :peer.stop(peer) end)
    config = [storage_opts: [path: folder], max_recordings: nil]
    :ok = :peer.call(peer, Application, :put_all_env, [[phoenix_replay: config]])
    {:ok, _started} = :peer.call(peer, Application, :ensure_all_started, [:phoenix_replay])
    {peer, node}
  end

  defp env(port), do: [{~c"ERL_EPMD_PORT", Integer.to_charlist(port)}]
  defp code, do: Enum.flat_map(:code.get_path(), &[~c"-pa", &1])

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
      :peer.start(%{connection: :standard_io, env: env(port), args: code()})

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
