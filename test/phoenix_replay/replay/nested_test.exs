defmodule PhoenixReplay.Replay.NestedTest do
  @moduledoc false
  # LiveViews within a page: at each moment of random lives the page of the live client, with all that is
  # nested in it, against the replay of the page and of what was recorded of the others.
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.{Fidelity, Timeline}
  alias PhoenixReplay.Fidelity.Html
  alias PhoenixReplay.Replay.Nested
  alias Zoo.Lived.NestedLive

  @lives max(1, div(String.to_integer(System.get_env("REPLAY_LIVES", "50")), 8))

  property "a page with LiveViews nested in it is replayed as it was" do
    check all steps <- list_of(NestedLive.step(), max_length: 8), max_runs: @lives do
      {view, moments} = lead(steps)
      {:ok, timeline} = Store.open(recording_id(view))
      nested = nested(timeline)
      stop(view)

      for {index, at, html} <- moments ++ Enum.reverse(moments) do
        replayed = Fidelity.replayed(timeline, index, {nested, at})

        assert replayed == html,
               "steps: #{inspect(steps)}\nlive:     #{html}\nreplayed: #{replayed}"
      end
    end
  end

  test "nothing of what is nested runs in a replay, and saved or running it is the same page" do
    {view, moments} = lead([{:in, ["first"], {:event, "click", %{}}}, {:event, "more", %{}}])
    {index, at, html} = List.last(moments)
    Process.register(self(), :nested_told)

    {:ok, timeline} = Store.open(recording_id(view))
    assert Fidelity.replayed(timeline, index, {nested(timeline), at}) == html

    close(view)
    {:ok, timeline} = Store.open(Timeline.recording(timeline).id)
    assert [_first, _inner, _second, _inner_of_it, _bar] = nested = saved_nested(timeline)
    assert Fidelity.replayed(timeline, index, {nested, at}) == html
    refute_received {:ran, _callback}
  end

  test "without recordings, and with ones that may not be seen, there are the same placeholders" do
    {view, moments} = lead([{:event, "inc", %{}}])
    {index, at, _html} = List.last(moments)
    {:ok, timeline} = Store.open(recording_id(view))

    without = Fidelity.replayed(timeline, index, {[], at})
    assert without =~ "<b>first</b>"
    assert without =~ "There is no recording of it at this moment"
    assert without =~ "on_mount PhoenixReplay.Recorder"
    refute without =~ "phx-session"

    refused =
      Fidelity.replayed(timeline, index, {nested(timeline), at}, fn _recording -> false end)

    assert refused == without
  end

  test "a place shows the last session that began there, or the one that is about to" do
    [early, late] = nested = for at <- [1_000, 20_000], do: fake("a", at)
    assert Nested.shown(nested, "a", 1_000) == early
    assert Nested.shown(nested, "a", 19_999) == early
    assert Nested.shown(nested, "a", 20_000) == late
    assert Nested.shown(nested, "a", 999) == early
    assert Nested.shown([late], "a", 1_000) == nil
    assert Nested.shown(nested, "b", 2_000) == nil
  end

  defp fake(place, at) do
    %Nested{place: place, recording: %Recording{connected_at: at}, timeline: nil}
  end

  # Each moment with the time it was at, and none within a millisecond of another.
  defp lead(steps) do
    {:ok, view, _html} = live(build_conn(), NestedLive.path())
    first = moment(view)

    {view,
     [
       first
       | for step <- steps do
           Fidelity.take(view, step)
           moment(view)
         end
     ]}
  end

  defp moment(view) do
    assert eventually(fn -> joined?(render(view)) end)
    {:ok, timeline} = Store.open(recording_id(view))
    now = System.system_time(:millisecond)
    moment = {Timeline.size(timeline) - 1, now, view |> render() |> Html.inside()}
    Process.sleep(5)
    moment
  end

  # What is there and not joined is empty.
  defp joined?(html), do: not (html =~ ~r/data-phx-session="[^"]*"[^>]*><\//)

  defp saved_nested(timeline) do
    assert eventually(fn -> length(nested(timeline)) == 5 end)
    nested(timeline)
  end

  # All that is nested in a page, and in that.
  defp nested(timeline), do: timeline |> Timeline.summary() |> inside([])

  defp inside(summary, seen) do
    {:ok, nested} = Store.nested(summary)

    for %{id: id, metadata: %{"nested_id" => place}} = found <- nested,
        id not in seen,
        {:ok, timeline} <- [Store.open(id)],
        one <- [Nested.new(place, timeline) | inside(found, [id | seen])],
        do: one
  end
end
