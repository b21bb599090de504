defmodule PhoenixReplay.Recorder.LogsTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Recorder.{Attribution, Logs}
  alias PhoenixReplay.Timeline

  @moduletag :capture_log

  defmodule Touchy do
    @moduledoc false
    @behaviour PhoenixReplay.Sanitizer

    @impl true
    def sanitize_assigns(%{"touchy" => true}), do: raise("not me")
    def sanitize_assigns(assigns), do: assigns

    @impl true
    def sanitize_delta(changed, assigns), do: Map.take(assigns, Map.keys(changed))
  end

  setup context do
    configure(logs: Map.get(context, :logs, level: :error))
    Attribution.attach()
    on_exit(&Attribution.detach/0)
  end

  defp visit(path \\ "/talking") do
    {:ok, view, _html} = live(build_conn(), path)
    view
  end

  defp said(view), do: payloads(active(view), :log)

  test "an error of the view is an event of its session" do
    view = visit()
    render_hook(view, "say", %{"text" => "the card was declined"})

    assert [{_, :log, payload} | _render] =
             Enum.drop_while(active(view).events, &(elem(&1, 1) != :log))

    assert %{level: :error, message: "the card was declined", from: from} = payload
    assert from =~ "TalkingLive.say/1"
  end

  test "so is one of a task, or of a task of it; not that of another process" do
    view = visit()
    other = visit()
    render_hook(view, "task", %{"text" => "far away"})
    Task.await(Task.async(fn -> require(Logger) && Logger.error("of the test") end))

    assert [%{message: "far away"}] = said(view)
    assert said(other) == []
  end

  test "what is below the level is not there" do
    view = visit()
    render_hook(view, "say", %{"level" => "warning", "text" => "hm"})
    assert said(view) == []
  end

  @tag logs: [level: :warning]
  test "a level may be lower than errors, and then says which are errors" do
    view = visit()
    render_hook(view, "say", %{"level" => "warning", "text" => "hm"})
    render_hook(view, "say", %{"level" => "critical", "text" => "oh"})

    assert [%{level: :warning}, %{level: :critical}] = said(view)
    {:ok, timeline} = view |> recording_id() |> Store.open()
    rows = Timeline.rows(timeline, 0, Timeline.size(timeline))

    assert [%{label: "hm", failed?: false}, %{label: "oh", failed?: true}] =
             Enum.filter(rows, &(&1.type == :log))

    close(view)
    assert [%{errors: 1}] = Store.list_recording_summaries()
  end

  test "what is logged while it mounts follows the mount event" do
    view = visit("/talking?say=early")
    assert [{0, :mount, _}, {_, :log, %{message: "early"}} | _] = active(view).events
    view = visit("/talking?task=early")
    assert [{0, :mount, _}, {_, :log, %{message: "early"}} | _] = active(view).events
  end

  test "a crash while it mounts comes after what was logged before it" do
    Process.flag(:trap_exit, true)
    listen([:phoenix_replay, :recording, :started])
    catch_exit(live(build_conn(), "/talking?say=early&fail=1"))
    assert_received {[:phoenix_replay, :recording, :started], _measured, %{id: id}}

    assert [{_, :log, %{message: "early"}}, {_, :exception, %{message: "no page today"}}] =
             saved(id).events
  end

  @tag logs: [limit: 3]
  test "there is a limit, and the recording says that there was more" do
    view = visit()
    render_hook(view, "say", %{"text" => "again", "times" => 10})
    assert length(said(view)) == 3
    assert [%{stage: :log, reason: "there were more than 3"}] = payloads(active(view), :fault)
  end

  @tag logs: [level: :info, limit: 2]
  test "lines below errors take no room of theirs" do
    before = Logger.level()
    Logger.configure(level: :info)
    view = visit()
    for n <- 1..4, do: render_hook(view, "say", %{"level" => "info", "text" => "i#{n}"})
    render_hook(view, "say", %{"text" => "the error"})
    Logger.configure(level: before)
    assert Enum.map(said(view), & &1.message) == ["i1", "i2", "the error"]
  end

  describe "secrets" do
    test "of a report go by their names" do
      view = visit()
      report = %{user: "ada", password: "s3cret", nested: [%{"api_token" => "s3cret"}]}
      render_hook(view, "say", %{"report" => report})
      assert [%{message: message}] = said(view)
      assert message =~ "ada"
      refute message =~ "s3cret"
    end

    test "of a text go where a name leads to them" do
      view = visit()
      render_hook(view, "say", %{"text" => ~s(login failed: %{"password" => "s3cret"})})
      render_hook(view, "say", %{"text" => "GET https://a.example/?access_token=s3cret&b=1"})
      assert [first, second] = Enum.map(said(view), & &1.message)
      assert first == ~s(login failed: %{"password" => "[FILTERED]"})
      assert second == "GET https://a.example/?access_token=[FILTERED]&b=1"
    end

    test "of a crashed task's arguments are not there; what it raised is" do
      view = visit()
      render_hook(view, "crash", %{"with" => "s3cret"})
      assert [%{level: :error, message: message, stack: [_ | _] = stack}] = said(view)
      assert message =~ "(KeyError) key :nothing not found"
      refute message <> Enum.join(stack) =~ "s3cret"
    end
  end

  test "the crash of the view itself is told once, and is no line of the log" do
    Process.flag(:trap_exit, true)

    for {crash, message} <- [
          {&send(&1.pid, :boom), "the view is no more"},
          {&catch_exit(render_hook(&1, "raise", %{})), "the event is no more"}
        ] do
      view = visit()
      render_hook(view, "change", %{})
      id = recording_id(view)
      crash.(view)
      recording = saved(id)
      assert payloads(recording, :log) == []
      assert [%{error: "RuntimeError", message: ^message}] = payloads(recording, :exception)
      assert {_at, :exception, _payload} = List.last(recording.events)
      assert {:ok, %{ended: :crashed, errors: 1, dropped: 0}} = summary(id)
    end
  end

  defp summary(id) do
    case Enum.find(Store.list_recording_summaries(), &(&1.id == id)) do
      nil -> :error
      summary -> {:ok, summary}
    end
  end

  test "what a sanitizer of the host cannot take costs a line, not the handler nor the host" do
    configure(sanitizer: Touchy)
    view = visit()
    render_hook(view, "say", %{"report" => %{touchy: true}})
    assert [%{stage: :log, reason: "RuntimeError"}] = payloads(active(view), :fault)
    assert Logs in :logger.get_handler_ids()
    render_hook(view, "say", %{"text" => "still there"})
    assert [%{message: "still there"}] = said(view)
  end

  test "nothing is left of a session that has ended" do
    view = visit()
    assert :ets.member(Attribution, view.pid)
    pid = view.pid
    stop(view)
    watched()
    refute :ets.member(Attribution, pid)
  end

  test "nor of one that ended while nobody watched it" do
    {pid, monitor} = spawn_monitor(fn -> :ok end)
    assert_receive {:DOWN, ^monitor, :process, ^pid, _reason}
    :ets.insert(Attribution, {pid, nil, false, 0, 0, 0})
    view = visit()
    Attribution.sweep()
    refute :ets.member(Attribution, pid)
    assert :ets.member(Attribution, view.pid)
  end

  test "a start finds its handlers there, where the last one was killed" do
    Attribution.attach()
    view = visit()
    render_hook(view, "say", %{"text" => "once"})
    assert [%{message: "once"}] = said(view)
  end

  @tag logs: false
  test "without it there is no handler, and no session is known by its process" do
    refute Logs in :logger.get_handler_ids()
    view = visit()
    render_hook(view, "say", %{"text" => "nobody hears"})
    assert said(view) == []
    assert :ets.info(Attribution, :size) == 0
  end
end
