defmodule PhoenixReplay.Storage.FileTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog
  alias PhoenixReplay.Storage.File, as: Storage

  defp names(folder), do: folder |> stored() |> Enum.map(&Path.basename/1)

  # A heartbeat of the journals may come at any time.
  defp besides_journals(folder), do: File.ls!(folder) -- [".journal"]

  defp recorded(id, connected_at \\ 1_000) do
    :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: connected_at})
    :ok = Store.append_event(id, {0, :mount, %{assigns: %{count: 0}}})
    :ok = Store.append_event(id, {7, :event, %{name: "inc", params: %{}}})
    {:ok, recording} = Store.finalize(id)
    recording
  end

  for format <- [:etf, :json] do
    test "#{format}: a recording comes back as it was", %{folder: folder} do
      configure(storage_opts: [path: folder, format: unquote(format)])
      {:ok, view, _html} = live(build_conn(), "/hostile")
      render_click(view, "inc")
      before = active(view)
      id = recording_id(view)
      assert close(view) == before
      assert names(folder) == ["#{id}.#{unquote(format)}.gz"]

      assert [%{id: ^id, view: Zoo.HostileLive, event_count: count}] =
               Store.list_recording_summaries()

      assert count == length(before.events)
    end
  end

  test "etf is read by plain Erlang", %{folder: folder} do
    recorded("plain")
    read = folder |> stored("plain.etf.gz") |> File.read!() |> ReadRecording.read()
    assert %{id: "plain", view: Zoo.CounterLive} = read.head

    for key <-
          ~w(url event_count duration_ms dropped faults truncated interrupted ended error errors)a ++
            ~w(event_names metadata interacted inflated_bytes)a,
        do: assert(is_map_key(read.summary, key), "#{key} is missing")

    assert %{params: %{}, session: %{}} = read.context

    assert [{0, :mount, %{assigns: %{count: 0}}}, {7, :event, %{name: "inc", params: %{}}}] =
             read.events
  end

  test "json is the documented document", %{folder: folder} do
    configure(storage_opts: [path: folder, format: :json])
    recorded("doc")

    document =
      folder |> stored("doc.json.gz") |> File.read!() |> :zlib.gunzip() |> Jason.decode!()

    for key <- ~w(id view url params session connected_at events),
        do: assert(is_map_key(document, key))

    assert %{"offset" => 0, "type" => "mount", "payload" => _} = hd(document["events"])
  end

  test "lists newest first, page by page" do
    for n <- 1..5, do: recorded("r#{n}", n * 1_000)
    assert Enum.map(Store.list_recording_summaries(), & &1.id) == ~w(r5 r4 r3 r2 r1)
    assert {:ok, %{entries: [%{id: "r5"}, %{id: "r4"}], next: next}} = Store.summaries(limit: 2)

    assert {:ok, %{entries: [%{id: "r3"}, %{id: "r2"}], next: next}} =
             Store.summaries(limit: 2, after: next)

    assert {:ok, %{entries: [%{id: "r1"}], next: nil}} = Store.summaries(limit: 2, after: next)
  end

  test "a recording that is saved again replaces the old one, in either format", %{folder: folder} do
    recorded("same", 1)
    configure(storage_opts: [path: folder, format: :json])
    recorded("same", 2)
    assert names(folder) == ["same.json.gz"]
    assert {:ok, %{connected_at: 2}} = Store.get_recording("same")
  end

  test "a file that cannot be read is told of once and breaks nothing", %{folder: folder} do
    recorded("good")
    listen([:phoenix_replay, :storage, :unreadable])

    for {name, bytes} <- [
          {"empty", ""},
          {"noise", :crypto.strong_rand_bytes(500)},
          {"text", "hello"}
        ],
        do: File.write!(Path.join(folder, name <> ".etf.gz"), bytes)

    File.write!(Path.join(folder, "gzip.etf.gz"), :zlib.gzip(:erlang.term_to_binary(:else)))
    File.write!(Path.join(folder, "json.json.gz"), :zlib.gzip("{}"))
    File.cp!(stored(folder, "good.etf.gz"), Path.join(folder, "other.etf.gz"))
    File.mkdir!(Path.join(folder, "folder.etf.gz"))
    File.write!(Path.join(folder, "no id.etf.gz"), "not ours")
    File.write!(Path.join(folder, "README.md"), "not ours")

    log =
      capture_log(fn ->
        for _ <- 1..3, do: assert([%{id: "good"}] = Store.list_recording_summaries())
      end)

    assert length(Regex.scan(~r/cannot be read/, log)) == 7
    assert_receive {_, %{count: 1}, %{id: "noise"}}

    for id <- ~w(empty noise text gzip folder json) do
      assert {:error, %Error{reason: reason, message: message}} = Store.get_recording(id)
      assert reason in [:unreadable, :storage]
      assert message =~ " "
    end
  end

  test "a file that was cut short is a shorter recording or an error, never a crash", %{
    folder: folder
  } do
    {:ok, view, _html} = live(build_conn(), "/counter")
    for _ <- 1..50, do: render_click(view, "inc")
    id = recording_id(view)
    events = close(view).events
    path = stored(folder, id <> ".etf.gz")
    bytes = File.read!(path)

    for cut <- 0..byte_size(bytes)//7 do
      File.write!(path, binary_part(bytes, 0, cut))

      case Store.get_recording(id) do
        {:ok, recording} -> assert List.starts_with?(events, recording.events)
        {:error, %Error{reason: :unreadable}} -> :ok
      end
    end
  end

  test "ids that are not ours touch no file", %{folder: folder} do
    File.mkdir_p!(folder)
    outside = Path.join(Path.dirname(folder), "outside.etf.gz")
    File.write!(outside, "x")
    on_exit(fn -> File.rm(outside) end)

    for id <- [
          "../outside",
          "",
          "a/../../outside",
          String.duplicate("x", 1_000_000),
          nil,
          5,
          "a\0"
        ] do
      assert Store.get_recording(id) == :error
      assert Store.get_active(id) == :error
      assert Store.finalize(id) == :error
      assert Store.open(id) == :error
      assert Store.append_event(id, {0, :event, %{name: "x"}}) == :error
      assert {:error, %Error{reason: :invalid_id}} = Store.delete_recording(id)
      assert {:error, %Error{reason: :invalid_id}} = Store.start_recording(id, %Recording{})
      assert {:error, %Error{}} = Storage.save(id, "x", %{}, path: folder)
    end

    assert File.read!(outside) == "x"
    assert besides_journals(folder) == []
  end

  test "nothing half written is left behind or listed", %{folder: folder} do
    :ok = Storage.save("x", "data", %{}, path: folder)
    [path] = stored(folder)
    File.rm!(path)
    File.mkdir_p!(path)
    assert {:error, _} = Storage.save("x", "data", %{}, path: folder)
    assert File.ls!(Path.dirname(path)) == ["x.etf.gz"]
  end

  test "a relative folder is where it was first", %{folder: folder} do
    relative = "tmp_relative_#{System.unique_integer([:positive])}"
    File.mkdir_p!(folder)

    File.cd!(folder, fn ->
      :ok = Storage.save("a", "x", %{}, path: relative)
    end)

    assert {:ok, "x"} = Storage.fetch("a", path: relative)
    assert stored(Path.join(folder, relative), "a.etf.gz")
  end

  test "deletes and clears", %{folder: folder} do
    for id <- ~w(a b c), do: recorded(id)
    assert Store.delete_recording("a") == :ok
    assert Store.delete_recording("a") == :ok
    assert Enum.map(Store.list_recording_summaries(), & &1.id) |> Enum.sort() == ~w(b c)
    File.write!(Path.join(folder, "keep.txt"), "not ours")
    assert Store.clear_all() == :ok
    assert besides_journals(folder) == ["keep.txt"]
  end
end
