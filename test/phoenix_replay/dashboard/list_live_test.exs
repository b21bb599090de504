defmodule PhoenixReplay.Dashboard.ListLiveTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.DashboardHost

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  setup do
    DashboardHost.start()
    :ok
  end

  defp list(path \\ "/replay") do
    {:ok, view, html} = live(build_conn(), path)
    {view, html}
  end

  test "without recordings it says what to do" do
    {_view, html} = list()
    assert html =~ "No recordings yet"
    assert html =~ "on_mount: [PhoenixReplay.Recorder]"
    assert html =~ "PhoenixReplay.Recorder.attach(socket, params, session)"
    refute html =~ "Clear all"
  end

  test "shows saved recordings, newest first" do
    now = System.system_time(:millisecond)
    DashboardHost.record("older", connected_at: now - 7_200_000, url: "https://host.test/old?a=1")
    DashboardHost.record("newer", connected_at: now - 120_000)
    {_view, html} = list()

    assert html =~ ~r/recording-newer.*recording-older/s
    assert html =~ "RowsLive"
    assert html =~ "/old?a=1"
    assert html =~ "2 h ago"
    assert html =~ "2 min ago"
    assert html =~ ~s(href="/replay/older")
  end

  test "running sessions are on top, and move down when they end" do
    DashboardHost.record("saved", [])
    DashboardHost.run("running", [])
    {view, html} = list()
    assert html =~ ~r/Live now.*recording-running.*Saved.*recording-saved/s

    {:ok, _recording} = Store.finalize("running")
    send(view.pid, :refresh)
    html = render(view)
    refute html =~ "Live now"
    assert html =~ "recording-running"
  end

  test "a page of them at a time" do
    now = System.system_time(:millisecond)
    for n <- 1..52, do: DashboardHost.record("r#{n}", connected_at: now - n * 1_000)

    {view, html} = list()
    assert html =~ "1–50 of 52"
    refute html =~ ~s(id="recording-r51")

    html = view |> element("a", "Older") |> render_click()
    assert_patch(view, "/replay?page=2")
    assert html =~ "51–52 of 52"
    assert html =~ ~s(id="recording-r51")

    # A page past the end is the last one.
    {_view, html} = list("/replay?page=99")
    assert html =~ "51–52 of 52"
    {_view, html} = list("/replay?page=x")
    assert html =~ "1–50 of 52"
  end

  test "deletes one, after asking" do
    DashboardHost.record("one", [])
    DashboardHost.record("two", [])
    {view, _html} = list()

    html = view |> element("#recording-one button") |> render_click()
    assert html =~ "Delete this recording?"
    refute render_click(view, "cancel") =~ "Delete this recording?"
    assert {:ok, _recording} = Store.get_recording("one")

    view |> element("#recording-one button") |> render_click()
    html = view |> element("#confirm-delete button", "Delete") |> render_click()
    refute html =~ "recording-one"
    assert html =~ "recording-two"
    assert Store.get_recording("one") == :error
  end

  test "clears all, after asking" do
    for id <- ~w(one two), do: DashboardHost.record(id, [])
    {view, _html} = list()

    assert view |> element("button", "Clear all") |> render_click() =~ "Clear all recordings?"
    html = view |> element("#confirm-clear button", "Clear all") |> render_click()
    assert html =~ "No recordings yet"
    assert Store.list_recordings() == []
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

    render_click(view, "delete", %{"id" => "secret-one"})
    render_click(view, "clear")
    assert {:ok, _kept} = Store.get_recording("secret-one")
    assert Store.get_recording("open-one") == :error
  end

  test "an authorize that raises refuses, and on_mount hooks guard the page" do
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
