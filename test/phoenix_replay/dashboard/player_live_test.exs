defmodule PhoenixReplay.Dashboard.PlayerLiveTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.DashboardHost

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  setup do
    DashboardHost.start()
    :ok
  end

  defp player(id) do
    {:ok, view, opening} = live(build_conn(), "/replay/" <> id)
    assert opening =~ "Opening the recording…"
    # The frame is loaded meanwhile.
    assert opening =~ ~r{<iframe[^>]* src="/replay/[^/]+/frame}
    {view, render(view)}
  end

  defp frame(view) do
    DashboardHost.frame(build_conn(), render(view))
  end

  # The frame is told by a message of the player's, which a render waits for.
  defp shown(view, frame) do
    render(view)
    render(frame)
  end

  test "plays a recording in its frame" do
    DashboardHost.record("one", [])
    {view, html} = player("one")
    assert html =~ "RowsLive"
    assert html =~ ~s(sandbox="allow-scripts allow-same-origin")
    assert_push_event(view, "timeline", %{offsets: [0, 500, 1, 400, 99]})

    frame = frame(view)
    assert shown(view, frame) =~ "<h1>Rows</h1>"

    render_hook(view, "seek", %{"index" => 2})
    assert shown(view, frame) =~ "<h1>Two rows</h1>"

    render_hook(view, "seek", %{"index" => 0})
    assert shown(view, frame) =~ "<h1>Rows</h1>"
  end

  test "goes along beside the frame when that has been painted" do
    DashboardHost.record("one", [])
    {view, _html} = player("one")
    frame = frame(view)
    assert_push_event(view, "drawn", %{})

    render_hook(view, "seek", %{"index" => 2})
    assert shown(view, frame) =~ "<h1>Two rows</h1>"
    assert_push_event(view, "drawn", %{})
    assert has_element?(view, ~s(#event-0[aria-selected="true"]))

    render_hook(view, "follow", %{})
    assert has_element?(view, ~s(#event-2[aria-selected="true"]))
  end

  test "says where the page was, which event shows and what it was about" do
    DashboardHost.record("one", [])
    {view, html} = player("one")
    assert html =~ ~r{id="url"[^>]*>/rows}
    assert has_element?(view, ~s(#event-0[aria-selected="true"]))

    html = render_hook(view, "seek", %{"index" => 1})
    assert has_element?(view, ~s(#event-1[aria-selected="true"]), "rename")
    assert html =~ "&quot;title&quot; =&gt; &quot;Two rows&quot;"

    assert has_element?(view, "#next-page")
    render_hook(view, "seek", %{"index" => 3})
    assert has_element?(view, "#url", "/rows?page=2")
    render_hook(view, "seek", %{"index" => 1})
    refute has_element?(view, "#url", "/rows?page=2")
  end

  test "says what the page was called at the moment that shows" do
    titled = {0, :mount, %{assigns: %{title: "Rows", rows: [], page_title: "All rows"}}}

    DashboardHost.record("one",
      events: [
        titled,
        {5, :assigns, %{delta: %{page_title: "Two rows"}}},
        {6, :assigns, %{delta: %{page_title: nil}}}
      ]
    )

    {view, _html} = player("one")
    refute has_element?(view, "#page-title")
    assert :sys.get_state(view.pid).socket.assigns.page_title == "Replayed.RowsLive · one"

    frame = frame(view)

    for {index, title} <- [{1, "Two rows"}, {0, "All rows"}] do
      render_hook(view, "seek", %{"index" => index})
      shown(view, frame)
      assert has_element?(view, "#page-title", title)
      assert page_title(frame) == title
    end

    render_hook(view, "seek", %{"index" => 2})
    shown(view, frame)
    refute has_element?(view, "#page-title")
  end

  defp state(view, index) do
    view |> element("#tab-state") |> render_click()
    render_hook(view, "seek", %{"index" => index})
  end

  defp line(view, label), do: element(view, ".line", ~r/\A\W*#{label}\b/u)

  test "the assigns of a moment, what changed marked, opened one by one" do
    DashboardHost.record("one", [])
    {view, _html} = player("one")
    html = state(view, 2)
    assert html =~ "2 assigns, 1 changed here"
    assert has_element?(view, ".line.chg .k", "title")
    assert has_element?(view, ".line.chg del", "Rows")
    assert has_element?(view, ".line.chg ins", "Two rows")
    refute has_element?(view, ".line.chg .k", "rows")

    view |> line("rows") |> render_click()
    assert has_element?(view, ~s(.line[aria-expanded="true"] .k), "rows")
    view |> element(~s(.line[aria-level="2"])) |> render_click()
    assert has_element?(view, ~s(.line[aria-level="3"]), "Ann")
    view |> line("rows") |> render_click()
    refute has_element?(view, ~s(.line[aria-level="2"]))
  end

  test "a value before and after, when it last changed, and the way there" do
    DashboardHost.record("one", [])
    {view, _html} = player("one")
    state(view, 4)
    view |> line("title") |> render_click()
    assert render_async(view) =~ "Last changed at 0:00.50 (event 3)"

    view |> element("button", "Jump there") |> render_click()
    assert_push_event(view, "jump", %{index: 2})
    render_hook(view, "seek", %{"index" => 2})
    assert has_element?(view, ".sides .was", "Rows")
    assert has_element?(view, ".sides .now", "Two rows")
    assert render_async(view) =~ "Changed here, first set at 0:00.00 (event 1)"

    view |> element(~s(#copy-json)) |> render_hook("copy", %{"form" => "json"})
    assert_reply(view, %{text: ~s("Two rows")})
  end

  test "a key or a value is found in the state and shown where it is" do
    rows = for n <- 1..300, do: %{id: n, name: "Row #{n}", tags: []}
    DashboardHost.record("one", events: [{0, :mount, %{assigns: %{title: "Rows", rows: rows}}}])
    {view, _html} = player("one")
    state(view, 0)
    html = view |> element("#panel-state form") |> render_change(%{"text" => "row 217"})
    assert html =~ "Found in 1 place"
    assert has_element?(view, "button.line .k", "@rows[216].name")

    view |> element("button.line") |> render_click()
    assert has_element?(view, ~s(.line[aria-selected="true"]), "Row 217")
    assert has_element?(view, ~s(.line .k), "200 … 299")

    assert view |> element("#panel-state form") |> render_change(%{"text" => "nowhere"}) =~
             "Not in this state"
  end

  test "what is known of the recording as a whole" do
    DashboardHost.record("one", params: %{"page" => "1"}, session: %{"user_id" => 42})
    {view, _html} = player("one")
    html = view |> element("#tab-details") |> render_click()
    assert html =~ "user_id"
    assert html =~ "42"
    assert html =~ "PhoenixReplay.Replayed.RowsLive"
    assert html =~ "finished"
  end

  test "a long recording is sent a window at a time" do
    events = for n <- 1..10_000, do: {n, :event, %{name: "step", params: %{}}}
    DashboardHost.record("long", events: [mount() | events])
    {view, html} = player("long")
    assert length(Regex.scan(~r/id="event-\d+"/, html)) == 80
    assert byte_size(html) < 100_000

    render_hook(view, "window", %{"from" => 5_000})
    assert has_element?(view, "#event-5000")
    refute has_element?(view, "#event-0")

    # A jump takes the window along.
    render_hook(view, "seek", %{"index" => 9_999})
    assert has_element?(view, ~s(#event-9999[aria-selected="true"]))
    render_hook(view, "seek", %{"index" => 1_000_000})
    assert has_element?(view, ~s(#event-10000[aria-selected="true"]))
    render_hook(view, "window", %{"from" => -5})
    assert has_element?(view, "#event-0")
  end

  defp filter(view, kinds, text \\ "") do
    view |> element("#events-filter") |> render_change(%{"kinds" => kinds, "text" => text})
  end

  test "events are grouped by interaction, and filtered by kind and text" do
    DashboardHost.record("one", [])
    {view, _html} = player("one")
    assert has_element?(view, "#event-1.group", "rename")
    assert has_element?(view, "#event-2.sub", "@title")
    assert has_element?(view, "#event-3.sub", "/rows?page=2")

    filter(view, ["event", "nav"])
    assert has_element?(view, "#event-1", "→ @title")
    refute has_element?(view, "#event-2")
    assert has_element?(view, ~s(#event-3[aria-posinset="3"][aria-setsize="3"]))
    # The event shown is not listed: the last before it stands for it.
    render_hook(view, "seek", %{"index" => 2})
    assert has_element?(view, ~s(#event-1[aria-selected="true"]))
    render_hook(view, "step", %{"by" => 1})
    assert_push_event(view, "jump", %{index: 3})

    filter(view, ["event", "nav", "message", "render", "error"], "TITLE")
    assert has_element?(view, "#event-2")
    refute has_element?(view, "#event-1")
    assert filter(view, [], "") =~ "No event like that"
    render_hook(view, "step", %{"by" => 1})
  end

  test "a filtered long recording is sent a window at a time as well" do
    events = for n <- 1..5_000, do: {n, :event, %{name: "step #{rem(n, 2)}", params: %{}}}
    DashboardHost.record("long", events: [mount() | events])
    {view, _html} = player("long")
    html = filter(view, ["event"], "step 1")
    assert length(Regex.scan(~r/id="event-\d+"/, html)) == 80
    assert html =~ ~s(data-count="2500")

    render_hook(view, "window", %{"from" => 2_000})
    assert has_element?(view, ~s(#event-4001[aria-posinset="2001"]))
    render_hook(view, "seek", %{"index" => 4_000})
    assert has_element?(view, ~s(#player[data-position="1999"]))
  end

  test "says what each event cost, and marks what was slow" do
    DashboardHost.run("one", events: [mount()])
    session = PhoenixReplay.Native.session_lookup("one")

    for {name, us} <- [{"quick", nil}, {"long", 1_240}, {"slow", 130_400}] do
      :ok = Store.append_event("one", {1, :event, %{name: name, params: %{}}})
      if us, do: true = PhoenixReplay.Native.session_took(session, :handled, us)
    end

    {:ok, _recording} = Store.finalize("one")
    {view, _html} = player("one")
    assert has_element?(view, "#event-1 .cost", ~r/\A\s*\d+ B\s*\z/)
    assert has_element?(view, "#event-2 .cost:not(.slow)", "1.2 ms")
    assert has_element?(view, "#event-3 .cost.slow", "130 ms")
  end

  test "a link leads to a moment" do
    DashboardHost.record("one", [])
    {view, _html} = player("one?at=600")
    assert has_element?(view, ~s(#player[data-index="2"][data-at="600"]))
    assert has_element?(view, ~s(#event-2[aria-selected="true"]))
    assert shown(view, frame(view)) =~ "<h1>Two rows</h1>"

    for {at, index} <- [{"999999999999999999999999", 4}, {"-5", 0}, {"soon", 0}, {"5.5", 0}] do
      {view, _html} = player("one?at=" <> at)
      assert has_element?(view, ~s(#player[data-index="#{index}"]))
    end
  end

  test "the scrubber knows what each event was, and where the errors are" do
    fault = {1_100, :fault, %{stage: :render, reason: "too large"}}
    DashboardHost.record("one", events: [mount(), {10, :event, %{name: "a", params: %{}}}, fault])
    {view, _html} = player("one")

    assert_push_event(view, "timeline", %{
      names: [["nav", "Mount"], ["event", "a"], ["error", "Not recorded" <> _]],
      named: [0, 1, 2],
      errors: [2]
    })

    assert has_element?(view, "#next-error", "1 error")
    assert has_element?(view, "#previous-error")
    refute has_element?(view, "#next-page")
    for kind <- ~w(nav event error), do: assert(has_element?(view, ".marks rect.#{kind}"))
  end

  test "what was logged and measured is listed, and errors among it are marked" do
    DashboardHost.record("one",
      events: [
        mount(),
        {10, :log, %{level: :warning, message: "little stock"}},
        {20, :telemetry, %{name: "shop.order.stop", us: 1_234, measurements: %{}}},
        {30, :log, %{level: :error, message: "(KeyError) no", stack: ["here", "there"]}},
        {40, :log, %{level: :error, message: "hostile", stack: ["here" | "there"]}}
      ]
    )

    {view, _html} = player("one")
    assert_push_event(view, "timeline", %{errors: [3, 4]})
    assert has_element?(view, "#event-1", "little stock")
    assert has_element?(view, "#event-2", "shop.order.stop 1.2 ms")
    assert has_element?(view, "#event-3.err", "Error")
    refute has_element?(view, "#event-1.err")

    assert render_hook(view, "seek", %{"index" => 3}) =~ "here\nthere"
    assert render_hook(view, "seek", %{"index" => 4}) =~ "hostile"

    view |> form("#events-filter", %{"kinds" => ["error"], "text" => ""}) |> render_change()
    refute has_element?(view, "#event-2")
    assert has_element?(view, "#event-3")
  end

  test "there is none, it is refused, or the id is not one: all look the same" do
    DashboardHost.record("secret-one", [])
    missing = nothing_at("/teams/7/sessions/nothing")
    assert missing =~ "There is no such recording"
    assert nothing_at("/teams/7/sessions/secret-one") == missing
    assert nothing_at("/teams/7/sessions/..%2Fsecret-one") == missing
    assert nothing_at("/teams/7/sessions/#{String.duplicate("x", 5_000)}") == missing
  end

  defp nothing_at(path) do
    {:ok, view, _html} = live(build_conn(), path)
    view |> element("main") |> render()
  end

  test "one that cannot be read says so" do
    DashboardHost.record("one", [])
    folder = Application.get_env(:phoenix_replay, :storage_opts)[:path]
    for file <- Path.wildcard(folder <> "/**/one*"), do: File.write!(file, "no recording")
    {_view, html} = player("one")
    assert html =~ "This recording cannot be read"
    assert nothing_at("/replay/one") =~ ">the beginning of the recording is damaged; restore"
  end

  test "a running session grows while it is watched" do
    DashboardHost.run("running", [])
    {view, html} = player("running")
    assert html =~ "live"
    assert html =~ "of 5 at"
    assert_push_event(view, "timeline", %{offsets: [_, _, _, _, _]})

    :ok = Store.append_event("running", {2_000, :event, %{name: "late", params: %{}}})
    send(view.pid, :refresh)
    assert render(view) =~ "of 6 at"
    assert_push_event(view, "timeline", %{offsets: [_, _, _, _, _, _]})

    # What did not go on is not read again.
    send(view.pid, :refresh)
    assert render(view) =~ "of 6 at"
    refute_push_event(view, "timeline", %{}, 50)

    {:ok, _recording} = Store.finalize("running")
    send(view.pid, :refresh)
    refute render(view) =~ ~s(data-live="true")
  end

  test "messages and events it does not know are nothing to it" do
    DashboardHost.record("one", [])
    {view, _html} = player("one")
    send(view.pid, :hello)
    render_hook(view, "seek", %{"index" => "one"})
    render_hook(view, "nonsense", %{})
    assert render(view) =~ "RowsLive"
  end

  defp mount, do: {0, :mount, %{assigns: %{title: "Rows", rows: []}}}

  test "leads to the sessions of the same person before and after" do
    now = System.system_time(:millisecond)

    for {id, user, at} <- [{"a", 7, 5}, {"b", 7, 4}, {"other", 8, 3}, {"c", 7, 2}, {"d", 7, 1}] do
      run_of(id, user, now - at * 60_000)
    end

    {view, _html} = player("c")
    html = render_async(view, 5_000)
    assert html =~ "user 7"
    assert has_element?(view, "a[href='/replay/b'][title='Session before']")
    assert has_element?(view, "a[href='/replay/d'][title='Session after']")

    {view, _html} = player("other")
    refute render_async(view, 5_000) =~ "Session before"

    # Past one that may not be seen.
    run_of("secret-b", 7, now - 3 * 60_000)
    {:ok, view, _html} = live(build_conn(), "/teams/7/sessions/c")
    render_async(view, 5_000)
    assert has_element?(view, "a[href='/teams/7/sessions/b'][title='Session before']")
  end

  defp run_of(id, user, at) do
    DashboardHost.run(id, connected_at: at)
    session = PhoenixReplay.Native.session_lookup(id)
    0 = PhoenixReplay.Native.session_put_metadata(session, %{"user_id" => user})
    {:ok, _recording} = Store.finalize(id)
  end
end
