defmodule PhoenixReplay.Dashboard.Player.NestedTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.{DashboardHost, Replayed}

  @endpoint PhoenixReplay.DashboardHost.Endpoint
  @at 1_700_000_000_000

  setup do
    DashboardHost.start()
    Process.register(self(), :replayed_told)

    DashboardHost.record("parent",
      view: Replayed.ParentLive,
      connected_at: @at,
      events: [
        {0, :mount, %{assigns: %{title: "Parent", counters: []}}},
        {1_000, :event, %{name: "x", params: %{}}},
        {2_000, :assigns, %{delta: %{title: "Later"}}}
      ]
    )

    :ok
  end

  # Its title is "Two rows" from 701 ms of the parent's time on.
  defp nested(id, fields \\ []) do
    facts = %{nested_in: "parent", nested_id: "the-child"}
    DashboardHost.record(id, Keyword.merge([connected_at: @at + 200, metadata: facts], fields))
  end

  defp played(path) do
    {:ok, view, _html} = live(build_conn(), path)
    {view, DashboardHost.frame(build_conn(), render_async(view))}
  end

  defp shown({view, frame}, params) do
    render_hook(view, "seek", params)
    render(frame)
  end

  test "what is nested is shown in its place, as it was at the same time" do
    nested("child")
    {view, _frame} = played = played("/replay/parent")

    html = shown(played, %{"index" => 0})
    assert html =~ ~r{<div id="the-child"[^>]*><div id="app-layout"><h1>Rows</h1>}
    refute html =~ "data-phx-parent-id"
    assert shown(played, %{"index" => 1}) =~ "<h1>Two rows</h1>"
    assert shown(played, %{"index" => 0, "at" => 300}) =~ "<h1>Rows</h1>"
    assert shown(played, %{"index" => 0, "at" => 701}) =~ "<h1>Two rows</h1>"
    assert shown(played, %{"index" => 2}) =~ "<h1>Later</h1>"
    refute_received {:ran, _callback}

    view |> element("#tab-details") |> render_click()
    assert has_element?(view, ~s(#nested a[href="/replay/child"]), "RowsLive")
    assert has_element?(view, "#nested dt", "#the-child")
    refute has_element?(view, "#nested-in")
  end

  test "the player stops where something nested changed, and plays as long as that" do
    nested("child")
    sticky = %{nested_in: "parent", sticky_in: "x", nested_id: "bar"}
    DashboardHost.record("bar", connected_at: @at - 100, metadata: sticky)
    later = [{0, :mount, %{assigns: %{title: "a", rows: []}}}, {9_000, :info, %{}}]
    nested("late", connected_at: @at + 1_500, events: later)

    {view, _frame} = played("/replay/parent")
    # Of the sticky one, from before the page, only what is after its first event.
    assert_push_event(view, "nested", %{offsets: offsets})

    assert Enum.scan(offsets, &+/2) == [
             200,
             400,
             401,
             700,
             701,
             801,
             900,
             1101,
             1200,
             1500,
             10_500
           ]

    assert has_element?(view, ~s(#player[data-duration="10500"]))
  end

  test "it says what it is nested in" do
    nested("child", url: nil, events: [{0, :mount, %{assigns: %{title: "a", rows: []}}}])
    {:ok, list, _html} = live(build_conn(), "/replay")
    assert render_async(list) =~ "nested, #the-child"

    {:ok, view, _html} = live(build_conn(), "/replay/child")
    view |> element("#tab-details") |> render_click()
    assert has_element?(view, ~s(#nested-in a[href="/replay/parent"]), "parent")
    assert has_element?(view, "#nested-in dd", "#the-child")
    refute has_element?(view, "#nested")
  end

  test "without a recording, and with one that may not be seen, it is the same placeholder" do
    without = shown(played("/teams/7/sessions/parent"), %{"index" => 2})
    assert without =~ "There is no recording of it at this moment"

    nested("secret-child")
    {view, _frame} = refused = played("/teams/7/sessions/parent")
    assert normal(shown(refused, %{"index" => 2})) == normal(without)
    view |> element("#tab-details") |> render_click()
    refute has_element?(view, "#nested")

    configure(authorize: &(&1.id == "parent"))
    assert normal(shown(played("/replay/parent"), %{"index" => 2})) == normal(without)
  end

  defp normal(html), do: PhoenixReplay.Fidelity.Html.inside(html)

  test "a template that fails is a note in its place" do
    events = [{0, :mount, %{assigns: %{number: 3}}}]
    nested("child", view: Replayed.FailingLive, events: events)
    html = shown(played("/replay/parent"), %{"index" => 2})
    assert html =~ "<h1>Later</h1>"
    assert html =~ "an odd number"
  end

  test "recordings that say they are in one another are shown once" do
    facts = %{nested_in: "one", nested_id: "the-child"}
    fields = [view: Replayed.ParentLive, connected_at: @at, metadata: facts]
    events = [{0, :mount, %{assigns: %{title: "Parent", counters: []}}}]
    for id <- ~w(one two), do: DashboardHost.record(id, [events: events] ++ fields)
    html = shown(played("/replay/one"), %{"index" => 0})
    assert length(String.split(html, "<h1>Parent</h1>")) == 3
    assert html =~ "There is no recording of it at this moment"
  end
end
