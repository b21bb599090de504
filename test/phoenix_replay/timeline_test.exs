defmodule PhoenixReplay.TimelineTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.Timeline

  setup do
    {:ok, view, _html} = live(build_conn(), "/form?x=1")

    for {name, n} <- Enum.with_index(~w(A Ad Ada)),
        do:
          render_change(view, "validate", %{
            "user" => %{"name" => name, "password" => "s3cret#{n}"}
          })

    id = recording_id(view)
    recording = close(view)
    {:ok, timeline} = Store.open(id)
    {:ok, recording: recording, timeline: timeline}
  end

  test "has everything of the recording", %{recording: recording, timeline: timeline} do
    assert Timeline.size(timeline) == length(recording.events)
    assert Timeline.recording(timeline) == %{recording | events: []}
    assert Timeline.events(timeline, 0, 1_000) == {:ok, recording.events}
    assert Timeline.events(timeline, 2, 2) == {:ok, Enum.slice(recording.events, 2, 2)}
    assert {:ok, []} = Timeline.events(timeline, 1_000, 5)
    assert %{view: Zoo.FormLive, event_names: %{"validate" => 3}} = Timeline.summary(timeline)
    assert Timeline.duration_ms(timeline) == recording.events |> List.last() |> elem(0)
  end

  test "knows the code it was recorded with", %{timeline: timeline} do
    assert %{modules: %{Zoo.FormLive => md5}, versions: versions} = Timeline.code(timeline)
    assert md5 == Zoo.FormLive.module_info(:md5)
    assert versions[:phoenix_live_view] == to_string(Application.spec(:phoenix_live_view, :vsn))
  end

  test "has the assigns at every event", %{recording: recording, timeline: timeline} do
    for index <- Enum.shuffle(0..(length(recording.events) - 1)) do
      assert Timeline.assigns(timeline, index) ==
               {:ok, Recording.accumulated_assigns(recording, index)}
    end
  end

  test "shows a replay that sensitive keys were there", %{timeline: timeline} do
    last = Timeline.size(timeline) - 1
    assert {:ok, %{typed: "Ada"} = assigns} = Timeline.assigns(timeline, last)
    refute is_map_key(assigns, :password)

    assert {:ok, %{assigns: %{typed: "Ada", password: "[FILTERED]"}}} =
             Timeline.page(timeline, last)
  end

  test "has rows for a list", %{recording: recording, timeline: timeline} do
    rows = Timeline.rows(timeline, 0, 1_000)
    assert length(rows) == length(recording.events)
    assert Enum.map(rows, & &1.index) == Enum.to_list(0..(length(rows) - 1))
    assert %{type: :mount, offset_ms: 0} = hd(rows)
    assert %{label: "validate"} = Enum.find(rows, &(&1.type == :event))
    assert :typed in Enum.find(Enum.reverse(rows), &(&1.type == :assigns)).keys
    assert [%{index: 3}] = Timeline.rows(timeline, 3, 1)
  end

  test "finds a moment", %{recording: recording, timeline: timeline} do
    {offset, _, _} = List.last(recording.events)
    assert Timeline.index_at(timeline, offset + 10_000) == length(recording.events) - 1
    assert Timeline.index_at(timeline, -1) == nil
  end

  test "can be given to another process", %{timeline: timeline} do
    assert Task.await(Task.async(fn -> Timeline.size(timeline) end)) == Timeline.size(timeline)
  end
end
