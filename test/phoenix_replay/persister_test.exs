defmodule PhoenixReplay.PersisterTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog
  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Recorder.Watcher

  defmodule Flaky do
    @moduledoc false
    # Refuses, raises or hangs as often as it is told, then keeps what it gets in a table.
    @behaviour PhoenixReplay.Storage

    @impl true
    def save(id, data, summary, opts) do
      case :ets.update_counter(opts[:table], :left, {2, -1, -1, -1}) do
        -1 -> :ets.insert(opts[:table], {id, data, summary}) && :ok
        _left -> apply(__MODULE__, opts[:by], [])
      end
    end

    def refusing, do: {:error, :enospc}
    def raising, do: raise("the disk is full")
    def hanging, do: Process.sleep(:infinity)

    @impl true
    def fetch(id, opts) do
      case :ets.lookup(opts[:table], id) do
        [{_id, data, _summary}] -> {:ok, data}
        [] -> :error
      end
    end

    @impl true
    def summary(_id, _opts), do: :error
    @impl true
    def list(_query, _opts), do: {:ok, %{entries: [], next: nil}}
    @impl true
    def count(_where, _opts), do: {:ok, 0}
    @impl true
    def pin(_id, _pinned, _opts), do: :error
    @impl true
    def delete(_ids, _opts), do: :ok
    @impl true
    def clear(_opts), do: :ok
  end

  defp flaky(times, by) do
    table = :ets.new(:flaky, [:public])
    :ets.insert(table, {:left, times})
    configure(storage: Flaky, storage_opts: [table: table, by: by])
  end

  defp used(path \\ "/counter") do
    {:ok, view, _html} = live(build_conn(), path)
    render_click(view, "inc")
    view
  end

  test "a session is saved when its view ends, and only then leaves memory", %{folder: folder} do
    view = used()
    id = recording_id(view)
    assert Store.get_recording(id) == :error
    listen([:phoenix_replay, :recording, :persisted])
    recording = close(view)

    assert_receive {_, measured, %{id: ^id, view: Zoo.CounterLive, attempt: 1, ended: :closed}}
    assert measured.duration > 0
    assert measured.event_count == length(recording.events)
    assert [file] = stored(folder)
    assert Path.basename(file) == id <> ".etf.gz"
    assert File.stat!(file).size == measured.bytes
    assert Store.get_active(id) == :error
  end

  test "a session without interaction is discarded", %{folder: folder} do
    {:ok, view, _html} = live(build_conn(), "/pages/one")
    id = recording_id(view)
    listen([:phoenix_replay, :recording, :discarded])
    stop(view)
    assert_receive {_, %{event_count: count}, %{id: ^id, reason: :no_interaction}}, 1_000
    assert count >= 2
    gone(id)
    # The folder itself may be there: a heartbeat of the journals makes it.
    assert stored(folder) == []
    assert Path.wildcard(Path.join(folder, ".journal/*/*")) == []
  end

  test "memory is given back for what is saved and for what is discarded" do
    trimming = Process.whereis(Persister.Trimming)

    for user? <- [true, false] do
      {:ok, view, _html} = live(build_conn(), "/counter")
      if user?, do: render_click(view, "inc")
      id = recording_id(view)
      %{inflated_bytes: bytes} = Native.session_summary(Native.session_lookup(id))
      :erlang.trace(trimming, true, [:receive])
      stop(view)
      gone(id)

      assert_receive {:trace, ^trimming, :receive, {:"$gen_cast", {:freed, freed}}}
                     when freed >= bytes and bytes > 0,
                     1_000

      :erlang.trace(trimming, false, [:receive])
    end
  end

  test "starting is told" do
    listen([:phoenix_replay, :recording, :started])
    {:ok, view, _html} = live(build_conn(), "/counter")
    id = recording_id(view)
    assert_receive {_, %{system_time: _}, %{id: ^id, view: Zoo.CounterLive}}
  end

  test "what is recorded while it runs and what is saved are the same" do
    view = used()
    before = active(view)
    assert close(view) == before
  end

  describe "a storage that fails" do
    for by <- [:refusing, :raising] do
      test "#{by} is tried again" do
        flaky(2, unquote(by))
        view = used()
        listen([:phoenix_replay, :recording, :persisted])
        listen([:phoenix_replay, :recording, :failed])
        id = recording_id(view)
        close(view)

        for attempt <- 1..2 do
          assert_receive {[_, _, :failed], _,
                          %{id: ^id, stage: :save, attempt: ^attempt, kept: false}}
        end

        assert_receive {[_, _, :persisted], _, %{attempt: 3}}
      end
    end

    test "for too long is left for later, and nothing is lost" do
      flaky(3, :refusing)
      view = used()
      id = recording_id(view)
      listen([:phoenix_replay, :recording, :failed])

      log =
        capture_log(fn ->
          stop(view)
          assert_receive {_, _, %{attempt: 3, kept: true, error: :storage}}, 1_000
          Persister.settle()
        end)

      assert log =~ "could not be saved"
      assert log =~ "no space left on device"
      assert {:ok, %{id: ^id}} = Store.get_active(id)
      assert Store.list_active() == []

      assert %{count: 1, error: %Error{reason: :storage}} = Store.unsaved()
      assert capture_log(fn -> assert %{id: ^id} = saved(id) end) =~ "is saved now"
      assert Store.unsaved() == %{count: 0, error: nil}
    end

    test "for long is asked by one session at a time, and gets all of them once it takes one" do
      flaky(1_000_000, :refusing)
      configure(persistence_retry_attempts: 1)
      views = for _ <- 1..20, do: used()
      ids = Enum.map(views, &recording_id/1)
      listen([:phoenix_replay, :recording, :failed])

      log =
        capture_log(fn ->
          for view <- views, do: stop(view)
          for id <- ids, do: assert_receive({_, _, %{id: ^id, attempt: 1, kept: true}}, 1_000)
          assert_receive {_, _, %{attempt: 2}}, 3_000
          refute_received {_, _, %{id: _another}}
        end)

      assert log |> String.split("could not be saved:") |> length() == 2
      assert Store.unsaved().count == 20

      :ets.insert(Application.get_env(:phoenix_replay, :storage_opts)[:table], {:left, 0})
      capture_log(fn -> for id <- ids, do: assert(eventually(fn -> saved?(id) end, 10_000)) end)
      assert %{sessions: 0, events: 0, bytes: 0} = PhoenixReplay.info()
    end

    test "lets a stop of the application go on, which says what is left" do
      flaky(1_000_000, :refusing)
      configure(persistence_retry_attempts: 2)
      [kept, _running] = views = [used(), used()]
      ids = Enum.map(views, &recording_id/1)

      capture_log(fn ->
        stop(kept) && assert(eventually(fn -> Store.unsaved().count == 1 end))
      end)

      log = capture_log(fn -> PhoenixReplay.Application.prep_stop(:state) end)
      assert log =~ "2 of them"
      assert Store.unsaved().count == 2
      for id <- ids, do: assert({:ok, _recording} = Store.get_active(id))
    end

    test "keeps what ended in memory up to max_memory, and takes it later" do
      flaky(1_000_000, :refusing)
      configure(persistence_retry_attempts: 1)
      view = used()
      id = recording_id(view)

      log =
        capture_log(fn ->
          stop(view)
          assert eventually(fn -> Store.unsaved().count == 1 end)
          configure(max_memory: PhoenixReplay.info().bytes)
          # The page is served, and not recorded.
          assert recording_id(used()) == nil
        end)

      assert log =~ "max_memory"
      assert {:ok, %{events: [_ | _]}} = Store.get_active(id)
      :ets.insert(Application.get_env(:phoenix_replay, :storage_opts)[:table], {:left, 0})
      capture_log(fn -> assert saved(id) end)
    end

    test "does not let those of the next outage wait as long as the last ones did" do
      persister = Process.whereis(Persister)
      flaky(1_000_000, :refusing)
      configure(persistence_retry_attempts: 1)
      view = used()
      id = recording_id(view)

      capture_log(fn ->
        stop(view)
        assert eventually(fn -> Store.unsaved().count == 1 end)
      end)

      assert is_reference(:sys.get_state(persister).probe)
      Native.session_remove(id)
      Persister.retry()
      Persister.settle()
      assert Store.unsaved().count == 0
      assert :sys.get_state(persister).probe == nil
    end

    test "by hanging does not hold up others" do
      flaky(1, :hanging)
      hanging = used()
      id = recording_id(hanging)
      stop(hanging)
      views = for _ <- 1..5, do: used()
      for view <- views, do: close(view)
      assert {:ok, _recording} = Store.get_active(id)
      kill_tasks()
      gone(id)
    end

    @tag :capture_log
    test "because its folder is gone", %{folder: folder} do
      File.mkdir_p!(Path.dirname(folder))
      File.write!(folder, "a file in the way")
      configure(persistence_retry_attempts: 1)
      listen([:phoenix_replay, :recording, :failed])
      view = used()
      id = recording_id(view)

      log =
        capture_log(fn ->
          stop(view)
          assert_receive {_, _, %{stage: :save, kept: true}}, 1_000
          Persister.settle()
        end)

      assert log =~ "tried again"
      File.rm!(folder)
      Persister.retry()
      assert %{id: ^id} = saved(id)
    end
  end

  test "a persister that dies is replaced by one that takes up what it left", %{folder: folder} do
    flaky(1_000_000, :refusing)
    view = used()
    id = recording_id(view)
    configure(persistence_retry_attempts: 1)
    capture_log(fn -> stop(view) && Process.sleep(50) end)

    other = used()
    old = Process.whereis(Persister)
    configure(storage: PhoenixReplay.Storage.File, storage_opts: [path: folder])
    Process.exit(old, :kill)
    assert eventually(fn -> Process.whereis(Persister) not in [nil, old] end)

    assert %{id: ^id} = saved(id)
    assert %{view: Zoo.CounterLive} = close(other)
  end

  test "a thousand sessions that end at once are all saved" do
    ids = for n <- 1..1_000, do: "storm-#{n}-#{System.unique_integer([:positive])}"
    test = self()

    pids =
      for id <- ids do
        spawn(fn ->
          facts = %{
            view: Zoo.CounterLive,
            connected_at: 1,
            url: nil,
            head: :erlang.term_to_binary(%{}),
            params: %{},
            session: %{}
          }

          {:ok, session} = Native.session_start(id, self(), facts, nil, %{max_events: 100})
          send(Watcher.of(self()), {:watch, self(), {id, session, nil}})
          Native.append_mount(session, %{count: 0})
          Native.append_event(session, "inc", %{})
          send(test, :ready)
          Process.sleep(:infinity)
        end)
      end

    for _ <- pids, do: assert_receive(:ready, 5_000)
    watched()
    for pid <- pids, do: Process.exit(pid, {:shutdown, :left})
    assert eventually(fn -> PhoenixReplay.info().sessions == 0 end, 20_000)

    summaries = Store.list_recording_summaries()
    assert Enum.sort(Enum.map(summaries, & &1.id)) == Enum.sort(ids)
    # On a machine that is busy with other things a reason may come too late to be waited for.
    assert Enum.all?(summaries, &(&1.ended in [:left, :unknown]))
  end

  test "open sessions are saved when the application stops" do
    views = for _ <- 1..5, do: used()
    {:ok, idle, _html} = live(build_conn(), "/pages")
    ids = Enum.map(views, &recording_id/1)
    :ok = Store.start_recording("by-id", %Recording{view: Zoo.CounterLive})
    :ok = Store.append_event("by-id", {0, :event, %{name: "a", params: %{}}})

    PhoenixReplay.Application.prep_stop(:state)

    for id <- ["by-id" | ids], do: assert({:ok, %{ended: :stopped}} = Store.get_summary(id))
    assert Store.get_recording(recording_id(idle)) == :error
    # The views are not disturbed by it.
    assert render_click(hd(views), "inc") =~ "2"
  end

  defp saved?(id), do: match?({:ok, _recording}, Store.get_recording(id))

  defp kill_tasks do
    for pid <- Task.Supervisor.children(Persister.Tasks), do: Process.exit(pid, :kill)
  end
end
