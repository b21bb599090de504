defmodule PhoenixReplay.Dashboard.Player.Events.Group do
  @moduledoc false
  # An interaction: what the user did, and what followed from it. A recording does not say what caused
  # what, so a rule stands in: renders belong to what came before them, and so do messages and changes of
  # page that come within a second of it. After a longer rest they begin a group of their own.

  alias PhoenixReplay.Timeline

  @rest_ms 1_000
  # How far it is looked for what a group changed.
  @ahead 40

  @doc "Rows in order, each with `head?`: whether it begins a group. The first does."
  @spec mark([Timeline.row()]) :: [map]
  def mark(rows) do
    {rows, _last} =
      Enum.map_reduce(rows, nil, fn row, before ->
        {Map.put(row, :head?, head?(row, before)), row}
      end)

    rows
  end

  defp head?(_row, nil), do: true
  defp head?(%{type: type}, _before) when type in [:mount, :event], do: true
  defp head?(%{type: :assigns}, _before), do: false
  defp head?(row, before), do: row.offset_ms - before.offset_ms > @rest_ms

  @doc "Keys of the assigns that changed in the group the event at `index` begins."
  @spec caused(Timeline.t(), non_neg_integer) :: [term]
  def caused(timeline, index) do
    [_head | rest] = timeline |> Timeline.rows(index, @ahead) |> mark()

    rest
    |> Enum.take_while(&(not &1.head?))
    |> Enum.filter(&(&1.type == :assigns))
    |> Enum.flat_map(& &1.keys)
    |> Enum.uniq()
  end
end
