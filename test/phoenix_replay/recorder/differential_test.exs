defmodule PhoenixReplay.Recorder.DifferentialTest do
  @moduledoc false
  # Random lives of a LiveView, recorded by the recorder and by a slow one in Elixir that shares
  # nothing with it: the events and every state of both are the same.
  use PhoenixReplay.Case
  use ExUnitProperties

  import PhoenixReplay.Reference.Recorder, only: [exactly: 1]

  alias PhoenixReplay.Life.{Generators, View}
  alias PhoenixReplay.Reference.{Hooks, Sanitizer}
  alias PhoenixReplay.Timeline

  setup do
    start_supervised!(View)
    :ok
  end

  # Shrinking a failure takes many lives.
  @tag timeout: 300_000
  property "both recorders recorded the same" do
    check all {assigns, session, steps} <- Generators.life(), max_runs: 30 do
      View.born(assigns)
      conn = Plug.Test.init_test_session(build_conn(), session)
      {:ok, view, _html} = live(conn, "/life?name=Ada&api_key=k")
      Enum.each(steps, &take(view, &1))

      running = active(view)
      reference = Hooks.recorded(view.pid)
      same(running, reference)

      # A session without interaction is not kept.
      if Enum.any?(steps, &(elem(&1, 0) != :info)) do
        saved = close(view)
        assert exactly(saved.events) == exactly(running.events)
        assert exactly(saved.session) == exactly(stripped_session(session, saved.session))
        {:ok, timeline} = Store.open(saved.id)
        same_states(saved, timeline, reference)
      else
        stop(view)
      end
    end
  end

  defp take(view, {:event, name, params, edits}) do
    View.next([{edits, nil}])
    render_hook(view, name, params)
  end

  defp take(view, {:info, message, edits}) do
    View.next([{edits, nil}])
    send(view.pid, message)
    :sys.get_state(view.pid)
  end

  defp take(view, {:patch, query, edits}) do
    View.next([{edits, nil}])
    render_patch(view, "/life?" <> query)
  end

  defp take(view, {:event_and_patch, name, params, query, edits, after_patch}) do
    View.next([{edits, "/life?" <> query}, {after_patch, nil}])
    render_hook(view, name, params)
  end

  defp same(recording, reference) do
    events = Enum.map(recording.events, fn {_offset, type, payload} -> {type, payload} end)
    offsets = Enum.map(recording.events, &elem(&1, 0))

    assert exactly(events) == exactly(Enum.reverse(reference.events)),
           "expected #{inspect(Enum.reverse(reference.events), limit: 500)}, got #{inspect(events, limit: 500)}"

    assert hd(offsets) == 0 and offsets == Enum.sort(offsets)
  end

  defp same_states(recording, timeline, reference) do
    states = reference.states |> Enum.reverse() |> Enum.with_index()
    assert Timeline.size(timeline) == length(states)

    for {state, index} <- Enum.shuffle(states) do
      stripped = exactly(Sanitizer.stripped(state))
      assert {:ok, assigns} = Timeline.assigns(timeline, index)
      assert exactly(assigns) == stripped
      assert exactly(Recording.accumulated_assigns(recording, index)) == stripped
      assert {:ok, replayed} = Timeline.replayed(timeline, index)
      assert exactly(replayed) == exactly(Sanitizer.shown(state))
    end
  end

  # The endpoint adds keys of its own to what the test gave.
  defp stripped_session(given, recorded) do
    given = given |> Sanitizer.params() |> Sanitizer.stripped()
    Map.merge(Map.take(recorded, ["_csrf_token", "live_socket_id"]), given)
  end
end
