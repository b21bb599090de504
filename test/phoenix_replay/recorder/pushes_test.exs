defmodule PhoenixReplay.Recorder.PushesTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Timeline

  setup do
    {:ok, view, _html} = live(build_conn(), "/away")
    {:ok, view: view}
  end

  defp last(view, count), do: Enum.take(active(view).events, -count)

  test "an event pushed with the first render is there, once", %{view: view} do
    assert payloads(active(view), :push_event) == [%{name: "mounted", params: %{}, joined: true}]
  end

  test "an event pushed without a change is there, its payload sanitized", %{view: view} do
    # The host's hook would change something.
    {:ok, plain, _html} = live(build_conn(), "/lived/pages/1")
    render_hook(plain, "ping", %{})
    assert [{_, :event, _}, {_, :push_event, %{name: "pong", params: %{}}}] = last(plain, 2)

    render_hook(view, "push", %{"text" => "hello", "api_key" => "s3cret"})
    assert [%{params: %{"text" => "hello"} = params}] = tl(payloads(active(view), :push_event))
    refute is_map_key(params, "api_key")
  end

  test "those of a component are there, with and without a change of it", %{view: view} do
    view |> with_target("#away") |> render_hook("push", %{"n" => 1})

    assert [{_, :event, _}, {_, :push_event, %{name: "told", params: %{"n" => 1}}}] =
             last(view, 2)

    view |> with_target("#away") |> render_hook("count", %{"n" => 2})

    assert [{_, :component, %{delta: %{count: 1}}}, {_, :push_event, pushed}] = last(view, 2)
    assert %{name: "told", params: %{"n" => 2}, joined: true} = pushed
  end

  test "a patch is told before the page it leads to", %{view: view} do
    render_hook(view, "patch", %{"to" => "/away?token=s3cret&page=2"})

    assert [{_, :navigate, sent}, {_, :handle_params, %{params: params}} | _render] =
             Enum.drop_while(active(view).events, &(elem(&1, 1) != :navigate))

    assert %{kind: :patch, url: url} = sent
    assert url =~ "page=2"
    refute url =~ "s3cret"
    assert %{"page" => "2"} = params
  end

  for {event, kind, to} <- [
        {"navigate", :navigate, "/counter?token="},
        {"redirect", :redirect, "/controller?token="},
        {"external", :redirect, "https://example.com/?token="}
      ] do
    test "where #{event} sends the browser is the last that happens", %{view: view} do
      id = recording_id(view)
      render_hook(view, unquote(event), %{"to" => unquote(to) <> "s3cret"})

      assert {_, :navigate, sent} = List.last(saved(id).events)
      assert sent == %{kind: unquote(kind), url: unquote(to) <> "[FILTERED]"}
    end
  end

  for {event, kind, to} <- [
        {"navigate", :navigate, "/counter?token="},
        {"redirect", :redirect, "/controller?token="},
        {"external", :redirect, "https://example.com/?token="}
      ] do
    test "so it is where a message or a task has #{event} send it", %{view: view} do
      ends = %{kind: unquote(kind), url: unquote(to) <> "[FILTERED]"}
      params = %{"to" => unquote(to) <> "s3cret"}
      id = recording_id(view)
      watched()
      render_hook(view, "push", params)
      send(view.pid, {unquote(event), params})
      assert {_, :navigate, ^ends} = List.last(saved(id).events)
      assert {:ok, %{ended: :redirected}} = Store.get_summary(id)

      {:ok, view, _html} = live(build_conn(), "/away")
      id = recording_id(view)
      watched()
      render_hook(view, "later", Map.put(params, "event", unquote(event)))
      assert [^ends] = payloads(saved(id), :navigate)
    end
  end

  test "it is told once", %{view: view} do
    id = recording_id(view)
    watched()
    render_hook(view, "navigate", %{"to" => "/counter"})
    assert [%{kind: :navigate}] = payloads(saved(id), :navigate)
  end

  test "so it is where a component sends it", %{view: view} do
    id = recording_id(view)
    view |> with_target("#away") |> render_hook("navigate", %{"to" => "/counter"})
    assert {_, :navigate, %{kind: :navigate, url: "/counter"}} = List.last(saved(id).events)
  end

  test "a list of events says where", %{view: view} do
    render_hook(view, "patch", %{"to" => "/away?page=3"})
    {:ok, timeline} = view |> recording_id() |> Store.open()
    rows = Timeline.rows(timeline, 0, Timeline.size(timeline))
    assert %{label: "/away?page=3"} = Enum.find(rows, &(&1.type == :navigate))
  end

  test "events that a hook of the host halts are there, and what it made of streams" do
    {:ok, view, _html} = live(build_conn(), "/halting")
    assert render_click(view, "inc") =~ "0"
    assert [%{name: "inc"}] = payloads(active(view), :event)

    assert [%{part: {:stream, nil, :news}, rows: %{news: {false, [], [_one]}}}] =
             payloads(active(view), :stream)
  end
end
