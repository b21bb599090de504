defmodule PhoenixReplay.Recorder.AsyncTest do
  @moduledoc false
  # LiveView ends a task without a hook; what it assigns is rendered.
  use PhoenixReplay.Case

  alias Phoenix.LiveView.AsyncResult
  alias PhoenixReplay.Zoo.Lived.Panel

  setup do
    {:ok, view, _html} = live(build_conn(), "/lived/async")
    {:ok, view: view}
  end

  defp load(target, how, ends) do
    render_hook(target, "load", %{"how" => how, "ends" => ends, "reset" => true, "ms" => 0})
  end

  defp panel(view), do: with_target(view, "#panel")

  defp states(view, key) do
    for %{delta: %{^key => %AsyncResult{} = state}} <- payloads(active(view), :assigns), do: state
  end

  defp states_of_panel(view, key) do
    for %{part: {:component, Panel, "panel"}, delta: %{^key => %AsyncResult{} = state}} <-
          payloads(active(view), :component),
        do: state
  end

  test "assign_async is loading, then ok or failed", %{view: view} do
    load(view, "assign", "ok")
    render_async(view)
    assert [%{loading: [:assigned]}, %{ok?: true, result: "answer 1"}] = states(view, :assigned)

    load(view, "assign", "error")
    render_async(view)
    assert [%{loading: [_]}, %{failed: {:error, _}}] = Enum.drop(states(view, :assigned), 2)
  end

  test "so it is in a component, and so is start_async", %{view: view} do
    for how <- ["assign", "start"] do
      load(panel(view), how, "ok")
      render_async(view)
      load(panel(view), how, "error")
      render_async(view)
    end

    for key <- [:assigned, :task] do
      assert [%{loading: loading}, %{ok?: true}, %{loading: again}, %{failed: failed}] =
               states_of_panel(view, key)

      assert loading && again && failed
    end
  end

  if Code.ensure_loaded?(Phoenix.LiveView) and macro_exported?(Phoenix.LiveView, :stream_async, 4) do
    test "stream_async has its rows, those of a component too, sanitized", %{view: view} do
      for target <- [view, panel(view)] do
        load(target, "stream", "ok")
        render_async(view)
      end

      assert [{nil, %{text: "row 1"}}, {{Panel, "panel"}, %{text: "row 1"}}] =
               for(
                 %{part: {:stream, owner, :rows}, rows: %{rows: {_, _, [{_, _, row, _, _}]}}} <-
                   payloads(active(view), :stream),
                 do: {owner, row}
               )

      assert [%{loading: true}, %{ok?: true}] = states(view, :rows)
      refute inspect(active(view), limit: :infinity) =~ "s3cret"
    end
  end
end
