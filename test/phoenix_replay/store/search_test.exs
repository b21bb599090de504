defmodule PhoenixReplay.Store.SearchTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.Native
  alias PhoenixReplay.Store.Search

  defp recorded(id, connected_at, events) do
    :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: connected_at})
    for event <- events, do: :ok = Store.append_event(id, event)
    {:ok, _recording} = Store.finalize(id)
  end

  defp two do
    recorded("old", 1, [
      {0, :mount, %{assigns: %{user: %{name: "Ann Lee", age: 41}, password: "lee-secret"}}},
      {70, :event, %{name: "save", params: %{"note" => "call Lee"}}}
    ])

    recorded("new", 2, [{0, :mount, %{assigns: %{rows: [%{name: "Bob"}, %{name: "Lee"}]}}}])
  end

  defp hits(query, opts \\ []) do
    {:ok, %{hits: hits}} = Store.search(query, opts)
    for hit <- hits, do: {hit.id, hit.index, hit.path}
  end

  test "finds texts in assigns and params, the newest recording first" do
    two()

    assert {:ok, %{searched: 2, unreadable: 0, truncated?: false, hits: [_, _, last]}} =
             Store.search("Lee")

    assert last == %{
             id: "old",
             view: Zoo.CounterLive,
             index: 1,
             offset_ms: 70,
             path: ~s(params["note"]),
             excerpt: "call Lee"
           }

    assert hits("Lee") == [
             {"new", 0, "assigns.rows[1].name"},
             {"old", 0, "assigns.user.name"},
             {"old", 1, ~s(params["note"])}
           ]
  end

  test "finds numbers and patterns, and nothing that is sensitive" do
    two()
    assert hits(41) == [{"old", 0, "assigns.user.age"}]
    assert hits(41.0) == []
    assert hits(~r/^b.b$/i) == [{"new", 0, "assigns.rows[0].name"}]
    assert hits("ann", ignore_case: true) == [{"old", 0, "assigns.user.name"}]
    assert hits("secret") == []
  end

  test "finds what was typed into a live view letter by letter" do
    {:ok, view, _html} = live(build_conn(), "/form")

    for text <- ["w", "wo", "wor", "word"],
        do: view |> form("#form", user: %{name: text}) |> render_change()

    recording = close(view)
    word = hits("word", where: [ids: [recording.id]])
    assert Enum.any?(word, fn {_id, _index, path} -> path =~ "assigns." end)
    assert Enum.any?(word, fn {_id, _index, path} -> path =~ "params" end)
  end

  test "says each hit and how far it has come, within limits and conditions" do
    two()
    me = self()
    on_hit = &send(me, {:hit, &1.id})
    on_progress = &send(me, {:searched, &1})
    assert {:ok, _found} = Store.search("Lee", on_hit: on_hit, on_progress: on_progress)
    for id <- ["new", "old", "old"], do: assert_receive({:hit, ^id})
    for count <- [1, 2], do: assert_receive({:searched, ^count})

    assert {:ok, %{hits: [_one], truncated?: true, searched: 1}} = Store.search("Lee", limit: 1)
    assert {:ok, %{hits: [_, _], truncated?: true}} = Store.search("Lee", per_recording: 1)
    assert hits("Lee", where: [to: 1]) |> Enum.map(&elem(&1, 0)) == ["old", "old"]
  end

  test "what authorize refuses is not searched" do
    two()
    configure(authorize: fn recording -> recording.id == "new" end)
    assert {:ok, %{searched: 1, hits: [%{id: "new"}]}} = Store.search("Lee")
  end

  test "a query or an option that is wrong is an error that says so" do
    for {query, opts, word} <- [
          {"", [], "at least one character"},
          {<<255>>, [], "UTF-8"},
          {~r/(?=a)/, [], "look-around"},
          {~r/a/x, [], "option"},
          {:a, [], "a Regex"},
          {"a", [colour: 1], "colour"},
          {"a", :none, "keyword"},
          {"a", [where: [colour: 1]], "colour"},
          {2 ** 70, [], "64 bits"}
        ] do
      assert {:error, %Error{reason: :invalid_query, message: message}} =
               Store.search(query, opts)

      assert message =~ word
    end
  end

  @tag :capture_log
  test "one that cannot be read is passed over", %{folder: folder} do
    two()
    [path] = Path.wildcard(Path.join(folder, "**/new.etf.gz"))
    bytes = File.read!(path)
    File.write!(path, binary_part(bytes, 0, 10))
    assert {:ok, %{hits: hits}} = Store.search("Lee")
    assert Enum.map(hits, & &1.id) == ["old", "old"]
  end

  test "searches take turns, and end with the process that asked" do
    {:ok, query} = Native.search_query(:text, "x", false)
    assert Native.search_open("", query, 1, 0) == :busy
    assert Search.at_once() <= max(1, div(:erlang.system_info(:dirty_cpu_schedulers_online), 2))

    two()
    me = self()

    {:ok, pid} =
      Task.start(fn ->
        Store.search("Lee", on_hit: fn _hit -> send(me, :hit) && Process.sleep(:infinity) end)
      end)

    assert_receive :hit
    {:links, tasks} = Process.info(pid, :links)
    monitors = for task <- tasks, is_pid(task), do: Process.monitor(task)
    Process.exit(pid, :kill)
    for monitor <- monitors, do: assert_receive({:DOWN, ^monitor, :process, _pid, _reason}, 1_000)
  end
end
