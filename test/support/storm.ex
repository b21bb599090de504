defmodule PhoenixReplay.Storm do
  @moduledoc """
  Sessions of every kind while storage fails: real views and sessions by id, some journalled before it,
  some that end meanwhile and some that go on.
  """

  import ExUnit.Assertions
  import ExUnit.CaptureLog
  import Phoenix.ConnTest
  import Phoenix.LiveViewTest
  import PhoenixReplay.Case

  alias PhoenixReplay.{Error, Native, Persister, Recording, Store, Zoo}
  alias PhoenixReplay.Persister.{Journal, Recovery}
  alias PhoenixReplay.Recorder.Watcher
  alias PhoenixReplay.Storage.Configured

  @endpoint Zoo.Endpoint
  @views 12
  @imports 24

  @doc """
  What must hold when storage works, does not after `break`, and does again after `mend`: no view feels it,
  telemetry tells of it, and in the end all is saved as it was recorded and out of memory.
  """
  def weathers(break, mend) do
    configure(persistence_retry_attempts: 2, flush: [events: 1_000_000, interval_ms: 600_000])
    listen([:phoenix_replay, :recording, :failed])

    {before, later} = Enum.split(Enum.map(1..@views, fn _n -> open() end), div(@views, 2))
    ids = for n <- 1..@imports, do: "import-#{n}"
    for id <- ids, do: :ok = Store.start_recording(id, %Recording{view: __MODULE__})
    go_on(before ++ later, ids, 1)
    assert Journal.flush() == :ok

    log =
      capture_log(fn ->
        break.()
        go_on(before ++ later, ids, 2)
        refute Journal.flush() == :ok
        ended = Enum.map(before, &stop_recorded/1)
        refused(Enum.map(ended, & &1.id), ids)
        go_on(later, ids, 3)
        mend.()
        expected = ended ++ Enum.map(later, &stop_recorded/1) ++ Enum.map(ids, &finalize/1)
        saved_as_recorded(expected)
      end)

    assert log =~ "could not be saved"
    assert log =~ "cannot be journalled"
  end

  @sessions 200
  @events 30

  @doc """
  What must hold of many sessions that begin, are journalled and end all the time while storage goes and
  comes back, twice: each is saved with all of its events.
  """
  def rages(break, mend) do
    configure(persistence_retry_attempts: 1, flush: [events: 8, interval_ms: 300])
    ids = for n <- 1..@sessions, do: "storm-#{n}"
    listen([:phoenix_replay, :recording, :failed])

    capture_log(fn ->
      processes = Enum.map(ids, &begin/1)

      for _time <- 1..2 do
        Process.sleep(700)
        break.()
        Process.sleep(700)
        mend.()
      end

      for {pid, monitor} <- processes,
          do: assert_receive({:DOWN, ^monitor, :process, ^pid, :normal}, 20_000)

      assert eventually(fn -> PhoenixReplay.info().sessions == 0 end, 60_000)
      # The log says so after the last of them is gone.
      Persister.settle()
    end)

    # Storage was away as some were journalled, and as some were saved.
    assert_received {[_, _, :failed], _, %{stage: :journal}}
    assert_received {[_, _, :failed], _, %{stage: :save, kept: true}}
    for id <- ids, do: assert(whole?(id), "#{id} was not saved whole")
    assert %{sessions: 0, events: 0, bytes: 0} = PhoenixReplay.info()
    left_no_journal()
  end

  defp begin(id), do: spawn_monitor(fn -> session(id) end)

  # Between a third of a second and four of them.
  defp session(id) do
    facts = %{view: __MODULE__, connected_at: 1, url: nil, params: %{}, session: %{}}
    facts = Map.put(facts, :head, :erlang.term_to_binary(%{}))
    {:ok, session} = Native.session_start(id, self(), facts, nil, %{})
    send(Watcher.of(self()), {:watch, self(), {id, session, nil}})
    pause = :rand.uniform(120) + 10

    for n <- 1..@events do
      :ok = Native.append_event(session, "count", %{n: n})
      Process.sleep(pause)
    end
  end

  defp whole?(id) do
    with {:ok, %{events: events}} <- Store.get_recording(id) do
      numbers = for {_at, :event, %{params: %{n: n}}} <- events, do: n
      numbers == Enum.to_list(1..@events)
    end
  end

  defp open do
    {:ok, view, _html} = live(build_conn(), "/counter")
    view
  end

  # What is recorded does not fit where something small still does.
  defp go_on(views, ids, times) do
    for view <- views do
      assert render_click(view, "inc", %{"text" => text()}) =~ ~s(<p id="count">#{times}</p>)
    end

    for id <- ids do
      assert :ok =
               Store.append_event(id, {times, :event, %{name: "row", params: %{"n" => text()}}})
    end
  end

  defp text, do: Base.encode64(:crypto.strong_rand_bytes(6_000))

  defp stop_recorded(view) do
    recorded = active(view)
    stop(view)
    recorded
  end

  # Storage has not taken any, and everybody is told so.
  defp refused(ended, running) do
    for id <- ended do
      assert_receive {[_, _, :failed], _, %{id: ^id, stage: :save, attempt: 1, kept: false}},
                     10_000

      assert_receive {[_, _, :failed], _, %{id: ^id, stage: :save, attempt: 2, kept: true}},
                     10_000

      assert {:ok, %{id: ^id}} = Store.get_active(id)
    end

    assert %{count: count, error: %Error{reason: :storage}} = Store.unsaved()
    assert count == length(ended)
    assert_received {[_, _, :failed], _, %{stage: :journal}}
    # Who finalizes hears of it, and the session goes on.
    assert {:error, %Error{reason: :storage}} = Store.finalize(hd(running))
  end

  defp finalize(id) do
    assert {:ok, recording} = Store.finalize(id)
    recording
  end

  defp saved_as_recorded(expected) do
    ids = Enum.map(expected, & &1.id)
    assert eventually(fn -> Enum.all?(ids, &(Native.session_lookup(&1) == nil)) end, 20_000)
    for recording <- expected, do: assert(Store.get_recording(recording.id) == {:ok, recording})
    assert Enum.sort(Enum.map(Store.list_recording_summaries(), & &1.id)) == Enum.sort(ids)
    assert Store.unsaved() == %{count: 0, error: nil}
    assert %{sessions: 0, events: 0, bytes: 0} = PhoenixReplay.info()
    left_no_journal()
  end

  # Of one that was saved as storage went away, the journal may be left: its recording is there.
  defp left_no_journal do
    listen([:phoenix_replay, :recording, :recovered])
    Recovery.run()
    assert Configured.journals() == {:ok, []}
    refute_received {[_, _, :recovered], _, _}
  end
end
