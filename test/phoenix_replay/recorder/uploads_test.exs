defmodule PhoenixReplay.Recorder.UploadsTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.{Fidelity, Timeline}
  alias PhoenixReplay.Zoo.Lived.Attachment

  @photos {:upload, nil, :photos}

  setup do
    {:ok, view, _html} = live(build_conn(), "/lived/upload")
    {:ok, view: view}
  end

  defp choose(view, form, name, file),
    do: file_input(view, form, name, [Map.merge(%{content: "s3cret 123", type: "x"}, file)])

  defp uploads(view, owner, name) do
    for %{part: {:upload, ^owner, ^name}} = event <- payloads(active(view), :upload), do: event
  end

  defp parts(view) do
    {:ok, timeline} = view |> recording_id() |> Store.open()
    {:ok, %{parts: parts}} = Timeline.page(timeline, Timeline.size(timeline) - 1)
    parts
  end

  test "are there from the first render on, as what a page shows of them", %{view: view} do
    assert [%{value: shown, joined: true}] = uploads(view, nil, :photos)

    assert %{accept: ".jpg,.png", max_entries: 2, entries: [], errors: [], ref: "phx-" <> _} =
             shown
  end

  test "change by what changed: entries, progress and how they are", %{view: view} do
    photos = choose(view, "#photos", :photos, %{name: "a.jpg"})
    render_upload(photos, "a.jpg", 50)
    assert %{entries: [%{client_name: "a.jpg", progress: 50} = entry]} = parts(view)[@photos]
    assert %{done?: false, preflighted?: true, client_size: 10} = entry

    render_upload(photos, "a.jpg", 50)
    assert %{entries: [%{progress: 100, done?: true}]} = parts(view)[@photos]
    assert %{delta: delta} = List.last(uploads(view, nil, :photos))
    assert Map.keys(delta) == [:entries]
  end

  test "have their errors", %{view: view} do
    photos = choose(view, "#photos", :photos, %{name: "a.txt"})
    assert {:error, _reasons} = render_upload(photos, "a.txt")
    assert %{errors: [{_ref, :not_accepted}]} = parts(view)[@photos]
  end

  test "of a component are its own, and go with it", %{view: view} do
    attach = choose(view, "#attach", :attachment, %{name: "a.txt"})
    render_upload(attach, "a.txt", 40)
    part = {:upload, {Attachment, "attachment"}, :attachment}
    assert %{entries: [%{progress: 40}]} = parts(view)[part]

    render_hook(view, "toggle", %{})
    render(view)
    {:ok, timeline} = view |> recording_id() |> Store.open()
    refute Fidelity.replayed(timeline, Timeline.size(timeline) - 1) =~ "attach"
  end

  test "are never recorded with their content, nor with where they go", %{view: view} do
    photos = choose(view, "#photos", :photos, %{name: "a.jpg"})
    render_upload(photos, "a.jpg")
    render_submit(element(view, "#photos"))
    everything = inspect({active(view), parts(view)}, limit: :infinity)
    assert everything =~ "a.jpg"

    for hidden <- ["s3cret", "entry_refs_to_metas", "client_meta", "#Function", "#PID"],
        do: refute(everything =~ hidden)
  end
end
