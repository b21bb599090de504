defmodule PhoenixReplay.Bench.Report do
  @moduledoc "The results as a table: for a terminal, and for `bench/RESULTS.md`."

  alias PhoenixReplay.Bench.{
    AddedTime,
    CpuTime,
    Dashboard,
    Life,
    Machine,
    Parts,
    Size,
    Storage,
    Stored,
    WhileSealed,
    Writers
  }

  @typedoc "Results by part; what was not measured is not in it."
  @type results :: %{
          optional(:times) => [AddedTime.t()],
          optional(:held) => [CpuTime.t()],
          optional(:life) => Life.t(),
          optional(:parts) => [Parts.t()],
          optional(:writers) => [Writers.t()],
          optional(:sizes) => [Size.t()],
          optional(:sealed) => [WhileSealed.t()],
          optional(:seals) => [Stored.Seal.t()],
          optional(:seeks) => [Stored.Seek.t()],
          optional(:storage) => map,
          optional(:dashboard) => map
        }

  @spec text(results) :: String.t()
  def text(results) do
    Enum.map_join(tables(results), "\n\n", fn {head, rows} -> aligned([head | rows]) end)
  end

  @spec markdown(results) :: String.t()
  def markdown(results) do
    """
    # Results of `mix bench`

    #{Machine.line()}. #{Date.utc_today()}.

    What each column is: [README.md](README.md).

    #{Enum.map_join(tables(results), "\n\n", fn {head, rows} -> piped(head, rows) end)}
    """
  end

  defp tables(results) do
    parts = [:times, :parts, :life, :writers, :sizes, :sealed, :seals, :seeks, :held]
    own = for part <- parts, measured = results[part], do: {head(part), rows(part, measured)}

    own ++
      if(results[:storage], do: Storage.Report.tables(results.storage), else: []) ++
      if(results[:dashboard], do: Dashboard.Report.tables(results.dashboard), else: [])
  end

  defp head(:times),
    do: [
      "added per event pair",
      "empty hooks",
      "PhoenixReplay",
      "(mean)",
      "ETS",
      "(mean)",
      "ratio"
    ]

  defp head(:parts),
    do: ["a part of the page changes", "with empty hooks", "PhoenixReplay adds", "recorded"]

  defp head(:life),
    do: ["start and end of a session, added", "empty hooks", "PhoenixReplay", "ETS", "ratio"]

  defp head(:writers), do: ["events per second", "PhoenixReplay", "ETS", "times"]
  defp head(:sizes), do: ["size of a session", "", "PhoenixReplay", "ETS", "ratio"]

  defp head(:sealed),
    do: [
      "event pair while others are sealed",
      "alone, median",
      "p99",
      "sealed, median",
      "p99",
      "p99 by median"
    ]

  defp head(:seals),
    do: ["sealed", "events", "sealing", "packed to", ":zlib.gzip of that", "on disk"]

  defp head(:seeks),
    do: [
      "seek to a random event",
      "of",
      "in core",
      "with BEAM terms",
      "memory of keyframes",
      "on disk"
    ]

  defp head(:held),
    do: ["longest call, CPU time", "normal scheduler", "call", "dirty scheduler", "call"]

  defp rows(:times, times), do: Enum.map(times, &time/1)
  defp rows(:sizes, sizes), do: Enum.map(sizes, &size/1)
  defp rows(:held, held), do: Enum.map(held, &held/1)

  defp rows(:parts, parts) do
    for %Parts{} = part <- parts,
        do: [part.name, us(part.empty_us), us(part.added_us), bytes(round(part.bytes))]
  end

  defp rows(:life, life) do
    line = fn name, of, ratio ->
      [name, us(of.(:empty)), us(of.(:ours)), us(of.(:ets)), ratio]
    end

    [
      line.("start", &started(life, &1), ""),
      line.("end", &ended(life, &1), ""),
      [
        "both",
        "",
        us(Life.added(life, :ours)),
        us(Life.added(life, :ets)),
        ratio(Life.ratio(life))
      ]
    ]
  end

  defp rows(:writers, writers) do
    for %{events_per_second: per_second} = measured <- writers do
      [
        "#{measured.writers} writers",
        "#{round(per_second.ours)}",
        "#{round(per_second.ets)}",
        decimals(Writers.ratio(measured), 1)
      ]
    end
  end

  defp rows(:sealed, measured) do
    for %WhileSealed{name: name, alone: alone, sealed: sealed} = pairs <- measured do
      times = [us(alone.median_us), us(alone.p99_us), us(sealed.median_us), us(sealed.p99_us)]
      [name | times] ++ [decimals(WhileSealed.ratio(pairs), 1)]
    end
  end

  defp rows(:seals, seals) do
    for seal <- seals do
      [
        seal.name,
        bytes(seal.bytes),
        throughput(seal.bytes, seal.ms),
        bytes(seal.packed_bytes),
        throughput(seal.packed_bytes, seal.gzip_ms),
        bytes(seal.disk_bytes)
      ]
    end
  end

  defp rows(:seeks, seeks) do
    for seek <- seeks do
      [
        seek.name,
        "#{seek.events}",
        us(seek.core_us),
        us(seek.call_us),
        bytes(seek.keyframe_bytes),
        bytes(seek.disk_bytes)
      ]
    end
  end

  defp started(life, :empty), do: life.start_us.empty
  defp started(life, contender), do: Life.start(life, contender)
  defp ended(life, :empty), do: life.end_us.empty
  defp ended(life, contender), do: Life.ending(life, contender)

  defp held(%CpuTime{} = time), do: [time.name | call(time.normal) ++ call(time.dirty)]

  defp call(nil), do: ["", ""]
  defp call({name, us}), do: [us(us), name]

  defp throughput(bytes, ms), do: "#{decimals(bytes / 1_000 / ms, 1)} MB/s"

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
