defmodule PhoenixReplay.Storage.File.IndexTest do
  use ExUnit.Case, async: true

  import PhoenixReplay.Case, only: [eventually: 1]

  alias PhoenixReplay.Native
  alias PhoenixReplay.Storage.{Contract, Query}
  alias PhoenixReplay.Storage.File, as: Storage
  alias PhoenixReplay.Storage.File.{Index, Layout}

  setup do
    folder = Path.join(System.tmp_dir!(), "replay_index_#{System.unique_integer([:positive])}")
    File.mkdir_p!(folder)
    on_exit(fn -> File.rm_rf!(folder) end)
    {:ok, folder: folder, opts: [path: folder]}
  end

  # As another node does, or somebody with a shell: past this node's index.
  defp put(folder, id, connected_at, changes \\ %{}) do
    {data, _summary} = Contract.recording(id, connected_at, changes)
    {:ok, path} = Layout.path(folder, id, :etf)
    File.mkdir_p!(Path.dirname(path))
    File.write!(path, data)
    path
  end

  defp list(opts, where \\ []) do
    {:ok, query} = Query.new(where)
    {:ok, page} = Storage.list(%{where: query, limit: nil, after: nil}, opts)
    page.entries
  end

  defp ids(opts, where \\ []), do: Enum.map(list(opts, where), & &1.id)

  defp aged(path), do: File.touch!(path, System.os_time(:second) - 100)

  test "sees what others put, change and delete", %{folder: folder, opts: opts} do
    assert ids(opts) == []
    first = put(folder, "a", 1)
    assert ids(opts) == ["a"]
    put(folder, "b", 2)
    assert ids(opts) == ["b", "a"]
    put(folder, "a", 3, %{errors: 1})
    assert ids(opts) == ["a", "b"]
    assert ids(opts, errors: true) == ["a"]
    File.rm!(first)
    assert ids(opts) == ["b"]
    File.rm_rf!(folder)
    assert ids(opts) == []
  end

  test "reads many files at once when it sees them first", %{folder: folder, opts: opts} do
    for n <- 1..1_500, do: put(folder, "n#{n}", n)
    assert ids(opts) == for(n <- 1_500..1//-1, do: "n#{n}")
    {:ok, query} = Query.new(from: 1_000)
    assert Storage.count(query, opts) == {:ok, 501}
  end

  test "reads a file that did not change once", %{folder: folder, opts: opts} do
    path = put(folder, "a", 1)
    File.write!(path, binary_part(File.read!(path), 0, 10))
    whole = put(folder, "b", 2)
    for at <- [path, whole], do: aged(at)
    for at <- [path, whole], do: aged(Path.dirname(at))
    test = self()
    id = {__MODULE__, make_ref()}

    :telemetry.attach(
      id,
      [:phoenix_replay, :storage, :unreadable],
      fn _event, _measured, meta, _config -> send(test, {:read, meta.id}) end,
      nil
    )

    ExUnit.CaptureLog.capture_log(fn -> for _ <- 1..5, do: assert(ids(opts) == ["b"]) end)
    :telemetry.detach(id)
    assert_received {:read, "a"}
    refute_received {:read, "a"}
  end

  test "pins of others show", %{folder: folder, opts: opts} do
    put(folder, "a", 1)
    assert [%{pinned: false}] = list(opts)
    File.write!(Layout.pin(folder, "a"), "")
    assert [%{pinned: true}] = list(opts)
    assert ids(opts, pinned: true) == ["a"]
  end

  test "files of the existing package are listed, opened, pinned and deleted", %{
    folder: folder,
    opts: opts
  } do
    map = %{
      view: URI,
      url: "/u",
      params: %{},
      session: %{},
      events: [{0, :mount, %{assigns: %{}}}, {9, :event, %{name: "go", params: %{}}}]
    }

    json = fn id, at ->
      ~s({"id":"#{id}","view":"URI","url":"/u","params":{},"session":{},"connected_at":#{at},) <>
        ~s("events":[{"offset":9,"type":"event","payload":{"name":"go","params":{}}}]})
    end

    etf = fn id, at -> :erlang.term_to_binary(Map.merge(map, %{id: id, connected_at: at})) end

    File.write!(Path.join(folder, "one.etf"), etf.("one", 1))
    File.write!(Path.join(folder, "two.etf.gz"), :zlib.gzip(etf.("two", 2)))
    File.write!(Path.join(folder, "three.json"), json.("three", 3))
    File.write!(Path.join(folder, "four.json.gz"), :zlib.gzip(json.("four", 4)))

    assert ids(opts) == ~w(four three two one)
    assert ids(opts, event: "go", min_duration_ms: 9) == ~w(four three two one)
    for id <- ~w(one two three four), do: assert({:ok, _data} = Storage.fetch(id, opts))
    assert Storage.pin("two", true, opts) == :ok
    assert ids(opts, pinned: true) == ["two"]

    # One that is saved again leaves its old place.
    {data, summary} = Contract.recording("one", 5)
    assert Storage.save("one", data, summary, opts) == :ok
    assert ids(opts) == ~w(one four three two)
    assert Storage.delete(~w(one two three), opts) == :ok
    assert ids(opts) == ["four"]
    assert Storage.clear(opts) == :ok
    assert ids(opts) == []
  end

  test "what a writer that died left is swept", %{folder: folder, opts: opts} do
    path = put(folder, "a", 1)
    left = Path.join(Path.dirname(path), ".b.etf.gz.1-1.tmp")
    File.write!(left, "half")
    assert ids(opts) == ["a"]
    assert File.exists?(left)
    File.touch!(left, System.os_time(:second) - 2 * 60 * 60)
    assert ids(opts) == ["a"]
    refute File.exists?(left)
  end

  test "what is deleted does not stay in what is written of the files", %{
    folder: folder,
    opts: opts
  } do
    ids = for n <- 1..20_000, id = "d#{n}", Layout.shard(id) == "3F", do: id
    for id <- ids, do: put(folder, id, 1, %{metadata: %{"user" => "name of #{id}."}})
    assert length(ids(opts)) == length(ids)
    # It is written after the answer; the next one comes after that.
    assert length(ids(opts)) == length(ids)
    first = hd(ids)
    assert written?(folder, "name of #{first}.")

    assert Storage.delete([first], opts) == :ok
    refute written?(folder, "name of #{first}.")
    assert ids(opts) == Enum.sort(ids -- [first], :desc)
    refute written?(folder, "name of #{first}.")

    assert Storage.clear(opts) == :ok
    refute written?(folder, "name of")
  end

  test "what is deleted leaves memory without another list", %{folder: folder, opts: opts} do
    for n <- 1..5, do: put(folder, "n#{n}", n)
    assert length(ids(opts)) == 5
    {:ok, index} = Index.of(folder)

    assert Storage.delete(~w(n1 n2 n3), opts) == :ok
    assert eventually(fn -> Native.index_size(index) == 2 end)
    assert Storage.clear(opts) == :ok
    assert eventually(fn -> Native.index_size(index) == 0 end)
  end

  defp written?(folder, text) do
    [folder, ".index", "*"]
    |> Path.join()
    |> Path.wildcard(match_dot: true)
    |> Enum.any?(&String.contains?(File.read!(&1), text))
  end

  test "a folder that cannot be written to is listed all the same", %{folder: folder, opts: opts} do
    # What should be a folder is a file: that holds for root as well.
    File.write!(Path.join(folder, ".index"), "in the way")
    for n <- 1..50, do: File.write!(Path.join(folder, "r#{n}.etf.gz"), bytes("r#{n}", n))
    assert [%{id: "r50"} | _rest] = all = list(opts)
    assert list(opts) == all
  end

  defp bytes(id, at), do: id |> Contract.recording(at) |> elem(0)
end
