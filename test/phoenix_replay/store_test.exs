defmodule PhoenixReplay.StoreTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.Store.ById

  defmodule Authorizing do
    @moduledoc false
    def authorize(recording), do: recording.id == "seen"
    def only_seen(recording), do: authorize(recording)
  end

  defp start(id, recording \\ %Recording{}) do
    :ok = Store.start_recording(id, %{recording | view: Zoo.CounterLive})
    :ok = Store.append_event(id, {0, :mount, %{assigns: %{count: 0}}})
    :ok = Store.append_event(id, {20, :event, %{name: "inc", params: %{}}})
  end

  defp save(id, recording \\ %Recording{}) do
    start(id, recording)
    {:ok, recording} = Store.finalize(id)
    recording
  end

  describe "a saved recording" do
    test "is listed, got, opened and deleted" do
      recording = save("one", %Recording{connected_at: 5_000, url: "http://x/?q=1"})
      assert {:ok, ^recording} = Store.get_recording("one")
      assert [^recording] = Store.list_recordings()

      assert [summary] = Store.list_recording_summaries()

      assert %{
               id: "one",
               view: Zoo.CounterLive,
               url: "http://x/?q=1",
               connected_at: 5_000,
               event_count: 2,
               duration_ms: 20,
               active?: false,
               ended: :finished,
               event_names: %{"inc" => 1}
             } = summary

      assert {:ok, %PhoenixReplay.Timeline{}} = Store.open("one")
      assert Store.delete_recording("one") == :ok
      assert Store.get_recording("one") == :error
      assert Store.list_recordings() == []
    end

    test "that is not there is :error" do
      for call <- [:get_recording, :get_active, :open, :get_summary, :finalize],
          do: assert(apply(Store, call, ["nothing"]) == :error)
    end
  end

  describe "a running session" do
    test "is listed once there was interaction, newest first" do
      {:ok, idle, _html} = live(build_conn(), "/counter")
      {:ok, used, _html} = live(build_conn(), "/counter")
      Process.sleep(2)
      {:ok, newer, _html} = live(build_conn(), "/counter")
      for view <- [newer, used], do: render_click(view, "inc")

      ids = [recording_id(newer), recording_id(used)]
      assert Enum.map(Store.list_active(), & &1.id) == ids
      assert Enum.map(Store.list_active_summaries(), & &1.id) == ids
      assert Enum.all?(Store.list_active_summaries(), &(&1.active? and &1.ended == nil))
      assert {:ok, %{events: [_ | _]}} = Store.get_active(recording_id(idle))
      assert Store.get_recording(recording_id(used)) == :error
      assert Store.list_recordings() == []
      assert {:ok, timeline} = Store.open(recording_id(used))
      assert PhoenixReplay.Timeline.summary(timeline).active?

      refute Store.grown?(timeline)
      render_click(used, "inc")
      assert Store.grown?(timeline)
    end

    test "is counted by info" do
      before = PhoenixReplay.info()
      start("counted")
      now = PhoenixReplay.info()
      assert now.sessions == before.sessions + 1
      assert now.events == before.events + 2
      assert now.bytes > before.bytes
      Store.finalize("counted")
      assert PhoenixReplay.info() == before
    end
  end

  describe "recording by id" do
    test "goes on from any process and outlives each" do
      Task.await(Task.async(fn -> start("tasks") end))
      Task.await(Task.async(fn -> Store.append_event("tasks", {30, :info, %{tag: :x}}) end))
      assert {:ok, %{events: events}} = Store.get_active("tasks")
      assert [{0, :mount, _}, {20, :event, _}, {30, :info, %{tag: :x}}] = events
      assert {:ok, %{events: ^events}} = Store.finalize("tasks")
      assert Store.append_event("tasks", {40, :info, %{}}) == :error
      assert Store.finalize("tasks") == :error
    end

    test "takes over the events it is given, and all the rest" do
      given = %Recording{
        id: "given",
        view: Some.Job,
        url: "http://x/?api_key=s3cret&a=1",
        params: %{"password" => "s3cret", "a" => "1"},
        session: %{"token" => "s3cret", "b" => "2"},
        connected_at: 42,
        events: [
          {0, :mount, %{assigns: %{a: 1, api_key: "s3cret"}}},
          {3, :event, %{name: "go", params: %{}}}
        ]
      }

      assert Store.start_recording("given", given) == :ok
      assert {:ok, recording} = Store.finalize("given")

      assert recording.events == [
               {0, :mount, %{assigns: %{a: 1}}},
               {3, :event, %{name: "go", params: %{}}}
             ]

      assert %{view: Some.Job, params: %{"a" => "1"}, session: %{"b" => "2"}} = recording
      assert recording.url == "http://x/?api_key=[FILTERED]&a=1"
      assert recording.connected_at == 42
      assert {:ok, ^recording} = Store.get_recording("given")
    end

    test "deltas and snapshots are shown as they came" do
      start("deltas")
      :ok = Store.append_event("deltas", {30, :assigns, %{delta: %{count: 1}}})
      :ok = Store.append_event("deltas", {40, :assigns, %{snapshot: %{other: 2}}})
      {:ok, recording} = Store.finalize("deltas")
      assert [%{delta: %{count: 1}}, %{snapshot: %{other: 2}}] = payloads(recording, :assigns)
      assert Recording.accumulated_assigns(recording, 9) == %{other: 2}
    end

    test "keeps events of kinds it does not know" do
      start("kinds")
      :ok = Store.append_event("kinds", {30, :scrolled, %{to: 100}})
      {:ok, _recording} = Store.finalize("kinds")
      assert {:ok, %{events: [_, _, {30, :scrolled, %{to: 100}}]}} = Store.get_recording("kinds")
    end

    test "what went wrong in one is counted" do
      start("wrong")
      for level <- [:warning, :error], do: :ok = Store.append_event("wrong", logged(level))
      :ok = Store.append_event("wrong", {50, :exception, %{error: "KeyError", message: "no"}})
      {:ok, _recording} = Store.finalize("wrong")
      assert {:ok, %{errors: 2}} = Store.get_summary("wrong")
      assert {:ok, %{entries: [%{id: "wrong"}]}} = Store.summaries(where: [errors: true])
    end

    defp logged(level), do: {40, :log, %{level: level, message: "jammed"}}

    test "a second start of a running one is an error" do
      start("twice")
      assert {:error, %Error{reason: :exists}} = Store.start_recording("twice", %Recording{})
      assert {:ok, %{events: [_, _]}} = Store.get_active("twice")
    end

    test "wrong arguments are errors that say what is right" do
      start("wrong")

      for event <- [nil, {0, :event}, {-1, :event, %{}}, {0, "event", %{}}, {0, :event, []}] do
        assert {:error, %Error{reason: :invalid_event}} = Store.append_event("wrong", event)

        assert {:error, %Error{reason: :invalid_event}} =
                 Store.start_recording("wrong2", %Recording{events: [event]})
      end

      assert {:error, %Error{reason: :invalid_recording}} = Store.start_recording("wrong2", %{})

      assert {:error, %Error{reason: :invalid_event}} =
               Store.start_recording("wrong2", %Recording{events: nil})
    end

    test "max_events holds, on top of what it was started with" do
      configure(max_events: 5)
      events = [{0, :mount, %{assigns: %{}}}]
      :ok = Store.start_recording("many", %Recording{view: Some.Job, events: events})
      for n <- 1..10, do: assert(Store.append_event("many", {n, :event, %{name: "e"}}) == :ok)
      assert {:ok, %{events: events}} = Store.finalize("many")
      assert length(events) == 6
      assert {:ok, %{dropped: 5}} = Store.get_summary("many")
    end

    test "one that is finalized is kept, though nobody interacted" do
      :ok = Store.start_recording("idle", %Recording{view: Some.Job})
      :ok = Store.append_event("idle", {0, :mount, %{assigns: %{}}})
      assert {:ok, %{events: [_]} = recording} = Store.finalize("idle")
      assert Store.get_recording("idle") == {:ok, recording}
    end

    test "a LiveView's session is not for others to append to" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      id = recording_id(view)

      assert {:error, %Error{reason: :not_by_id}} =
               Store.append_event(id, {0, :event, %{name: "x"}})
    end

    test "what storage refuses is kept and goes on", %{folder: folder} do
      File.mkdir_p!(Path.dirname(folder))
      File.write!(folder, "in the way")
      start("refused")
      assert {:error, %Error{reason: :storage, message: message}} = Store.finalize("refused")
      assert message =~ "could not save"
      assert Store.append_event("refused", {50, :info, %{}}) == :ok
      File.rm!(folder)
      assert {:ok, %{events: [_, _, _]}} = Store.finalize("refused")
      assert {:ok, %{events: [_, _, _]}} = Store.get_recording("refused")
    end

    test "one that is forgotten is ended and saved" do
      start("forgotten")
      ById.end_idle(60_000)
      assert {:ok, _} = Store.get_active("forgotten")
      ById.end_idle(0)
      saved("forgotten")
      assert {:ok, %{ended: :stopped}} = Store.get_summary("forgotten")
    end
  end

  describe "cleanup" do
    setup do
      now = System.system_time(:millisecond)
      for n <- 1..5, do: save("r#{n}", %Recording{connected_at: now - n * 10_000})
      listen([:phoenix_replay, :retention, :stop])
    end

    defp ids, do: Enum.map(Store.list_recording_summaries(), & &1.id)

    test "by count" do
      configure(max_recordings: 2)
      assert Store.cleanup() == :ok
      assert ids() == ~w(r1 r2)
      assert_receive {_, %{kept: 2, deleted: 3, duration: _}, %{error: nil}}
    end

    test "by age" do
      configure(max_recording_age_ms: 25_000)
      assert Store.cleanup() == :ok
      assert ids() == ~w(r1 r2)
    end

    test "by bytes, and what is pinned neither goes nor counts" do
      {:ok, %{entries: [%{bytes: bytes} | _]}} = Store.summaries(limit: 1)
      assert Store.pin("r5", true) == :ok
      configure(max_bytes: 2 * bytes + div(bytes, 2))
      assert Store.cleanup() == :ok
      assert ids() == ~w(r1 r2 r5)
      configure(max_bytes: nil, max_recordings: 0, max_recording_age_ms: 0)
      assert Store.cleanup() == :ok
      assert ids() == ~w(r5)
    end

    test "nil turns both off" do
      configure(max_recordings: nil, max_recording_age_ms: nil)
      assert Store.cleanup() == :ok
      assert length(ids()) == 5
    end

    test "takes what authorize refuses too" do
      configure(max_recordings: 0, authorize: fn _recording -> false end)
      assert Store.cleanup() == :ok
      configure(authorize: nil)
      assert ids() == []
    end

    test "runs by itself" do
      configure(max_recordings: 1)
      send(PhoenixReplay.Persister.Cleanup, :run)
      assert_receive {_, %{deleted: 4}, _}, 1_000
    end

    test "a storage that cannot be read is an error", %{folder: folder} do
      File.rm_rf!(folder)
      File.write!(folder, "in the way")
      assert {:error, %Error{reason: :storage}} = Store.cleanup()
      assert_receive {_, _, %{error: :storage}}
      assert Store.list_recording_summaries() == []
      assert {:error, %Error{}} = Store.summaries()
      assert {:error, %Error{}} = Store.clear_all()
    end
  end

  describe "authorize" do
    setup do
      save("seen")
      save("hidden")
      start("running")
      :ok
    end

    for {form, authorize} <- [
          {"a function", quote(do: fn recording -> recording.id == "seen" end)},
          {"a capture", quote(do: &Authorizing.only_seen/1)},
          {"module and function", quote(do: {Authorizing, :only_seen})},
          {"a module", quote(do: Authorizing)}
        ] do
      test "#{form} refuses, and what is refused looks absent" do
        configure(authorize: unquote(authorize))
        assert {:ok, %{id: "seen"}} = Store.get_recording("seen")
        assert [%{id: "seen"}] = Store.list_recordings()
        assert [%{id: "seen"}] = Store.list_recording_summaries()

        for id <- ["hidden", "nothing"] do
          assert Store.get_recording(id) == :error
          assert Store.get_summary(id) == :error
          assert Store.open(id) == :error
          assert Store.delete_recording(id) == :ok
        end

        assert Store.get_active("running") == :error
        assert Store.list_active() == []
        assert Store.list_active_summaries() == []

        configure(authorize: nil)
        assert {:ok, _} = Store.get_recording("hidden")
      end
    end

    test "gets a recording without events" do
      test = self()
      configure(authorize: &(send(test, {:asked, &1}) && true))
      Store.get_recording("seen")
      assert_received {:asked, %Recording{id: "seen", view: Zoo.CounterLive, events: []}}
    end

    @tag :capture_log
    test "one that raises refuses" do
      configure(authorize: fn _recording -> raise "s3cret" end)
      listen([:phoenix_replay, :recording, :failed])
      assert Store.get_recording("seen") == :error
      assert Store.list_recordings() == []
      assert_receive {_, _, %{stage: :authorize, error: "RuntimeError"}}
    end
  end
end
