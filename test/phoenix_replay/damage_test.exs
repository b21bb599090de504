defmodule PhoenixReplay.DamageTest do
  # What becomes of files that a bad disk or a bad mind had its way with: an error, or a shorter recording.
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.DashboardHost

  @endpoint DashboardHost.Endpoint

  # What the fuzz targets of the core begin with.
  @corpus Path.expand("../../native/phoenix_replay_core/fuzz/corpus/recording", __DIR__)

  @moduletag capture_log: true

  defp recorded(id) do
    :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: 1_000})
    :ok = Store.append_event(id, {0, :mount, %{assigns: %{count: 0, rows: Enum.to_list(1..50)}}})

    for n <- 1..30 do
      :ok = Store.append_event(id, {n * 10, :event, %{name: "inc", params: %{"by" => n}}})
      :ok = Store.append_event(id, {n * 10, :assigns, %{delta: %{count: n}}})
    end

    {:ok, recording} = Store.finalize(id)
    recording
  end

  # Like `{:flip, 1234}`: where in the file is told by the remainder.
  defp damage do
    tuple({member_of([:cut, :flip, :zero, :twice]), integer(0..1_000_000), integer(1..64)})
  end

  defp damaged(bytes, {how, at, count}) do
    at = rem(at, byte_size(bytes))
    count = min(count, byte_size(bytes) - at)
    <<front::binary-size(at), part::binary-size(count), rest::binary>> = bytes

    case how do
      :cut -> front
      :flip -> front <> flipped(part) <> rest
      :zero -> front <> <<0::size(count)-unit(8)>> <> rest
      :twice -> front <> part <> part <> rest
    end
  end

  defp flipped(<<byte, rest::binary>>), do: <<Bitwise.bxor(byte, 16), rest::binary>>

  for format <- [:etf, :json] do
    property "#{format}: a damaged file is an error or a shorter recording", %{folder: folder} do
      configure(storage_opts: [path: folder, format: unquote(format)])
      whole = recorded("damaged")
      recorded("intact")
      path = stored(folder, "damaged.#{unquote(format)}.gz")
      bytes = File.read!(path)

      check all(damage <- damage(), max_runs: 40) do
        File.write!(path, damaged(bytes, damage))

        case Store.get_recording("damaged") do
          {:ok, recording} -> assert List.starts_with?(whole.events, recording.events)
          {:error, %Error{reason: :unreadable}} -> :ok
        end

        assert "intact" in Enum.map(Store.list_recording_summaries(), & &1.id)
        assert {:ok, _found} = Store.search("inc")
      end
    end
  end

  property "so is a damaged one of an older version", %{folder: folder} do
    old = recorded("old") |> Map.from_struct() |> Map.put(:events, [{0, :mount, %{assigns: %{}}}])
    :ok = Store.delete_recording("old")
    path = Path.join(folder, "old.etf")
    bytes = :erlang.term_to_binary(old)

    check all(damage <- damage(), max_runs: 40) do
      File.write!(path, damaged(bytes, damage))

      case Store.get_recording("old") do
        {:ok, %Recording{events: events}} -> assert is_list(events)
        {:error, %Error{reason: :unreadable}} -> :ok
      end

      assert is_list(Store.list_recording_summaries())
    end
  end

  test "whatever is in a file, it is listed, opened and shown, or said to be unreadable", %{
    folder: folder
  } do
    DashboardHost.start()
    File.mkdir_p!(folder)

    for name <- File.ls!(@corpus), id <- ids(Path.join(@corpus, name)) do
      suffix =
        name |> String.replace(".terms", ".etf") |> String.split(".") |> tl() |> Enum.join(".")

      path = Path.join(folder, "#{id}.#{suffix}")
      File.cp!(Path.join(@corpus, name), path)

      case Store.get_recording(id) do
        {:ok, %Recording{id: ^id, params: %{}, session: %{}}} -> :ok
        {:error, %Error{reason: :unreadable}} -> :ok
      end

      for summary <- Store.list_recording_summaries(), do: assert(summary.id == id)
      assert {:ok, _view, _html} = live(build_conn(), "/replay")
      shown = live(build_conn(), "/replay/#{id}")
      assert match?({:ok, _view, _html}, shown) or match?({:error, {_redirect, _to}}, shown), name
      File.rm!(path)
    end
  end

  # The id in the file, where there is one; else any.
  defp ids(path) do
    case PhoenixReplay.Storage.read_summary(File.read!(path)) do
      {:ok, %{id: id}} -> [id]
      {:error, %Error{}} -> ["none"]
    end
  end
end
