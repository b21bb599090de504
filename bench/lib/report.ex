defmodule PhoenixReplay.Bench.Report do
  @moduledoc "The results as a table: for a terminal, and for `bench/RESULTS.md`."

  alias PhoenixReplay.Bench.{AddedTime, Machine, Size}

  @times [
    "added per event pair",
    "empty hooks",
    "PhoenixReplay",
    "(mean)",
    "ETS",
    "(mean)",
    "ratio"
  ]
  @sizes ["size of a session", "", "PhoenixReplay", "ETS", "ratio"]

  @spec text([AddedTime.t()], [Size.t()]) :: String.t()
  def text(times, sizes) do
    [{@times, Enum.map(times, &time/1)}, {@sizes, Enum.map(sizes, &size/1)}]
    |> Enum.reject(fn {_head, rows} -> rows == [] end)
    |> Enum.map_join("\n\n", fn {head, rows} -> aligned([head | rows]) end)
  end

  @spec markdown([AddedTime.t()], [Size.t()]) :: String.t()
  def markdown(times, sizes) do
    """
    # Results of `mix bench`

    #{Machine.line()}. #{Date.utc_today()}.

    What each column is: [README.md](README.md).

    #{piped(@times, Enum.map(times, &time/1))}

    #{piped(@sizes, Enum.map(sizes, &size/1))}
    """
  end

  defp time(%AddedTime{scenario: scenario, median_us: median, mean_us: mean} = result) do
    [
      scenario.name,
      us(median.empty),
      us(AddedTime.added(result, :ours)),
      "(#{us(mean.ours - mean.empty)})",
      us(AddedTime.added(result, :ets)),
      "(#{us(mean.ets - mean.empty)})",
      ratio(AddedTime.ratio(result))
    ]
  end

  defp size(%Size{} = size) do
    [size.name, size.unit, bytes(size.bytes.ours), bytes(size.bytes.ets), ratio(Size.ratio(size))]
  end

  defp us(us) when us >= 1_000, do: "#{decimals(us / 1_000, 2)} ms"
  defp us(us), do: "#{decimals(us, 2)} µs"

  defp bytes(bytes) when bytes >= 1_000_000, do: "#{decimals(bytes / 1_000_000, 1)} MB"
  defp bytes(bytes) when bytes >= 10_000, do: "#{decimals(bytes / 1_000, 1)} kB"
  defp bytes(bytes), do: "#{bytes} B"

  defp ratio(ratio) when ratio < 0.1, do: decimals(ratio, 4)
  defp ratio(ratio), do: decimals(ratio, 2)

  defp decimals(number, count), do: :erlang.float_to_binary(number * 1.0, decimals: count)

  defp aligned(rows) do
    widths =
      rows
      |> Enum.zip_with(& &1)
      |> Enum.map(fn column -> column |> Enum.map(&String.length/1) |> Enum.max() end)

    Enum.map_join(rows, "\n", fn [name | cells] ->
      [name_width | cell_widths] = widths
      cells = Enum.zip_with(cells, cell_widths, &String.pad_leading/2)
      Enum.join([String.pad_trailing(name, name_width) | cells], "  ")
    end)
  end

  defp piped(head, rows) do
    rule = ["---" | Enum.map(tl(head), fn _cell -> "---:" end)]
    Enum.map_join([head, rule | rows], "\n", &"| #{Enum.join(&1, " | ")} |")
  end
end
