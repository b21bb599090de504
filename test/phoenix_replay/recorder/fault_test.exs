defmodule PhoenixReplay.Recorder.FaultTest do
  @moduledoc false
  # Nothing that goes wrong while recording reaches the host.
  use PhoenixReplay.Case
  import ExUnit.CaptureLog

  defmodule Raising do
    @moduledoc false
    @behaviour PhoenixReplay.Sanitizer
    def sanitize_assigns(_assigns), do: raise(ArgumentError, "s3cret")
    def sanitize_delta(_changed, _assigns), do: throw("s3cret")
    def sanitize_params(_params), do: exit("s3cret")
  end

  defmodule RaisingOnce do
    @moduledoc false
    @behaviour PhoenixReplay.Sanitizer
    def sanitize_assigns(assigns), do: assigns

    def sanitize_delta(changed, %{count: count} = assigns) do
      if count == 1, do: raise("s3cret"), else: Map.take(assigns, Map.keys(changed))
    end
  end

  defmodule RaisingLater do
    @moduledoc false
    # Lets the session start, so that there is a recording to tell what it lost.
    @behaviour PhoenixReplay.Sanitizer
    def sanitize_assigns(_assigns), do: raise(ArgumentError, "s3cret")
    def sanitize_delta(_changed, _assigns), do: throw("s3cret")
    def sanitize_params(%{"page" => _}), do: exit("s3cret")
    def sanitize_params(params), do: params
  end

  test "a sanitizer that raises at all times leaves the view alone and a recording that says so" do
    configure(sanitizer: Raising)
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/counter?a=1")
        assert render_click(view, "inc") =~ "1"
        send(self(), {:view, view})
      end)

    assert_received {:view, view}
    recording = active(view)
    assert [{0, :mount, %{assigns: assigns}} | _events] = recording.events
    assert assigns == %{}
    assert recording.params == %{}
    assert %{stage: :mount, reason: "exit"} in payloads(recording, :fault)
    assert %{stage: :mount, reason: "ArgumentError"} in payloads(recording, :fault)
    assert_receive {_, %{count: 1}, %{id: id, stage: :mount, error: "exit"}}
    assert id == recording.id
    assert length(Regex.scan(~r/the LiveView is not affected/, log)) == 1
    refute log =~ "s3cret"
    refute inspect(recording) =~ "s3cret"
  end

  test "a recorder that cannot even start leaves the view alone" do
    configure(max_events: :many)
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/counter")
        assert render_click(view, "inc") =~ "1"
        refute recording_id(view)
      end)

    assert_receive {_, %{count: 1}, %{id: nil, stage: :mount, error: _}}
    assert log =~ "the LiveView is not affected"
  end

  test "one that raises later is told by telemetry, one log line and the recording" do
    configure(sanitizer: RaisingLater)
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/counter")
        for _ <- 1..3, do: render_click(view, "inc")
        view |> element("button") |> render_click()
        send(self(), {:view, view, render(view)})
      end)

    assert_received {:view, view, html}
    assert html =~ ~S(<p id="count">3</p>)
    recording = active(view)

    assert [{0, :mount, %{assigns: %{}}} | _events] = recording.events
    assert length(payloads(recording, :event)) == 4
    assert %{stage: :mount, reason: "ArgumentError"} in payloads(recording, :fault)
    assert Enum.any?(payloads(recording, :fault), &(&1.stage == :after_render))

    assert_received {_, %{count: 1}, %{stage: :mount, error: "ArgumentError", id: id}}
    assert id == recording.id
    assert length(Regex.scan(~r/PhoenixReplay:/, log)) == 1
    refute log =~ "s3cret"
    refute inspect(recording) =~ "s3cret"
    assert %{faults: faults} = hd(Store.list_active_summaries())
    assert faults >= 4
  end

  test "what one render lost the next one brings" do
    configure(sanitizer: RaisingOnce)

    capture_log(fn ->
      {:ok, view, _html} = live(build_conn(), "/counter")
      render_click(view, "inc")
      assert %{count: 0} = Recording.accumulated_assigns(active(view), 99)
      send(view.pid, {:add, :x, 5})
      render(view)

      assert %{count: 6, seen_by_hook: 1} = Recording.accumulated_assigns(active(view), 99)
    end)
  end

  test "a component's event that cannot be recorded leaves the handler attached" do
    configure(sanitizer: RaisingLater)

    capture_log(fn ->
      {:ok, view, _html} = live(build_conn(), "/counter")
      session = :sys.get_state(view.pid).socket.private.phoenix_replay

      Task.async(fn ->
        Process.put(PhoenixReplay.Recorder.Session, %{session | native: :broken})

        :telemetry.execute([:phoenix, :live_component, :handle_event, :start], %{}, %{
          event: "x",
          params: %{}
        })
      end)
      |> Task.await()

      view |> element("button") |> render_click()
      assert [%{name: "like"}] = payloads(active(view), :event)
    end)
  end

  test "a view goes on when its session is gone" do
    {:ok, view, _html} = live(build_conn(), "/counter")
    PhoenixReplay.Native.session_remove(recording_id(view))
    assert render_click(view, "inc") =~ "1"
  end

  test "a view goes on when the recorder's own parts are broken" do
    {:ok, view, _html} = live(build_conn(), "/counter")

    :sys.replace_state(view.pid, fn state ->
      put_in(state.socket.private.phoenix_replay.native, :broken)
    end)

    log = capture_log(fn -> assert render_click(view, "inc") =~ "1" end)
    assert log =~ "PhoenixReplay"

    :sys.replace_state(view.pid, fn state ->
      update_in(state.socket.private, &Map.delete(&1, :phoenix_replay))
    end)

    capture_log(fn -> assert render_click(view, "inc") =~ "2" end)
  end
end
