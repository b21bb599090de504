defmodule PhoenixReplay.Bench.Soak.Onlooker do
  @moduledoc """
  Looks at sessions while they come and go, as a dashboard does: lists them, follows some, opens what is
  saved. Remembers the most of everything it saw.
  """
  alias PhoenixReplay.Bench.Soak.Memory
  alias PhoenixReplay.{Store, Timeline}

  @doc "Looks on until that function says that it is over."
  @spec look((-> boolean)) :: %{
          sessions: non_neg_integer,
          bytes: non_neg_integer,
          resident: non_neg_integer,
          beam: non_neg_integer
        }
  def look(over?), do: look(over?, %{sessions: 0, bytes: 0, resident: 0, beam: 0})

  defp look(over?, most) do
    if over?.() do
      most
    else
      for list <- [Store.list_active_summaries(), Store.list_recording_summaries()],
          summary <- Enum.take_random(list, 3),
          do: open(summary.id)

      Process.sleep(200)
      look(over?, Map.merge(most, now(), fn _key, before, now -> max(before, now) end))
    end
  end

  # It may be gone by now.
  defp open(id) do
    with {:ok, timeline} <- Store.open(id), size when size > 0 <- Timeline.size(timeline) do
      {:ok, _assigns} = Timeline.assigns(timeline, :rand.uniform(size) - 1)
      Timeline.rows(timeline, 0, 100)
    end
  end

  defp now do
    PhoenixReplay.info()
    |> Map.take([:sessions, :bytes])
    |> Map.merge(%{resident: Memory.resident(), beam: Memory.beam()})
  end
end
