defmodule PhoenixReplay.Dashboard.ClusterTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.{DashboardHost, Nodes, Stage, Store}

  # Two nodes with a dashboard each, one PubSub and one folder. Whoever looks is at the second.
  setup do
    folder =
      Path.join(System.tmp_dir!(), "phoenix_replay_seen_#{System.unique_integer([:positive])}")

    on_exit(fn -> File.rm_rf!(folder) end)
    port = Nodes.epmd()
    config = [storage_opts: [path: folder], max_recordings: nil, pubsub: __MODULE__.PubSub]
    {one, _name} = Nodes.start("seen", port, config)
    {two, name} = Nodes.start("seeing", port, config)
    true = :peer.call(one, Node, :connect, [name])
    for node <- [one, two], do: Stage.start(node, __MODULE__.PubSub)
    {:ok, one: one, two: two}
  end

  defp run(node, id), do: :ok = :peer.call(node, DashboardHost, :run, [id, []])

  defp save(node, id) do
    run(node, id)
    {:ok, _recording} = store(node, :finalize, [id])
  end

  defp store(node, function, args), do: :peer.call(node, Store, function, args)

  defp open_frame(node, player) do
    {src, params} = DashboardHost.framed(player)
    Stage.open(node, :frame, src, params)
  end

  # What one node tells comes to another in its own time.
  defp shows(node, page, text, left \\ 200) do
    html = Stage.html(node, page)

    cond do
      html =~ text ->
        html

      left == 0 ->
        flunk("not what #{inspect(text)} says:\n#{html}")

      true ->
        Process.sleep(50)
        shows(node, page, text, left - 1)
    end
  end

  test "sessions of another node join, are watched and leave", %{one: one, two: two} do
    save(one, "before")
    Stage.open(two, :list, "/replay")
    shows(two, :list, "recording-before")
    run(one, "there")
    shows(two, :list, ~r/Live now.*recording-there.*Saved.*recording-before/s)

    # Its frame is with the node that it runs on, as a load balancer may have it.
    html = Stage.open(two, :player, "/replay/there")
    open_frame(one, html)
    shows(two, :player, "of 5 at")
    shows(one, :frame, "<h1>Rows</h1>")
    Stage.push(two, :player, "seek", %{"index" => 2})
    shows(one, :frame, "<h1>Two rows</h1>")

    :ok = store(one, :append_event, ["there", {2_000, :assigns, %{delta: %{title: "More"}}}])
    shows(two, :player, "of 6 at")
    Stage.push(two, :player, "seek", %{"index" => 5})
    shows(one, :frame, "<h1>More</h1>")

    {:ok, _recording} = store(one, :finalize, ["there"])
    shows(two, :list, ~r/\A(?!.*recording-there).*1 new recording/s)
    shows(two, :player, ~s(data-live="false"))
    Stage.push(two, :list, "show")
    shows(two, :list, ~r/Saved.*recording-there.*recording-before/s)
  end

  test "a frame that is not with the player draws what is saved", %{one: one, two: two} do
    save(two, "saved")
    html = Stage.open(two, :player, "/replay/saved")
    open_frame(one, html)
    shows(one, :frame, "<h1>Rows</h1>")
    Stage.push(two, :player, "seek", %{"index" => 2})
    shows(one, :frame, "<h1>Two rows</h1>")
  end

  test "it shows nothing of what is refused there, nor of nodes it does not know", context do
    %{one: one, two: two} = context
    run(two, "secret-one")
    run(two, "open-one")
    Stage.open(one, :list, "/teams/7/sessions")
    html = shows(one, :list, "recording-open-one")
    refute html =~ "secret"
    Stage.open(one, :player, "/teams/7/sessions/secret-one")
    refused = shows(one, :player, "There is no such recording")
    Stage.open(one, :player, "/teams/7/sessions/nothing")
    assert main(shows(one, :player, "There is no such recording")) == main(refused)

    html = Stage.open(two, :player, "/replay/open-one")
    for node <- :peer.call(two, Node, :list, []), do: :peer.call(two, Node, :disconnect, [node])
    open_frame(one, html)
    shows(one, :frame, "The player of this page is on another node")
  end

  defp main(html), do: ~r{<main.*</main>}s |> Regex.run(html) |> hd()
end
