defmodule PhoenixReplay.Dashboard.Player.Events.Listing do
  @moduledoc false
  # The rows of the list, by their position in it. Unfiltered, a position is an index and nothing is
  # held; filtered, it holds the indexes of the rows that are shown, and none of the rows.

  alias PhoenixReplay.Dashboard.Player.Events.{Filter, Group}
  alias PhoenixReplay.Timeline

  @rows_at_once 1_000

  @enforce_keys [:timeline, :filter, :count]
  defstruct [:timeline, :filter, :count, :indexes]

  @type t :: %__MODULE__{}

  @doc "The events of a timeline that a filter lets by."
  @spec new(Timeline.t(), Filter.t()) :: t
  def new(timeline, filter) do
    if Filter.open?(filter) do
      %__MODULE__{timeline: timeline, filter: filter, count: Timeline.size(timeline)}
    else
      indexes = timeline |> shown(filter) |> List.to_tuple()

      %__MODULE__{
        timeline: timeline,
        filter: filter,
        count: tuple_size(indexes),
        indexes: indexes
      }
    end
  end

  defp shown(timeline, filter) do
    for from <- 0..(Timeline.size(timeline) - 1)//@rows_at_once,
        row <- Timeline.rows(timeline, from, @rows_at_once),
        Filter.shows?(filter, row),
        do: row.index
  end

  @doc "Rows by position, each with its `:position`, what it cost, and what `Group` knows of it."
  @spec rows(t, non_neg_integer, pos_integer) :: [map]
  def rows(%__MODULE__{indexes: nil, timeline: timeline} = listing, from, count) do
    timeline |> run(from, count) |> Enum.map(&placed(listing, &1, &1.index))
  end

  def rows(%__MODULE__{indexes: indexes, timeline: timeline} = listing, from, count) do
    from..min(from + count - 1, tuple_size(indexes) - 1)//1
    |> Enum.map(&{&1, elem(indexes, &1)})
    |> Enum.flat_map(fn {position, index} ->
      timeline |> run(index, 1) |> Enum.map(&placed(listing, &1, position))
    end)
  end

  defp run(timeline, from, count) do
    timeline
    |> marked(from, count)
    |> Enum.zip_with(Timeline.costs(timeline, from, count), &Map.merge/2)
  end

  # Whether a row begins a group is told by the row before it.
  defp marked(timeline, from, count) do
    case timeline |> Timeline.rows(max(from - 1, 0), count + min(from, 1)) |> Group.mark() do
      [_before | rows] when from > 0 -> rows
      rows -> rows
    end
  end

  # What a row caused is said beside it where the rows that show it are not.
  defp placed(%{filter: %{hidden: []}}, row, position), do: Map.put(row, :position, position)

  defp placed(listing, row, position) do
    caused = if row.head?, do: Group.caused(listing.timeline, row.index), else: []
    Map.merge(row, %{position: position, caused: caused})
  end

  @doc "Position of the row shown for an event: its own, or the last before it. -1 where there is none."
  @spec position(t, non_neg_integer) :: integer
  def position(%__MODULE__{indexes: nil}, index), do: index

  def position(%__MODULE__{indexes: indexes}, index),
    do: search(indexes, index, 0, tuple_size(indexes) - 1)

  defp search(_indexes, _index, low, high) when low > high, do: high

  defp search(indexes, index, low, high) do
    middle = div(low + high, 2)

    if elem(indexes, middle) <= index,
      do: search(indexes, index, middle + 1, high),
      else: search(indexes, index, low, middle - 1)
  end

  @doc "Index of the event `by` rows from the one shown for `index`, within the list; `nil` of an empty one."
  @spec step(t, non_neg_integer, integer) :: non_neg_integer | nil
  def step(%__MODULE__{count: 0}, _index, _by), do: nil

  def step(%__MODULE__{} = listing, index, by) do
    position = (position(listing, index) + by) |> max(0) |> min(listing.count - 1)
    if listing.indexes, do: elem(listing.indexes, position), else: position
  end
end
