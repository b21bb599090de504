defmodule PhoenixReplay.Dashboard.Player.Nested.Changes do
  @moduledoc false
  # When something changed in what is nested in a page: moments at which the frame is drawn anew though the
  # page itself had no event.

  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Replay.Nested
  alias PhoenixReplay.Timeline

  @rows_at_once 1_000
  # The script is told no more of them; what is nested still changes with each event of the page.
  @most 5_000

  @type t :: %{offsets: [non_neg_integer], last: non_neg_integer}

  @doc """
  Milliseconds of the page's recording, `offsets` each from the one before, and the last of them. A sticky
  view goes on when the page is gone, so what comes after the page's last event counts only of others.
  """
  @spec of([Nested.t()], Summary.t()) :: t
  def of(nested, page) do
    times =
      nested
      |> Enum.flat_map(&times(&1, page, sticky(nested)))
      |> Enum.uniq()
      |> Enum.sort()
      |> Enum.take(@most)

    %{offsets: distances(times), last: List.last(times, 0)}
  end

  defp times(%Nested{timeline: timeline, recording: recording}, page, sticky) do
    began = recording.connected_at - page.connected_at
    last = if recording.id in sticky, do: page.duration_ms, else: :infinity

    # An atom is greater than any number.
    for offset_ms <- offsets(timeline), at = began + offset_ms, at >= 0 and at <= last, do: at
  end

  # Those, and what is nested in them. What is around another comes before it.
  defp sticky(nested) do
    for %Nested{recording: %{id: id, metadata: metadata}} <- nested, reduce: [] do
      sticky ->
        if is_map_key(metadata, "sticky_in") or metadata["nested_in"] in sticky,
          do: [id | sticky],
          else: sticky
    end
  end

  defp offsets(timeline) do
    size = min(Timeline.size(timeline), @most)

    for from <- 0..(size - 1)//@rows_at_once,
        row <- Timeline.rows(timeline, from, min(@rows_at_once, size - from)),
        do: row.offset_ms
  end

  defp distances(times),
    do: times |> then(&Enum.zip_with(&1, [0 | &1], fn at, was -> at - was end))
end
