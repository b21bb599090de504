defmodule PhoenixReplay.Dashboard.Player.State.History do
  @moduledoc false
  # When a value last changed. Rows tell which events changed the assign it is in, so only those are
  # read, from the moment backwards; each holds the assign as it became.

  alias PhoenixReplay.Dashboard.Player.State.Tree
  alias PhoenixReplay.Timeline

  # Events read one by one each start from a keyframe, so they are read in runs: short ones first, as
  # mostly the answer is near.
  @first_run 4
  @longest_run 128

  @doc """
  Index of the event that gave the value at `path` what it has at `index`, and whether that was the
  mount or an event that set it first (`:first`) rather than changed it (`:changed`).
  """
  @spec last_change(Timeline.t(), [Tree.step()], non_neg_integer) ::
          {:ok, non_neg_integer, :changed | :first} | :unknown
  def last_change(timeline, [{:key, key} | rest], index) do
    timeline
    |> setters(key, index)
    |> Enum.reduce_while(nil, &earlier(key, rest, &1, &2))
    |> found()
  end

  # Newest first, lazily.
  defp setters(timeline, key, index) do
    {index, @first_run}
    |> Stream.unfold(fn
      {last, _run} when last < 0 -> nil
      {last, run} -> {run(timeline, key, last, run), {last - run, min(run * 2, @longest_run)}}
    end)
    |> Stream.flat_map(& &1)
  end

  defp run(timeline, key, last, run) do
    from = max(last - run + 1, 0)
    rows = Timeline.rows(timeline, from, last - from + 1)
    if Enum.any?(rows, &sets?(&1, key)), do: read(timeline, key, from, rows), else: []
  end

  defp read(timeline, key, from, rows) do
    case Timeline.events(timeline, from, length(rows)) do
      {:ok, events} ->
        rows |> Enum.zip(events) |> Enum.filter(&sets?(elem(&1, 0), key)) |> Enum.reverse()

      {:error, _error} ->
        [:unreadable]
    end
  end

  defp sets?(%{type: :mount}, _key), do: true
  defp sets?(%{type: :assigns, keys: keys}, key), do: keys == [] or key in keys
  defp sets?(_row, _key), do: false

  defp earlier(_key, _path, :unreadable, _newer), do: {:halt, :unknown}

  defp earlier(key, path, {row, {_offset, _type, payload}}, newer) do
    case values(payload, key) do
      {:ok, values} ->
        value = with {:ok, assign} <- Map.fetch(values, key), do: Tree.fetch(assign, path)
        compare(newer, row.index, value)

      :unchanged ->
        {:cont, newer}
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
