defmodule PhoenixReplay.Dashboard.FrameLiveTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.Dashboard.FrameLink
  alias PhoenixReplay.{DashboardHost, Replayed}
  alias PhoenixReplay.Replay.Nested

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  setup do
    DashboardHost.start()
    Process.register(self(), :replayed_told)
    :ok
  end

  # The test is the player.
  defp frame(id, path \\ "/replay") do
    token = FrameLink.token(%{endpoint: @endpoint}, id)
    {:ok, frame, _html} = live(build_conn(), "#{path}/#{id}/frame?player=#{token}")
    frame
  end

  defp show(frame, id, index) do
    {:ok, timeline} = Store.open(id)
    send(frame.pid, {:show, timeline, index, nil})
    render(frame)
  end

  test "tells its player it is there and shows what it is told" do
    DashboardHost.record("one", [])
    frame = frame("one")
    assert_receive {:frame, pid}
    assert pid == frame.pid

    assert show(frame, "one", 0) =~ "<h1>Rows</h1>"
    assert show(frame, "one", 2) =~ "<h1>Two rows</h1>"
  end

  # A load balancer may have sent the browser's second connection to another node.
  test "opens the recording itself where the player's is on another node" do
    DashboardHost.record("one", [])
    frame = frame("one")
    {:ok, timeline} = Store.open("one")
    far = %{timeline | reference: reference_of("far@away")}
    send(frame.pid, {:show, far, 2, nil})
    assert render(frame) =~ "<h1>Two rows</h1>"
    send(frame.pid, {:nested, [Nested.new("place", far)]})
    assert render(frame) =~ "<h1>Two rows</h1>"

    :ok = Store.delete_recording("one")
    send(frame.pid, {:show, far, 0, nil})
    assert render(frame) =~ "<h1>Rows</h1>"
    send(frame.pid, {:show, %{far | size: 100}, 0, nil})
    assert render(frame) =~ "no such recording"
  end

  test "says so where it cannot reach its player" do
    DashboardHost.record("one", [])
    token = Phoenix.Token.sign(@endpoint, "phoenix_replay frame", {"one", self(), "another"})
    {:ok, _frame, html} = live(build_conn(), "/replay/one/frame?player=#{token}")
    assert html =~ "is on another node"
    refute_received {:frame, _pid}
  end

  # NEWER_REFERENCE_EXT of the External Term Format: what there is of another node's.
  defp reference_of(node) do
    name = <<119, byte_size(node), node::binary>>
    :erlang.binary_to_term(<<131, 90, 3::16, name::binary, 1::32, 1::32, 2::32, 3::32>>)
  end

  test "draws the newest of what it was asked to show" do
    DashboardHost.record("one", [])
    {:ok, timeline} = Store.open("one")
    send(self(), {:show, timeline, 1, nil})
    send(self(), {:show, timeline, 2, 700})
    assert FrameLink.newest({timeline, 0, nil}) == {timeline, 2, 700}
    refute_received {:show, _timeline, _index, _at}
  end

  test "a template that fails is a note, and the next moment plays" do
    DashboardHost.record("failing",
      view: Replayed.FailingLive,
      events: [
        {0, :mount, %{assigns: %{number: 3}}},
        {1, :event, %{name: "x", params: %{}}},
        {2, :assigns, %{delta: %{number: 4}}}
      ]
    )

    frame = frame("failing")
    html = show(frame, "failing", 0)
    assert html =~ "The template failed at this moment"
    assert html =~ "an odd number"
    assert show(frame, "failing", 2) =~ "<p>2</p>"
    assert show(frame, "failing", 1) =~ "an odd number"
  end

  test "no callback of the recorded view or its parts runs" do
    DashboardHost.record("parent",
      view: Replayed.ParentLive,
      events: [
        {0, :mount, %{assigns: %{title: "Parent", counters: [1]}}},
        {1, :event, %{name: "x", params: %{}}},
        {2, :assigns, %{delta: %{counters: [1, 2]}}}
      ]
    )

    frame = frame("parent")
    html = show(frame, "parent", 0)
    assert html =~ "Replayed.Counter"
    assert html =~ "the-child"
    refute html =~ "data-phx-parent-id"
    assert show(frame, "parent", 2) =~ "counter-2"

    render_hook(frame, "save", %{"a" => 1})
    send(frame.pid, :tick)
    render(frame)
    assert live_children(frame) == []
    refute_received {:ran, _callback}
  end

  test "shows the recording of its own address only" do
    for id <- ~w(one two), do: DashboardHost.record(id, [])
    assert show(frame("one"), "two", 0) =~ "There is no such recording."
  end

  test "says of a recording without events that it has none" do
    DashboardHost.record("empty", events: [])
    assert show(frame("empty"), "empty", 0) =~ "This recording holds no events."
  end

  test "asks again whether the recording may be seen" do
    DashboardHost.record("secret-one", [])
    assert show(frame("secret-one", "/teams/7/sessions"), "secret-one", 0) =~ "no such recording"
  end

  test "without a player, with a player's token of another recording or a made-up one, nothing shows" do
    other = FrameLink.token(%{endpoint: @endpoint}, "other")

    for query <- ["", "?player=nonsense", "?player=#{other}", "?player[]=x"] do
      {:ok, _frame, html} = live(build_conn(), "/replay/one/frame" <> query)
      assert html =~ "drawn by a player"
    end

    refute_received {:frame, _pid}
  end

  describe "the page around it" do
    test "has a policy of its own, and nothing of the recording" do
      DashboardHost.record("one", [])
      conn = get(build_conn(), "/replay/one/frame")
      [policy] = Plug.Conn.get_resp_header(conn, "content-security-policy")
      [_all, nonce] = Regex.run(~r/script-src 'nonce-([^']+)'/, policy)

      assert policy =~ "default-src 'none'"
      assert policy =~ "form-action 'none'"
      assert policy =~ "frame-ancestors 'self'"
      refute policy =~ ~r/script-src[^;]*unsafe/
      assert Plug.Conn.get_resp_header(conn, "x-frame-options") == ["SAMEORIGIN"]

      html = html_response(conn, 200)
      scripts = Regex.scan(~r/<script[^>]*>/, html)
      assert length(scripts) == 2
      for [script] <- scripts, do: assert(script =~ ~s(nonce="#{nonce}"))
      refute html =~ "Rows"
    end

    test "a nonce serves once" do
      header = fn ->
        build_conn()
        |> get("/replay/one/frame")
        |> Plug.Conn.get_resp_header("content-security-policy")
      end

      assert header.() != header.()
    end

    test "is the root layout of the pipeline, without its scripts" do
      html = build_conn() |> get("/replay/one/frame") |> html_response(200)
      assert html =~ "data-host-layout"
      assert html =~ "/host.css"
      refute html =~ "/host.js"
    end

    test "connects to LiveView's socket and nothing else" do
      [policy] =
        build_conn()
        |> get("/replay/one/frame")
        |> Plug.Conn.get_resp_header("content-security-policy")

      [_all, connections] = Regex.run(~r/connect-src ([^;]+)/, policy)

      assert String.split(connections) == [
               "ws://www.example.com:*/live/websocket",
               "wss://www.example.com:*/live/websocket",
               "www.example.com:*/live/longpoll"
             ]
    end

    test "runs the scripts that a frame_layout asks for, behind ours and kept in" do
      html = build_conn() |> get("/kept/one/frame") |> html_response(200)
      [ours, _live_view, asked] = Regex.scan(~r/<script[^>]*>/, html)
      assert hd(ours) =~ "/assets/frame-"
      assert hd(asked) =~ "/draw.js"
      refute html =~ "/host.js"

      assert html =~
               ~r/<head><meta http-equiv="Content-Security-Policy" content="img-src 'self' data: blob:;/

      refute build_conn() |> get("/replay/one/frame") |> html_response(200) =~ "http-equiv"
    end

    test "is left out where it asks for scripts and has no head for their policy" do
      html = build_conn() |> get("/acting/one/frame") |> html_response(200)
      assert html =~ "scripts for the frame and no &lt;head&gt;"
      assert length(Regex.scan(~r/<script/, html)) == 2
    end

    test "is left out where it fails" do
      html = build_conn() |> get("/teams/7/sessions/one/frame") |> html_response(200)
      assert html =~ "data-layout-error="
      assert html =~ "current_user"
      assert html =~ "data-phx-main"
      assert html =~ ~r"/teams/7/sessions/assets/frame-[0-9a-f]{16}\.js"
    end
  end
end
