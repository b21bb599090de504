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

  # The player is a process that shows what the test says, and tells the test what the frame says.
  defp frame(id, path \\ "/replay", first \\ nil) do
    {:ok, timeline} = Store.open(id)
    {token, _player} = player(id, first || {:show, timeline, 0, nil})
    {:ok, frame, _html} = live(told(token), "#{path}/#{id}/frame")
    frame
  end

  defp player(id, first) do
    test = self()

    player =
      spawn_link(fn ->
        send(test, {:token, FrameLink.token(%{endpoint: @endpoint}, id)})
        play(test, first)
      end)

    receive(do: ({:token, token} -> {token, player}))
  end

  defp play(test, first) do
    receive do
      {:frame, frame} = message -> [send(frame, first), send(test, message)]
      message -> send(test, message)
    end

    play(test, first)
  end

  defp told(token), do: put_connect_params(build_conn(), %{"player" => token})

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
    {:ok, frame, _html} = live(told(token), "/replay/one/frame")
    assert render(frame) =~ "is on another node"
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

    for token <- [nil, "nonsense", other, ["x"]] do
      {:ok, frame, _html} = live(told(token), "/replay/one/frame")
      assert render(frame) =~ "drawn by a player"
    end

    refute_received {:frame, _pid}
  end

  describe "the page around it" do
    test "has a policy of its own" do
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
    end

    test "has the first moment in it, where the beginning of the recording tells all of it" do
      DashboardHost.record("one", [])
      page = fn path -> html_response(get(build_conn(), path), 200) end

      assert page.("/replay/one/frame") =~ "<h1>Rows</h1>"
      assert page.("/replay/one/frame?at=0") =~ "<h1>Rows</h1>"
      assert page.("/replay/one/frame?at=502") =~ "<h1>Two rows</h1>"
      # Whether its last render had ended is not known.
      refute page.("/replay/one/frame?at=5000") =~ "<h1>"
      refute page.("/replay/none/frame") =~ "<h1>"
      conn = get(build_conn(), "/replay/one/frame")
      assert Plug.Conn.get_resp_header(conn, "cache-control") == ["no-store"]
    end

    test "has nothing of a recording that is refused" do
      DashboardHost.record("secret-one", [])
      refute html_response(get(build_conn(), "/teams/7/sessions/secret-one/frame"), 200) =~ "Rows"
    end

    test "has no script of the recorded page" do
      DashboardHost.record("script",
        view: Replayed.ScriptLive,
        events: [{0, :mount, %{assigns: %{}}}, {1, :event, %{name: "x", params: %{}}}]
      )

      html = build_conn() |> get("/replay/script/frame") |> html_response(200)
      assert html =~ "<p>Before</p>"
      refute html =~ "alert"
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
