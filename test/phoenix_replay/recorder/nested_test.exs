defmodule PhoenixReplay.Recorder.NestedTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.Facts

  defp parent do
    {:ok, view, _html} = live(build_conn(), "/parent")
    {view, find_live_child(view, "nested"), find_live_child(view, "sticky")}
  end

  test "a nested view knows the recording of its parent and its element, a sticky one its connection" do
    {view, nested, sticky} = parent()
    id = recording_id(view)
    {:ok, timeline} = Store.open(id)
    %{connection: <<connection::binary-11>>} = PhoenixReplay.Timeline.summary(timeline)

    assert %{"nested_in" => ^id, "nested_id" => "nested"} = facts = active(nested).metadata
    refute is_map_key(facts, "sticky_in")

    assert %{"nested_in" => ^id, "sticky_in" => ^connection, "nested_id" => "sticky"} =
             active(sticky).metadata

    for fact <- ~w(nested_in sticky_in nested_id), do: refute(active(view).metadata[fact])
  end

  test "a view on another page has another connection, and one of a controller no place" do
    connections =
      for _page <- 1..2 do
        {:ok, view, _html} = live(build_conn(), "/counter")
        {:ok, timeline} = Store.open(recording_id(view))
        PhoenixReplay.Timeline.summary(timeline).connection
      end

    assert length(Enum.uniq(connections)) == 2

    {:ok, view, _html} = live(build_conn(), "/controller")
    assert Map.drop(active(view).metadata, ["visit"]) == %{}
  end

  test "saved, it is found by its parent" do
    {view, nested, _sticky} = parent()
    id = recording_id(view)
    render_click(nested, "click")
    nested = close(nested)

    assert {:ok, %{entries: found}} =
             Store.filter(metadata: %{nested_in: id, nested_id: "nested"})

    assert Enum.map(found, & &1.id) == [nested.id]
  end

  test "the configured metadata is asked for it too" do
    configure(metadata: fn _session, socket -> %{of: inspect(socket.view)} end)
    {:ok, view, _html} = live(build_conn(), "/lived/nested")
    assert active(find_live_child(view, "first")).metadata["of"] =~ "NestedLive.Child"
  end

  test "a sticky view is found from every page of its connection, and from no other" do
    [here, elsewhere] = for _ <- 1..2, do: spawn(fn -> Process.sleep(:infinity) end)
    for {id, place} <- [{"a", {here, nil, nil}}, {"b", {here, nil, nil}}], do: start(id, place)
    start("bar", {here, nil, "bar"})
    start("other", {elsewhere, nil, nil})
    start("other-bar", {elsewhere, nil, "bar"})

    found = fn id ->
      {:ok, timeline} = Store.open(id)
      {:ok, nested} = timeline |> PhoenixReplay.Timeline.summary() |> Store.nested()
      Enum.map(nested, & &1.id)
    end

    assert found.("a") == ["bar"]
    assert found.("b") == ["bar"]
    assert found.("other") == ["other-bar"]
    assert found.("bar") == []
    # The page of the connection when it began.
    assert %{nested_in: "b"} = Native.session_state(Native.session_lookup("bar"))

    # Ended, and on its way to storage.
    start("ended", {here, nil, "foot"})
    Native.session_close(Native.session_lookup("ended"), :closed, nil)
    assert Enum.sort(found.("a")) == ["bar", "ended"]
    Native.session_remove("ended")

    for id <- ~w(a b bar other other-bar), do: {:ok, _} = Store.finalize(id)
    assert found.("a") == ["bar"]
    assert found.("b") == ["bar"]
    assert found.("other") == ["other-bar"]
  end

  defp start(id, place) do
    facts = %{
      view: Zoo.CounterLive,
      connected_at: 1_700_000_000_000,
      url: nil,
      head: Facts.head(Zoo.CounterLive),
      params: %{},
      session: %{},
      place: place
    }

    {:ok, native} = Native.session_start(id, nil, facts, nil, %{})
    Native.append_mount(native, %{count: 0})
  end

  test "it is the same in a JSON document", %{folder: folder} do
    configure(storage_opts: [path: folder, format: :json])
    {view, nested, _sticky} = parent()
    ids = Enum.map([view, nested], &recording_id/1)
    render_click(nested, "click")
    stop(view)
    [%{id: id}, %{id: nested_id}] = Enum.map(ids, &saved/1)
    {:ok, summary} = Store.get_summary(id)
    assert <<_::binary-11>> = summary.connection

    assert {:ok, nested} = Store.nested(summary)
    assert Enum.sort(Enum.map(nested, & &1.metadata["nested_id"])) == ["nested", "sticky"]
    assert nested_id in Enum.map(nested, & &1.id)
  end

  describe "without interaction of its own" do
    test "it is kept where its parent was used, and a sticky one where its first page was" do
      {view, nested, sticky} = parent()
      ids = Enum.map([nested, sticky], &recording_id/1)
      render_click(view, "inc")
      close(view)
      assert ["nested", "sticky"] = Enum.map(ids, &saved(&1).metadata["nested_id"])
    end

    test "it is kept though its parent goes on" do
      {view, nested, _sticky} = parent()
      render_click(view, "inc")
      assert close(nested).metadata["nested_in"]
    end

    test "it is kept or not as its page is, where `keep` decides" do
      for {keep, becomes} <- [{[rate: 1.0], :kept}, {[rate: 0.0], :discarded}] do
        configure(keep: keep)
        {view, nested, _sticky} = parent()
        ids = Enum.map([view, nested], &recording_id/1)
        render_click(view, "inc")
        render_click(nested, "click")
        stop(view)
        for id <- ids, do: gone(id)

        for id <- ids,
            do: assert(match?({:ok, _recording}, Store.get_recording(id)) == (becomes == :kept))
      end
    end

    test "a page is kept where something nested in it was used, and all in it with it" do
      {:ok, view, _html} = live(build_conn(), "/lived/nested")
      inner = view |> find_live_child("first") |> find_live_child("first-inner")
      others = [find_live_child(view, "first"), find_live_child(view, "bar"), view]
      ids = Enum.map([inner | others], &recording_id/1)
      assert Store.list_active_summaries() == []

      render_click(inner, "click")
      assert recording_id(view) in Enum.map(Store.list_active_summaries(), & &1.id)
      stop(view)
      assert Enum.map(ids, &saved(&1).id) == ids
    end

    test "it is discarded where nobody used the page" do
      {view, nested, _sticky} = parent()
      ids = Enum.map([view, nested], &recording_id/1)
      stop(view)
      for id <- ids, do: gone(id)
      for id <- ids, do: assert(Store.get_recording(id) == :error)
    end
  end
end
