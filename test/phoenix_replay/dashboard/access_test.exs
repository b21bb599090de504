defmodule PhoenixReplay.Dashboard.AccessTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.Dashboard.{Access, Options, Unguarded}
  alias PhoenixReplay.DashboardHost
  alias PhoenixReplay.DashboardHost.Actions
  alias PhoenixReplay.LiveNow.Teller

  import ExUnit.CaptureLog

  @endpoint PhoenixReplay.DashboardHost.Endpoint
  @action [:phoenix_replay, :dashboard, :action]

  setup do
    DashboardHost.start()
    for id <- ~w(mine theirs), do: DashboardHost.record(id, [])
    listen(@action)
    :ok
  end

  defp refuse(what), do: configure([{Actions, what}])

  defp open(path) do
    {:ok, view, _html} = live(build_conn(), path)
    :ok = Teller.tick()
    {view, render_async(view, 5_000)}
  end

  describe "a module with authorize/3" do
    test "that refuses nothing lets everything be seen and done" do
      {view, html} = open("/acting")
      assert html =~ "recording-mine" and html =~ "recording-theirs" and html =~ "Clear all"
      assert has_element?(view, "input[name=inside]")
    end

    test "that refuses a recording hides it in the list, in counts, suggestions, hits and live" do
      refuse(view: "theirs", view: "their-running")
      DashboardHost.run("their-running", [])
      {view, html} = open("/acting")
      assert html =~ "recording-mine"
      refute html =~ "their"
      refute has_element?(view, ".badge")

      DashboardHost.record("theirs", events: [{0, :event, %{name: "secret"}}])
      render_click(view, "suggest")
      refute render_async(view, 5_000) =~ "secret"
      refute render(view) =~ "new recording"

      {_view, html} = open("/acting?text=rows&inside=1")
      assert html =~ "found-mine" and html =~ "in 1 recording"
      refute html =~ "theirs"

      {_view, html} = open("/acting/theirs")
      assert html =~ "There is no such recording"
    end

    test "that refuses the list shows an empty one" do
      refuse([:list])
      {_view, html} = open("/acting")
      assert html =~ "No recordings yet"
      {_view, html} = open("/acting/mine")
      assert html =~ "RowsLive"
    end

    test "that refuses an action keeps it from being done, whatever the browser sends" do
      refuse([:clear, :search, {:delete, "mine"}, {:pin, "mine"}])
      {_view, html} = open("/acting?text=rows&inside=1")
      refute html =~ "found-"
      refute html =~ "Clear all"

      {view, _html} = open("/acting")
      assert has_element?(view, "#recording-theirs .delete")
      assert has_element?(view, "#recording-theirs .pin")
      refute has_element?(view, "#recording-mine .act button")

      render_click(view, "clear")
      render_click(view, "delete", %{"id" => "mine"})
      render_click(view, "pin", %{"id" => "mine", "pinned" => "true"})
      render_async(view, 5_000)
      assert {:ok, %{pinned: false}} = Store.get_summary("mine")
      assert {:ok, _summary} = Store.get_summary("theirs")
    end

    test "keeps what it does not let be deleted when all that match are" do
      refuse(delete: "theirs")
      {view, _html} = open("/acting?text=rows")
      render_click(view, "clear")
      render_async(view, 5_000)
      assert Store.get_summary("mine") == :error
      assert {:ok, _summary} = Store.get_summary("theirs")
    end
  end

  test "destructive actions can be turned off" do
    {view, html} = open("/kept")
    refute html =~ "Clear all"
    refute has_element?(view, ".delete")
    render_click(view, "delete", %{"id" => "mine"})
    render_click(view, "clear")
    render_async(view, 5_000)
    assert {:ok, _summary} = Store.get_summary("mine")
    assert has_element?(view, "#recording-mine .pin")
  end

  test "what people do is told" do
    {view, _html} = open("/acting?text=rows")

    assert_receive {@action, %{count: 2},
                    %{action: :list, where: [text: "rows"], socket: %{assigns: _who}}}

    render_click(view, "pin", %{"id" => "mine", "pinned" => "true"})
    assert_receive {@action, %{count: 1}, %{action: :pin, id: "mine", result: :ok}}
    render_click(view, "delete", %{"id" => "none"})
    assert_receive {@action, %{count: 0}, %{action: :delete, id: "none", result: :refused}}

    open("/acting/mine")
    assert_receive {@action, %{count: 1}, %{action: :view, id: "mine", result: :ok}}
    get(build_conn(), "/acting/mine/frame")
    assert_receive {@action, %{count: 0}, %{action: :view, id: "mine", result: :ok}}
    open("/acting?text=rows&inside=1")
    assert_receive {@action, %{count: _hits}, %{action: :search, result: :ok}}

    render_click(view, "clear")
    assert_receive {@action, %{count: 2}, %{action: :clear, where: [text: "rows"], result: :ok}}
  end

  test "clearing tells how far it is" do
    viewer = %Phoenix.LiveView.Socket{assigns: %{options: %Options{path: "/replay"}}}
    assert Access.clear(viewer, [text: "mine"], &send(self(), {:so_far, &1})) == {:ok, 1}
    assert_received {:so_far, 1}

    # It comes to the page, which may be done by then.
    {view, _html} = open("/acting")
    send(view.pid, {:deleted, 1_200})
    refute render(view) =~ "so far"
    :sys.replace_state(view.pid, &put_in(&1.socket.assigns.busy, "Deleting…"))
    send(view.pid, {:deleted, 1_200})
    assert render(view) =~ "Deleting… 1,200 so far"
  end

  describe "in :prod" do
    defmodule OpenRouter do
      Module.register_attribute(__MODULE__, :phoenix_replay, accumulate: true, persist: true)
      @phoenix_replay {"/replay", false, :prod}
      @phoenix_replay {"/guarded", true, :prod}
      @phoenix_replay {"/dev", false, :dev}
    end

    test "a dashboard that nothing guards is warned of, and no other" do
      log = capture_log(fn -> Unguarded.warn([OpenRouter, DashboardHost.Router]) end)
      assert log =~ "the dashboard at /replay of #{inspect(OpenRouter)} has no `authorize`"
      refute log =~ "/guarded" or log =~ "/dev" or log =~ "/teams"

      configure(authorize: fn _recording -> true end)
      assert capture_log(fn -> Unguarded.warn([OpenRouter]) end) == ""
    end

    test "a router keeps what it takes to know" do
      marks =
        for {:phoenix_replay, marks} <- DashboardHost.Router.module_info(:attributes),
            mark <- marks,
            do: mark

      assert {"/replay", false, :test} in marks
      assert {"/teams/:team/sessions", true, :test} in marks
      assert {"/closed", true, :test} in marks
    end
  end
end
