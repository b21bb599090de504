defmodule PhoenixReplay.Recorder.RoomTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog
  alias PhoenixReplay.Recorder.Room

  # Asked after the start, before the first event: what other sessions write in between.
  defmodule Filling do
    @behaviour PhoenixReplay.Sanitizer

    @impl true
    def sanitize_assigns(assigns) do
      Store.append_event("room-filling", {0, :tick, %{text: String.duplicate("x", 2_000)}})
      assigns
    end

    @impl true
    def sanitize_delta(changed, assigns), do: Map.take(assigns, Map.keys(changed))
  end

  describe "max_session_bytes" do
    test "ends a recording as truncated, which is said once and felt by nobody" do
      listen([:phoenix_replay, :recording, :truncated])

      log =
        capture_log(fn ->
          {:ok, view, _html} = live(build_conn(), "/small")
          for _ <- 1..49, do: render_click(view, "inc")
          assert render_click(view, "inc") =~ ~S(<p id="count">50</p>)
          send(self(), {:view, view})
        end)

      assert_received {:view, view}
      id = recording_id(view)
      assert_received {_, %{event_count: count, bytes: bytes}, %{id: ^id, view: Zoo.CounterLive}}
      refute_received {_, _, _}
      assert bytes in 300..600
      assert length(Regex.scan(~r/recording #{id} reached max_session_bytes/, log)) == 1

      recording = close(view)
      assert length(recording.events) == count
      assert {:ok, summary} = Store.get_summary(id)
      assert %{truncated: true, event_count: ^count, inflated_bytes: ^bytes} = summary
      assert summary.dropped + count > 100
      assert %{"inc" => 50} = summary.event_names
    end

    test "may leave not even the mount, and there is a recording that says so" do
      configure(max_session_bytes: 10)
      listen([:phoenix_replay, :recording, :truncated])

      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/counter")
        render_click(view, "inc")
        view |> element("button") |> render_click()
        id = recording_id(view)
        assert_received {_, %{event_count: 0, bytes: 0}, %{id: ^id}}
        refute_received {_, _, _}
        assert close(view).events == []
        assert {:ok, %{truncated: true, interacted: true}} = Store.get_summary(id)
      end)
    end

    test "holds for what a dirty scheduler appends, and gives the memory back" do
      configure(max_session_bytes: 100_000)

      log =
        capture_log(fn ->
          {:ok, view, _html} = live(build_conn(), "/hostile")
          bytes = PhoenixReplay.info().bytes
          render_click(view, "big")
          assert render_click(view, "inc") =~ "1"
          assert PhoenixReplay.info().bytes - bytes < 1_000
          assert close(view).events != []
        end)

      assert log =~ "max_session_bytes"
    end

    test "holds for a session by id, whichever process appends" do
      configure(max_session_bytes: 500)
      listen([:phoenix_replay, :recording, :truncated])
      recording = %Recording{view: SomeView, events: []}
      :ok = Store.start_recording("room-by-id", recording)

      log =
        capture_log(fn ->
          1..100
          |> Task.async_stream(&Store.append_event("room-by-id", {&1, :tick, %{n: &1}}))
          |> Enum.each(&assert &1 == {:ok, :ok})
        end)

      assert_received {_, _, %{id: "room-by-id", view: SomeView}}
      refute_received {_, _, _}
      assert length(Regex.scan(~r/max_session_bytes/, log)) == 1
      assert {:ok, %{events: [_ | _]}} = Store.finalize("room-by-id")
    end
  end

  describe "max_memory" do
    test "keeps sessions from starting until there is room again" do
      listen([:phoenix_replay, :recording, :refused])
      {:ok, running, _html} = live(build_conn(), "/counter")
      render_click(running, "inc")
      configure(max_memory: 1)

      log =
        capture_log(fn ->
          for _ <- 1..3 do
            {:ok, view, _html} = live(build_conn(), "/counter")
            assert render_click(view, "inc") =~ "1"
            refute recording_id(view)
            assert_received {_, %{count: 1, bytes: bytes}, meta}
            assert bytes > 0
            assert meta == %{view: Zoo.CounterLive, reason: :max_memory}
          end

          assert {:error, %Error{reason: :max_memory}} =
                   Store.start_recording("room-none", %Recording{view: SomeView, events: []})

          # No room at this clean-up, so nothing new to say.
          Room.look()
          live(build_conn(), "/counter")
        end)

      assert length(Regex.scan(~r/reached max_memory/, log)) == 1
      # Who runs goes on, and what they leave is room for others.
      render_click(running, "inc")
      assert %{events: [_ | _]} = close(running)
      assert PhoenixReplay.info().bytes == 0
      {:ok, view, _html} = live(build_conn(), "/counter")
      assert recording_id(view)

      configure(max_memory: 1_000_000)
      Room.look()
      configure(max_memory: 0)
      assert capture_log(fn -> live(build_conn(), "/counter") end) =~ "reached max_memory"
    end

    test "is looked at once more where a session writes down what it starts with" do
      listen([:phoenix_replay, :recording, :refused])
      :ok = Store.start_recording("room-filling", %Recording{view: SomeView, events: []})
      configure(sanitizer: Filling, max_memory: PhoenixReplay.info().bytes + 1_000)

      log =
        capture_log(fn ->
          {:ok, view, _html} = live(build_conn(), "/counter")
          assert render_click(view, "inc") =~ "1"
          assert_received {_, %{count: 1}, %{view: Zoo.CounterLive, reason: :max_memory}}
          refute recording_id(view)
          stop(view)
        end)

      assert log =~ "reached max_memory"
      assert {:ok, _recording} = Store.finalize("room-filling")
    end

    test "nil is no limit" do
      configure(max_memory: nil)
      {:ok, view, _html} = live(build_conn(), "/counter")
      assert recording_id(view)
      assert Room.look() == :ok
    end
  end
end
