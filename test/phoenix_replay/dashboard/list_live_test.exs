defmodule PhoenixReplay.Dashboard.ListLiveTest do
  use PhoenixReplay.Case, async: false

  import ExUnit.CaptureLog
  alias PhoenixReplay.{DashboardHost, Native, Persister}
  alias PhoenixReplay.LiveNow.Teller

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  setup do
    DashboardHost.start()
    :ok
  end

  defp list(path \\ "/replay") do
    {:ok, view, _html} = live(build_conn(), path)
    {view, read(view)}
  end

  # The page is read in a task, and what comes before or after it, clearing and counting, in others.
  defp read(view), do: render_async(view, 5_000)

  test "without recordings it says what to do" do
    {_view, html} = list()
    assert html =~ "No recordings yet"
    assert html =~ "on_mount: [PhoenixReplay.Recorder]"
    assert html =~ "PhoenixReplay.Recorder.attach(socket, params, session)"
    refute html =~ "Clear all"
  end

  test "says so while storage refuses recordings, and that they are not lost" do
    folder =
      Path.join(System.tmp_dir!(), "phoenix_replay_file_#{System.unique_integer([:positive])}")

    File.write!(folder, "a file in the way")
    on_exit(fn -> File.rm_rf!(folder) end)
    configure(storage_opts: [path: folder], persistence_retry_attempts: 1)
    :ok = Store.start_recording("a", %Recording{view: __MODULE__})
    Native.session_close(Native.session_lookup("a"), :finished, nil)

    {html, log} =
      with_log(fn ->
        Persister.retry()
        assert eventually(fn -> Store.unsaved().count == 1 end)
        {view, html} = list()
        assert html =~ "1 recording could not be saved yet. Nothing is lost"
        assert html =~ "not a directory"

        File.rm!(folder)
        assert eventually(fn -> Store.unsaved().count == 0 end)
        send(view.pid, :renew)
        render(view)
      end)

    assert log =~ "could not be saved"
    refute html =~ "could not be saved"
  end

  test "shows saved recordings, newest first" do
    now = System.system_time(:millisecond)
    DashboardHost.record("older", connected_at: now - 7_200_000, url: "https://host.test/old?a=1")
    DashboardHost.record("newer", connected_at: now - 120_000)
    {_view, html} = list()

    assert html =~ ~r/recording-newer.*recording-older/s
    assert html =~ "RowsLive"
    # A mount, then a rename after 500 ms, and so on, in stretches of 128 ms.
    assert html =~ ~s(<path d="M2 18v-8M14 18v-16M30 18v-16)
    assert html =~ "/old?a=1"
    assert html =~ "2 h ago"
    refute html =~ ~r{2 h ago\s*<span}
    assert html =~ "2 min ago"
    assert html =~ ~s(href="/replay/older")
  end

  test "a page of them at a time" do
    now = System.system_time(:millisecond)
    for n <- 1..102, do: DashboardHost.record("r#{n}", connected_at: now - n * 1_000)

    {view, _html} = list()
    html = read(view)
    assert html =~ "1–50 of 102"
    refute html =~ ~s(id="recording-r51")

    # Until the next page is read, all that is shown is of this one, the buttons under a hand included.
    still = view |> element("a", "Older") |> render_click()
    assert still =~ "1–50 of 102" and still =~ "Older" and not (still =~ "Newer")
    path = assert_patch(view)
    assert path == "/replay?after=#{now - 50_000}.r50"
    html = read(view)
    assert html =~ "51–100 of 102"
    assert html =~ ~s(id="recording-r51")

    view |> element("a", "Older") |> render_click()
    assert read(view) =~ "101–102 of 102"
    refute has_element?(view, "a", "Older")

    view |> element("a", "Newer") |> render_click()
    assert read(view) =~ "51–100 of 102"
    view |> element("a", "Newer") |> render_click()
    assert_patch(view, "/replay")

    # By a link nobody knows how many are before it. Newer ones that come do not move it.
    DashboardHost.record("newest", connected_at: now)
    {view, _html} = list(path)
    html = read(view)
    assert html =~ ~s(id="recording-r51")
    assert html =~ "50 of 103"
    view |> element("a", "Newest") |> render_click()
    assert_patch(view, "/replay")
    assert read(view) =~ ~s(id="recording-newest")

    {_view, html} = list("/replay?after=x")
    assert html =~ ~s(id="recording-r1")
  end

  test "keeps one whatever its age" do
    DashboardHost.record("one", [])
    {view, _html} = list()
    view |> element("#recording-one .pin") |> render_click()
    assert read(view) =~ ~s(aria-pressed="true")
    assert {:ok, %{pinned: true}} = Store.get_summary("one")
    view |> element("#recording-one .pin") |> render_click()
    assert {:ok, %{pinned: false}} = Store.get_summary("one")
  end

  test "deletes one, after asking" do
    DashboardHost.record("one", [])
    DashboardHost.record("two", [])
    {view, _html} = list()

    html = view |> element("#recording-one .delete") |> render_click()
    assert html =~ "Delete this recording?"
    refute render_click(view, "cancel") =~ "Delete this recording?"
    assert {:ok, _recording} = Store.get_recording("one")

    view |> element("#recording-one .delete") |> render_click()
    view |> element("#confirm-delete button", "Delete") |> render_click()
    html = read(view)
    refute html =~ "recording-one"
    assert html =~ "recording-two"
    assert Store.get_recording("one") == :error
  end

  test "clears all, after asking" do
    for id <- ~w(one two), do: DashboardHost.record(id, [])
    {view, _html} = list()

    assert view |> element("button", "Clear all") |> render_click() =~ "Clear all recordings?"
    view |> element("#confirm-clear button", "Clear all") |> render_click()
    read(view)
    assert read(view) =~ "No recordings yet"
    assert Store.list_recordings() == []
  end

  test "deletes all that match, and nothing else" do
    DashboardHost.record("one", url: "https://host.test/cart")
    DashboardHost.record("two", url: "https://host.test/cart")
    DashboardHost.record("three", [])
    DashboardHost.run("running", url: "https://host.test/cart")
    {view, _html} = list("/replay?text=cart")
    refute has_element?(view, "#recording-three")

    view |> element("button", "Delete all that match") |> render_click()
    view |> element("#confirm-clear button", "Delete all that match") |> render_click()
    read(view)
    assert {:ok, %{entries: [%{id: "three"}]}} = Store.summaries()
    assert {:ok, _goes_on} = Store.get_active("running")
  end

  test "a filter is an address" do
    now = System.system_time(:millisecond)
    DashboardHost.record("cart", url: "https://host.test/cart")
    DashboardHost.record("old", connected_at: now - 90_000_000)
    {view, _html} = list()

    view |> form("#filters", text: "cart") |> render_change()
    assert_patch(view, "/replay?text=cart")
    read(view)
    assert has_element?(view, "#recording-cart")
    refute has_element?(view, "#recording-old")

    view |> form("#filters", text: "", since: "24h", event: "rename") |> render_change()
    assert_patch(view, "/replay?event=rename&since=24h")
    read(view)
    assert has_element?(view, "#recording-cart")
    refute has_element?(view, "#recording-old")

    view |> form("#filters", since: "", event: "none") |> render_change()
    assert read(view) =~ "No recording matches"

    assert has_element?(view, "#filters")
    view |> element("#filters a", "Clear filters") |> render_click()
    assert_patch(view, "/replay")

    render_click(view, "suggest")
    assert read(view) =~ ~s(<option value="rename">)
  end

  test "a view is found by the end of its name" do
    DashboardHost.record("one", [])
    DashboardHost.record("two", view: PhoenixReplay.Replayed.ParentLive)
    {view, _html} = list("/replay?view=rowslive")
    assert_patch(view, "/replay?view=PhoenixReplay.Replayed.RowsLive")
    read(view)
    assert has_element?(view, "#recording-one")
    refute has_element?(view, "#recording-two")

    view |> form("#filters", view: "ParentLive") |> render_change()
    assert_patch(view, "/replay?view=PhoenixReplay.Replayed.ParentLive")
    view |> form("#filters", view: "Live") |> render_change()
    assert_patch(view, "/replay?view=Live")
    assert read(view) =~ "No recording matches"
  end

  describe "a search inside recordings" do
    test "shows where something is, and leads there" do
      DashboardHost.record("one", [])
      DashboardHost.record("two", events: [{0, :mount, %{assigns: %{name: "Bo"}}}])
      {view, _html} = list()
      view |> form("#filters", text: "two ROWS", inside: "1") |> render_change()
      assert_patch(view, "/replay?text=two+ROWS&inside=1")
      html = read(view)

      assert html =~ "2 hits in 2 recordings"
      assert html =~ "0:00.50"
      assert html =~ "assigns.title"
      assert has_element?(view, "#found-one a[href='/replay/one?at=501']")
      refute has_element?(view, "table")

      view |> form("#filters", text: "nowhere") |> render_change()
      assert read(view) =~ "Nothing found in 2 recordings"
      view |> form("#filters", text: "/(/", inside: "1") |> render_change()
      assert read(view) =~ "Nothing found in 2 recordings"
    end

    test "can be cancelled" do
      for n <- 1..20, do: DashboardHost.record("r#{n}", [])
      {view, _html} = list("/replay?text=rows&inside=1")
      render_click(view, "cancel_search")
      html = read(view)
      assert html =~ ~r/Cancelled|in 20 recordings/
      refute has_element?(view, "progress")
    end

    test "does not look into what is refused" do
      for id <- ~w(open-one secret-one), do: DashboardHost.record(id, [])
      {view, _html} = list("/teams/7/sessions?text=rows&inside=1")
      html = read(view)
      assert html =~ "in 1 recording"
      assert html =~ "found-open-one"
      refute html =~ "secret"
    end
  end

  describe "running sessions" do
    test "join and leave by themselves, and are announced when they are saved" do
      DashboardHost.record("saved", [])
      DashboardHost.run("running", [])
      {view, _html} = list()
      :ok = Teller.tick()
      assert has_element?(view, "#live-now #recording-running")
      assert render(view) =~ ~r/Live now.*recording-running.*Saved.*recording-saved/s

      DashboardHost.run("another", [])
      :ok = Teller.tick()
      assert has_element?(view, "#live-now #recording-another")

      {:ok, _recording} = Store.finalize("running")
      # It is told of what was saved before.
      :ok = Teller.tick()
      refute has_element?(view, "#recording-running")
      assert render(view) =~ "1 new recording"

      view |> element(".fresh button", "Show") |> render_click()
      read(view)
      assert has_element?(view, "#saved #recording-running")
      refute render(view) =~ "new recording"
    end

    test "are filtered as the saved ones are" do
      DashboardHost.run("cart", url: "https://host.test/cart")
      DashboardHost.run("other", [])
      {view, _html} = list("/replay?text=cart")
      :ok = Teller.tick()
      assert has_element?(view, "#live-now #recording-cart")
      refute has_element?(view, "#recording-other")

      view |> form("#filters", text: "rows") |> render_change()
      :ok = Teller.tick()
      assert has_element?(view, "#live-now #recording-other")
      refute has_element?(view, "#recording-cart")
    end

    test "are looked at only while somebody looks" do
      {view, _html} = list()
      :ok = Teller.tick()
      assert Teller.asked?()
      stop(view)
      assert eventually(fn -> not Teller.asked?() end)
    end
  end

  test "a storage that cannot be read is said, not shown as empty" do
    DashboardHost.record("one", [])
    file = Path.join(System.tmp_dir!(), "not_a_folder_#{System.unique_integer([:positive])}")
    File.write!(file, "")
    on_exit(fn -> File.rm!(file) end)
    configure(storage_opts: [path: file])

    {_view, html} = list()
    assert html =~ ~s(role="alert")
    refute html =~ "No recordings yet"
  end

  test "what the router's authorize refuses is not there, nor deleted" do
    for id <- ~w(open-one secret-one), do: DashboardHost.record(id, [])
    DashboardHost.run("secret-running", [])
    {view, html} = list("/teams/7/sessions")

    assert html =~ "recording-open-one"
    refute html =~ "secret"
    assert html =~ ~s(href="/teams/7/sessions/open-one")

    assert render(view) =~ "Clear all"
    refute render(view) =~ "secret"

    render_click(view, "delete", %{"id" => "secret-one"})
    render_click(view, "pin", %{"id" => "secret-one", "pinned" => "true"})
    render_click(view, "clear")
    read(view)
    assert {:ok, %{pinned: false}} = Store.get_summary("secret-one")
    assert {:ok, _kept} = Store.get_recording("secret-one")
    assert Store.get_recording("open-one") == :error
  end

  test "an authorize that raises refuses, and the log says so" do
    DashboardHost.record("one", [])
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        {view, _html} = list("/raising")
        refute has_element?(view, "#recording-one")
      end)

    assert log =~ "RuntimeError in `authorize`"
    assert log =~ "Policy, :raises}"
    assert_receive {_, _, %{stage: :authorize, error: "RuntimeError", id: "one"}}
  end

  test "on_mount hooks guard the page" do
    DashboardHost.record("one", [])
    assert {:error, {:redirect, %{to: "/denied"}}} = live(build_conn(), "/closed")
    assert {:error, {:redirect, %{to: "/denied"}}} = live(build_conn(), "/closed/one")
    assert {:error, {:redirect, %{to: "/denied"}}} = live(build_conn(), "/closed/one/frame")
  end

  test "the page needs nothing inline and carries the host's nonce" do
    html = build_conn() |> get("/replay") |> html_response(200)
    refute html =~ ~r/\sstyle=/
    refute html =~ "<style"
    refute html =~ ~r/\son[a-z]+=/

    for [script] <- Regex.scan(~r/<script[^>]*>/, html),
        do: assert(script =~ ~s(nonce="host-nonce"))

    assert html =~ ~s(data-live-socket="/live")
    assert html =~ ~r"/replay/assets/dashboard-[0-9a-f]{16}\.js"
  end
end
