defmodule Mix.Tasks.PhoenixReplay.Show do
  @shortdoc "Shows what happened in a recording"

  @moduledoc """
  Shows what happened in a recording, event by event, or its assigns as of one of them.

      $ mix phoenix_replay.show ID
      $ mix phoenix_replay.show ID --event 12

  ## Options

    * `--limit` - at most so many events
    * `--event` - print the assigns as of the event of this number, from 0
    * `--ms` - print the assigns as of so many milliseconds after the beginning
  """

  use Mix.Task
  import Mix.PhoenixReplay
  alias PhoenixReplay.{Store, Timeline}

  @switches [limit: :integer, event: :integer, ms: :integer]

  @impl true
  def run(args) do
    {opts, [id]} = parse!(args, @switches, [], 1, "mix phoenix_replay.show ID [options]")

    with_storage(fn ->
      timeline = id |> Store.open() |> ok!(id)
      if index = index(timeline, opts), do: assigns(timeline, index), else: events(timeline, opts)
    end)
  end

  # Before the first event there is nothing to show but what it begins with.
  defp index(timeline, opts),
    do: opts[:event] || (opts[:ms] && (Timeline.index_at(timeline, opts[:ms]) || 0))

  defp assigns(_timeline, index) when index < 0, do: Mix.raise("events are counted from 0")

  defp assigns(timeline, index) do
    assigns = timeline |> Timeline.assigns(index) |> ok!(nil)
    assigns |> inspect(pretty: true) |> Mix.shell().info()
  end

  defp events(timeline, opts) do
    summary = Timeline.summary(timeline)

    for {name, value} <- [
          id: summary.id,
          view: inspect(summary.view),
          url: summary.url || "unknown",
          connected: "#{time(summary.connected_at)} UTC",
          duration: "#{summary.duration_ms} ms",
          ended: summary.ended || "unknown",
          error: summary.error,
          complete: if(summary.interrupted or summary.truncated, do: "no, its end is missing")
        ],
        value != nil do
      line([String.pad_trailing(to_string(name), 9), value])
    end

    timeline
    |> Timeline.rows(0, opts[:limit] || Timeline.size(timeline))
    |> Enum.each(&row/1)
  end

  defp row(row) do
    line([
      row.index |> to_string() |> String.pad_leading(6),
      row.offset_ms |> offset() |> String.pad_leading(11),
      row.type |> to_string() |> String.pad_trailing(13),
      row.label || Enum.map_join(row.keys, ", ", &key/1)
    ])
  end

  defp key(key) when is_atom(key), do: to_string(key)
  defp key(key), do: inspect(key)
end
