defmodule PhoenixReplay.Dashboard.Player.State.History do
  @moduledoc false
  # When a value last changed. Rows tell which events changed the assign it is in, so only those are
  # read, from the moment backwards; each holds the assign as it became.

  alias PhoenixReplay.Dashboard.Player.State.Tree
  alias PhoenixReplay.Timeline

  @rows_at_once 500

  @doc """
  Index of the event that gave the value at `path` what it has at `index`, and whether that was the
  mount or an event that set it first (`:first`) rather than changed it (`:changed`).
  """
  @spec last_change(Timeline.t(), [Tree.step()], non_neg_integer) ::
          {:ok, non_neg_integer, :changed | :first} | :unknown
  def last_change(timeline, [{:key, key} | rest], index) do
    timeline
    |> setters(key, index)
    |> Enum.reduce_while(nil, &earlier(timeline, key, rest, &1, &2))
    |> found()
  end

  # Newest first, lazily: mostly the answer is near.
  defp setters(timeline, key, index) do
    index
    |> Stream.unfold(fn
      last when last < 0 -> nil
      last -> {rows(timeline, last), last - @rows_at_once}
    end)
    |> Stream.flat_map(& &1)
    |> Stream.filter(&sets?(&1, key))
  end

  defp rows(timeline, last) do
    from = max(last - @rows_at_once + 1, 0)
    timeline |> Timeline.rows(from, last - from + 1) |> Enum.reverse()
  end

  defp sets?(%{type: :mount}, _key), do: true
  defp sets?(%{type: :assigns, keys: keys}, key), do: keys == [] or key in keys
  defp sets?(_row, _key), do: false

  defp earlier(timeline, key, path, row, newer) do
    with {:ok, [{_offset, _type, payload}]} <- Timeline.events(timeline, row.index, 1),
         {:ok, values} <- values(payload, key) do
      value = with {:ok, assign} <- Map.fetch(values, key), do: Tree.fetch(assign, path)
      compare(newer, row.index, value)
    else
      :unchanged -> {:cont, newer}
      _unreadable -> {:halt, :unknown}
    end
  end

  defp values(%{delta: delta}, key),
    do: if(is_map_key(delta, key), do: {:ok, delta}, else: :unchanged)

  defp values(%{assigns: assigns}, _key), do: {:ok, assigns}
  defp values(%{snapshot: assigns}, _key), do: {:ok, assigns}
  defp values(_other, _key), do: :unchanged

  defp compare(nil, index, value), do: {:cont, {index, value}}
  defp compare({_index, value}, index, value), do: {:cont, {index, value}}
  defp compare({index, _value}, _older, :error), do: {:halt, {:ok, index, :first}}
  defp compare({index, _value}, _older, _other), do: {:halt, {:ok, index, :changed}}

  defp found(nil), do: :unknown
  defp found({index, _value}), do: {:ok, index, :first}
  defp found(answer), do: answer
end
