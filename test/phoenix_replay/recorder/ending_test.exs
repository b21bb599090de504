defmodule PhoenixReplay.Recorder.EndingTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Recorder.{Ending, Slow, Watcher, Watchers}

  doctest PhoenixReplay.Recorder.Reason

  test "exit reasons are classified" do
    assert Ending.classify(:normal) == {:closed, nil}
    assert Ending.classify({:shutdown, :closed}) == {:closed, nil}
    assert Ending.classify({:shutdown, :duplicate_join}) == {:closed, nil}
    assert Ending.classify({:shutdown, :parent_exited}) == {:closed, nil}
    assert Ending.classify({:shutdown, :left}) == {:left, nil}
    assert Ending.classify({:shutdown, {:redirect, %{to: "/"}}}) == {:redirected, nil}
    assert Ending.classify({:shutdown, {:live_redirect, %{to: "/"}}}) == {:redirected, nil}
    assert Ending.classify({:shutdown, :draining}) == {:drained, nil}
    assert Ending.classify(:shutdown) == {:stopped, nil}
    assert Ending.classify({:shutdown, :whatever}) == {:stopped, nil}
    assert Ending.classify(:killed) == {:killed, nil}
    assert Ending.classify(:noproc) == {:unknown, nil}
  end

  test "of a crash only the exception's module is kept" do
    assert Ending.classify({%ArgumentError{message: "s3cret"}, []}) == {:crashed, "ArgumentError"}
    assert Ending.classify({{:badmatch, "s3cret"}, []}) == {:crashed, "MatchError"}
    assert Ending.classify({{:nocatch, "s3cret"}, []}) == {:crashed, "throw"}
    assert Ending.classify({:s3cret, "s3cret"}) == {:crashed, "exit"}
    assert Ending.classify("s3cret") == {:crashed, "exit"}
  end

  test "exceptions are classified like the exits they become" do
    assert Ending.classify(:error, %KeyError{key: "s3cret"}) == {:crashed, "KeyError"}
    assert Ending.classify(:error, {:badmatch, "s3cret"}) == {:crashed, "MatchError"}
    assert Ending.classify(:throw, "s3cret") == {:crashed, "throw"}
    assert Ending.classify(:exit, {:shutdown, :left}) == {:left, nil}
    assert Ending.classify(:exit, "s3cret") == {:crashed, "exit"}
  end

  @tag :capture_log
  test "a crash is known without a watcher" do
    Process.flag(:trap_exit, true)
    {:ok, view, _html} = live(build_conn(), "/counter")
    id = recording_id(view)
    for pid <- watchers(), do: :sys.suspend(pid)
    catch_exit(render_click(view, "boom", %{"with" => "s3cret"}))

    assert Native.session_state(Native.session_lookup(id)).ended ==
             :crashed

    for pid <- watchers(), do: :sys.resume(pid)
    saved(id)
    assert {:ok, %{ended: :crashed, error: "ArgumentError"}} = Store.get_summary(id)
  end

  test "a session whose watcher is gone is saved, without a reason" do
    {view, id} = used()
    watched()
    watcher = Watcher.of(view.pid)
    Process.exit(watcher, :kill)
    assert eventually(fn -> Watcher.of(view.pid) not in [nil, watcher] end)

    stop(view)
    assert saved_unwatched(id) == :unknown
  end

  test "what a watcher was to tell of as it died is looked for by the next one" do
    {view, id} = used()
    watched()
    watcher = Watcher.of(view.pid)
    :sys.suspend(watcher)
    Process.flag(:trap_exit, true)
    Process.exit(view.pid, {:shutdown, :left})
    assert eventually(fn -> Native.session_state(Native.session_lookup(id)).ended == :unknown end)
    Persister.settle()
    assert Native.session_lookup(id) != nil

    Process.exit(watcher, :kill)
    assert saved_unwatched(id) == :unknown
  end

  test "a session that begins while there is no watcher is saved" do
    parent = self()

    pid =
      spawn(fn ->
        facts = {Zoo.CounterLive, 1, :erlang.term_to_binary(%{}), {%{}, %{}}, nil, nil}
        limits = {nil, nil, nil, nil}
        {:ok, id, session} = Native.session_begin(facts, {nil, nil}, nil, limits)
        Native.append_event(session, "inc", %{})
        send(parent, {:began, id})
        Process.sleep(:infinity)
      end)

    assert_receive {:began, id}
    Process.exit(pid, :kill)
    assert saved_unwatched(id) == :unknown
  end

  test "what is to be said of an exception is waited for no longer than a reason" do
    Process.flag(:trap_exit, true)
    {view, id} = used()
    watched()
    # Whoever is to say it does not get to.
    :sys.suspend(Persister.Tasks)
    stop(view, {%RuntimeError{message: "no"}, [{__MODULE__, :run, 0, []}]})
    assert eventually(fn -> awaited?(id) end)
    :sys.resume(Persister.Tasks)
    saved(id)
    assert {:ok, %{ended: :crashed}} = Store.get_summary(id)
  end

  @tag :capture_log
  test "a view that is not to be found is no crash" do
    Process.flag(:trap_exit, true)
    sessions = PhoenixReplay.info().sessions
    catch_exit(live(build_conn(), "/missing"))
    assert eventually(fn -> PhoenixReplay.info().sessions == sessions end)
    assert Store.list_recordings() == []
  end

  test "a view says how it ended" do
    for {reason, ended} <- [
          {{:shutdown, :closed}, :closed},
          {{:shutdown, :left}, :left},
          {{:shutdown, :draining}, :drained},
          {:kill, :killed}
        ] do
      {:ok, view, _html} = live(build_conn(), "/counter")
      Process.flag(:trap_exit, true)
      render_click(view, "inc")
      id = recording_id(view)
      close(view, reason)
      assert {:ok, %{ended: ^ended, error: nil, active?: false}} = Store.get_summary(id)
    end
  end

  test "a view that navigates away by itself" do
    {:ok, view, _html} = live(build_conn(), "/counter")
    id = recording_id(view)
    watched()
    render_click(view, "leave")
    saved(id)
    assert {:ok, %{ended: :redirected}} = Store.get_summary(id)
  end

  @tag :capture_log
  test "a view that crashes, even where nothing was done before" do
    Process.flag(:trap_exit, true)
    {:ok, view, _html} = live(build_conn(), "/counter")
    id = recording_id(view)
    catch_exit(render_click(view, "boom", %{"with" => "s3cret"}))
    recording = saved(id)
    assert %{name: "boom"} = recording |> payloads(:event) |> List.last()
    assert {:ok, %{ended: :crashed, error: "ArgumentError"}} = Store.get_summary(id)

    {:ok, view, _html} = live(build_conn(), "/pages")
    id = recording_id(view)
    stop(view, {%RuntimeError{message: "s3cret"}, []})
    saved(id)
    assert {:ok, %{ended: :crashed}} = Store.get_summary(id)
  end

  @tag :capture_log
  test "what a callback raised is the last event, its fields sanitized before they are said" do
    Process.flag(:trap_exit, true)
    {:ok, view, _html} = live(build_conn(), "/counter")
    id = recording_id(view)
    catch_exit(render_click(view, "miss", %{"with" => "s3cret"}))
    recording = saved(id)

    assert {_, :exception, %{error: "KeyError"} = raised} = List.last(recording.events)
    assert raised.message =~ "key :nothing not found in"
    assert raised.message =~ "id: 7"
    refute raised.message =~ "s3cret"
    assert Enum.any?(raised.stack, &(&1 =~ "PhoenixReplay.Zoo.CounterLive.handle_event/3"))
    refute inspect(raised) =~ "s3cret"
  end

  for {callback, event} <- [{"handle_info", "miss"}, {"handle_async", "later"}] do
    @tag :capture_log
    test "what #{callback} raised is too, told by the reason of the exit" do
      {id, recording} = crash(unquote(event), %{"event" => "miss", "with" => "s3cret"})
      assert {_, :exception, %{error: "KeyError"} = raised} = List.last(recording.events)
      assert raised.message =~ "key :nothing not found in"
      assert raised.message =~ "id: 7"
      assert Enum.any?(raised.stack, &(&1 =~ "PhoenixReplay.Zoo.AwayLive.#{unquote(callback)}/"))
      refute inspect(raised) =~ "s3cret"
      assert {:ok, %{ended: :crashed, error: "KeyError"}} = Store.get_summary(id)
    end
  end

  @tag :capture_log
  test "an exit is no exception, whatever it looks like" do
    {id, recording} = crash("exit", %{"with" => "s3cret"})
    assert payloads(recording, :exception) == []
    assert {:ok, %{ended: :crashed}} = Store.get_summary(id)
  end

  @tag :capture_log
  test "of an exception that cannot say what it is, that it was there" do
    {_id, recording} = crash("unsayable", %{})
    assert {_, :exception, %{message: nil}} = List.last(recording.events)
  end

  # A handle_info, or what "later" has a task do, that ends the view.
  defp crash(event, params) do
    Process.flag(:trap_exit, true)
    {:ok, view, _html} = live(build_conn(), "/away")
    id = recording_id(view)
    watched()
    render_hook(view, "push", %{})

    if event == "later",
      do: catch_exit(render_hook(view, "later", params) && render_async(view)),
      else: send(view.pid, {event, params})

    {id, saved(id)}
  end

  test "a callback that takes long is said to" do
    Slow.attach()
    on_exit(&Slow.detach/0)
    {:ok, view, _html} = live(build_conn(), "/counter")
    render_click(view, "sleep", %{"ms" => 101})

    assert %{ms: ms} = Enum.find(payloads(active(view), :slow), &(&1.step == :handle_event))
    assert ms > 100

    {:ok, timeline} = view |> recording_id() |> Store.open()
    rows = PhoenixReplay.Timeline.rows(timeline, 0, PhoenixReplay.Timeline.size(timeline))
    assert "handle_event #{ms} ms" in for(%{type: :slow, label: label} <- rows, do: label)
  end

  test "a step of a millisecond and more says how long it took, and its event is as it was" do
    Slow.attach()
    on_exit(&Slow.detach/0)
    {:ok, view, _html} = live(build_conn(), "/counter")
    render_click(view, "sleep", %{"ms" => 5})
    assert %{params: %{"ms" => 5}} = event = List.last(payloads(active(view), :event))
    assert Map.keys(event) == [:name, :params]

    {:ok, timeline} = view |> recording_id() |> Store.open()
    size = PhoenixReplay.Timeline.size(timeline)
    rows = PhoenixReplay.Timeline.rows(timeline, 0, size)
    costs = PhoenixReplay.Timeline.costs(timeline, 0, size)

    assert [%{took_us: us, bytes: bytes}] =
             for({%{label: "sleep"}, cost} <- Enum.zip(rows, costs), do: cost)

    assert us >= 5_000
    assert bytes > 0
  end

  defp used do
    {:ok, view, _html} = live(build_conn(), "/counter")
    render_click(view, "inc")
    {view, recording_id(view)}
  end

  # The persister waits for a reason, as long as it does; then it saves without.
  defp saved_unwatched(id) do
    assert eventually(fn -> awaited?(id) end)
    send(Persister, {:due, id})
    saved(id)
    {:ok, %{ended: ended}} = Store.get_summary(id)
    ended
  end

  defp awaited?(id), do: match?({:ending, 1, _timer}, :sys.get_state(Persister).queue.places[id])

  defp watchers do
    for {_, pid, _, _} <- PartitionSupervisor.which_children(Watchers),
        do: pid
  end
end
