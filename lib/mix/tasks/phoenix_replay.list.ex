defmodule Mix.Tasks.PhoenixReplay.List do
  @shortdoc "Lists recordings, newest first"

  @moduledoc """
  Lists the recordings of the configured storage, newest first.

      $ mix phoenix_replay.list
      $ mix phoenix_replay.list --view MyAppWeb.CartLive --errors --limit 5

  ## Options

    * `--limit` - at most so many, 20 by default
    * `--view` - of this LiveView
    * `--url` - with a URL that contains this text
    * `--event` - in which an event of this name was handled
    * `--release` - recorded with this release
    * `--errors` - in which something went wrong, or nothing with `--no-errors`
  """

  use Mix.Task
  import Mix.PhoenixReplay
  alias PhoenixReplay.Store

  @switches [limit: :integer] ++ conditions()

  @impl true
  def run(args) do
    {opts, []} = parse!(args, @switches, [], 0, "mix phoenix_replay.list [options]")

    with_storage(fn ->
      %{entries: entries} = opts |> where() |> Store.filter(limit: opts[:limit] || 20) |> ok!(nil)
      if entries == [], do: Mix.shell().info("no recordings"), else: Enum.each(entries, &print/1)
    end)
  end

  defp print(summary) do
    line([
      summary.id,
      time(summary.connected_at),
      inspect(summary.view),
      "#{summary.event_count} events",
      offset(summary.duration_ms),
      summary.ended || "unfinished",
      summary.url
    ])
  end
end
