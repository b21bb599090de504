defmodule PhoenixReplay.FidelityTest do
  @moduledoc false
  # What is replayed is what the user saw: random lives in the views of the zoo, and at each step the
  # page of the live client against the replay at that event. REPLAY_LIVES says how many lives a view has.
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.{Fidelity, Timeline}
  alias PhoenixReplay.Zoo.Lived

  @views [
    Lived.TypingLive,
    Lived.PagesLive,
    Lived.TemporaryLive,
    Lived.StreamLive,
    Lived.PartsLive,
    Lived.AsyncLive,
    Lived.UploadLive,
    Lived.TemplateLive
  ]

  # Of all views together.
  @lives String.to_integer(System.get_env("REPLAY_LIVES", "50"))

  for view <- @views do
    @view view

    property "#{inspect(view)} is replayed as it was" do
      check all steps <- list_of(@view.step(), max_length: 12),
                seed <- integer(),
                max_runs: max(1, div(@lives, length(@views))) do
        {id, view, moments} = Fidelity.lead(@view.path(), steps)
        timeline = ended(id, view)

        for {index, html} <- moments, do: assert_same(timeline, index, html, steps)
        for {index, html} <- mixed(moments, seed), do: assert_same(timeline, index, html, steps)
      end
    end
  end

  # A life without interaction is not kept, so what it recorded is read before it ends.
  defp ended(id, view) do
    {:ok, timeline} = Store.open(id)
    stop(view)
    timeline
  end

  defp mixed(moments, seed),
    do: Enum.sort_by(moments, fn {index, _html} -> :erlang.phash2({seed, index}) end)

  defp assert_same(timeline, index, html, steps) do
    replayed = Fidelity.replayed(timeline, index)

    assert replayed == html,
           """
           At event #{index} of #{Timeline.size(timeline)} the replay is another page.
           steps:    #{inspect(steps, limit: :infinity)}
           live:     #{html}
           replayed: #{replayed}
           """
  end
end
