defmodule PhoenixReplay.Recorder.ComponentsTest do
  use PhoenixReplay.Case

  import ExUnit.CaptureLog

  alias PhoenixReplay.Zoo.Lived.{Box, Item}

  defmodule RaisingOnItems do
    @moduledoc false
    @behaviour PhoenixReplay.Sanitizer
    def sanitize_assigns(%{likes: likes}) when likes < 2, do: raise("s3cret")
    def sanitize_assigns(assigns), do: assigns
    def sanitize_delta(changed, assigns), do: Map.take(assigns, Map.keys(changed))
  end

  setup do
    {:ok, view, _html} = live(build_conn(), "/lived/parts")
    {:ok, view: view}
  end

  defp components(view), do: payloads(active(view), :component)
  defp last(view, count), do: Enum.take(active(view).events, -count)
  defp item(id), do: {:component, Item, id}

  test "are recorded when they are made, in the moment of the view's first render", %{view: view} do
    assert [{0, :mount, _mount}, {_, :handle_params, _params} | _rest] = active(view).events
    assert [box, item] = components(view)
    assert %{part: {:component, Box, "box"}, joined: true, value: %{open?: true}} = box
    assert %{part: {:component, Item, 1}, joined: true, value: value} = item
    assert %{likes: 0, note: nil, shown: "!", open?: true} = value
    for key <- [:__changed__, :flash, :streams, :myself, :api_key], do: refute(value[key])
  end

  test "the first of a module brings its code, which the timeline knows", %{view: view} do
    render_hook(view, "title", %{"title" => "new"})

    with_code =
      for %{code: md5, part: {:component, module, _id}} <- components(view), do: {module, md5}

    assert Enum.sort(with_code) ==
             for(module <- [Box, Item], do: {module, module.module_info(:md5)})

    {:ok, timeline} = view |> recording_id() |> Store.open()
    modules = PhoenixReplay.Timeline.code(timeline).modules
    assert Enum.sort(Map.keys(modules)) == Enum.sort([Box, Item, Zoo.Lived.PartsLive])
    assert modules[Box] == Box.module_info(:md5)
  end

  test "an event of one has it as its target, and what changed is its own", %{view: view} do
    view |> element("#item-1 button.like") |> render_click()

    assert [{_, :event, event}, {_, :component, changed}] = last(view, 2)
    assert event == %{name: "like", params: %{}, target: {Item, 1}}
    assert changed == %{part: item(1), delta: %{likes: 1}}
  end

  test "what the parent changes of them joins the parent's render", %{view: view} do
    render_hook(view, "title", %{"title" => "new"})

    assert [{_, :event, _}, {_, :component, box}, {_, :assigns, %{delta: delta}}] = last(view, 3)
    assert %{part: {:component, Box, "box"}, delta: %{title: "new"}} = box
    assert delta == %{title: "new"}
  end

  test "what changes them without an event is recorded at that moment", %{view: view} do
    send(view.pid, {:note, 1, "a note"})
    render(view)
    assert [{_, :info, %{tag: :note}}, {_, :component, noted}] = last(view, 2)
    assert noted == %{part: item(1), delta: %{note: "a note", shown: "a note!"}}

    view |> element("#item-1 button.later") |> render_click()
    render_async(view)
    assert [{_, :event, %{name: "later"}}, {_, :component, done}] = last(view, 2)
    assert done == %{part: item(1), delta: %{done: 1}}
  end

  test "their streams are recorded, as those of their owner", %{view: view} do
    view |> element("#item-1 button.row") |> render_click()

    assert [{_, :stream, %{part: {:stream, {Item, 1}, :rows}, rows: %{rows: rows}}}] =
             last(view, 1)

    assert {false, [], [{"row-1-0", 0, %{text: "later"}, nil, false}]} = rows
  end

  if Version.match?(to_string(Application.spec(:phoenix_live_view, :vsn)), ">= 1.1.0-dev") do
    test "one that is gone is said to be, and begins anew when it is back", %{view: view} do
      render_hook(view, "toggle", %{"id" => 2})
      view |> element("#item-2 button.like") |> render_click()
      render_hook(view, "toggle", %{"id" => 2})
      # The browser says so when it has taken it away.
      gone = %{part: item(2), gone: true}
      assert eventually(fn -> List.last(components(view)) == gone end)

      assert [{_, :component, _}, {_, :stream, %{part: part, gone: true, joined: true}}] =
               last(view, 2)

      assert part == {:stream, {Item, 2}, :rows}

      render_hook(view, "toggle", %{"id" => 2})
      assert %{likes: 0} = Enum.find(Enum.reverse(components(view)), &(&1.part == item(2))).value
    end
  end

  test "one that comes later is watched too", %{view: view} do
    render_hook(view, "toggle", %{"id" => 3})
    send(view.pid, {:note, 3, "later"})
    render(view)
    assert [{_, :component, %{part: part, delta: %{note: "later"}}}] = last(view, 1)
    assert part == item(3)
  end

  test "one that its parent renders again before it is watched is watched once", %{view: view} do
    :ok = :sys.suspend(view.pid)
    for message <- [{:toggle, 3}, {:toggle, 2}], do: send(view.pid, message)
    :ok = :sys.resume(view.pid)
    render(view)

    for id <- [2, 3], do: view |> element("#item-#{id} button.like") |> render_click()

    assert [{2, 1}, {3, 1}] =
             for(%{part: {_, Item, id}, delta: %{likes: n}} <- components(view), do: {id, n})

    assert payloads(active(view), :fault) == []
  end

  test "no secret of one is in the recording", %{view: view} do
    view |> element("#item-1 button.row") |> render_click()
    {:ok, timeline} = view |> recording_id() |> Store.open()
    {:ok, page} = PhoenixReplay.Timeline.page(timeline, PhoenixReplay.Timeline.size(timeline) - 1)
    assert page.parts[item(1)].api_key == "[FILTERED]"
    refute inspect({active(view), page}, limit: :infinity) =~ "s3cret"
  end

  test "a fault in recording one leaves the page and the other components alone" do
    configure(sanitizer: RaisingOnItems)

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/lived/parts")
        for _ <- 1..3, do: view |> element("#item-1 button.like") |> render_click()
        assert view |> element("#item-1 button.like") |> render() =~ "3"

        assert [{Box, "box", %{value: _}}, {Item, 1, %{value: %{likes: 2}}}, {_, _, changed}] =
                 for(
                   %{part: {_, module, id}} = event <- components(view),
                   do: {module, id, event}
                 )

        assert changed.delta == %{likes: 3}
        assert [%{stage: :component, reason: "RuntimeError"} | _] = payloads(active(view), :fault)
      end)

    assert log =~ "the LiveView is not affected"
    refute log =~ "s3cret"
  end

  test "a view without components has nothing of them in its process" do
    {:ok, view, _html} = live(build_conn(), "/lived/stream")
    {:dictionary, dictionary} = Process.info(view.pid, :dictionary)
    refute List.keymember?(dictionary, PhoenixReplay.Recorder.Components.Known, 0)
  end
end
