defmodule Mix.Tasks.PhoenixReplay.Grep do
  @shortdoc "Finds when something appears in recordings"

  @moduledoc """
  Finds when a text, a number or a pattern appears in the events, params or assigns of recordings. See
  `PhoenixReplay.Store.search/2`.

      $ mix phoenix_replay.grep ann@example.com
      $ mix phoenix_replay.grep --regex "order-[0-9]+" --view MyAppWeb.CartLive

  Ends with the status 1 where nothing is found.

  ## Options

    * `--ignore-case`, `-i` - in upper and lower case
    * `--regex`, `-e` - the pattern is a regular expression, as for `Regex`
    * `--number`, `-n` - the pattern is a number: finds numbers that equal it
    * `--limit` - at most so many hits, 1,000 by default
    * `--view`, `--url`, `--event`, `--release`, `--errors` - only in such recordings, as for
      `mix phoenix_replay.list`
  """

  use Mix.Task
  import Mix.PhoenixReplay
  alias PhoenixReplay.Store

  @switches [ignore_case: :boolean, regex: :boolean, number: :boolean, limit: :integer] ++
              conditions()
  @aliases [i: :ignore_case, e: :regex, n: :number]

  @impl true
  def run(args) do
    {opts, [pattern]} =
      parse!(args, @switches, @aliases, 1, "mix phoenix_replay.grep PATTERN [options]")

    with_storage(fn ->
      found = pattern |> query(opts) |> Store.search(search(opts)) |> ok!(nil)

      if found.truncated?,
        do: Mix.shell().info("there are more hits than were asked for; --limit shows more")

      if found.hits == [], do: exit({:shutdown, 1})
    end)
  end

  defp search(opts) do
    limit = if opts[:limit], do: [limit: opts[:limit], per_recording: opts[:limit]], else: []
    [where: where(opts), ignore_case: opts[:ignore_case] == true, on_hit: &print/1] ++ limit
  end

  defp query(pattern, opts) do
    cond do
      opts[:number] -> number(pattern)
      opts[:regex] -> regex(pattern)
      true -> pattern
    end
  end

  defp number(text) do
    with :error <- whole(Integer.parse(text)), :error <- whole(Float.parse(text)) do
      Mix.raise("#{text} is not a number")
    end
  end

  defp whole({number, ""}), do: number
  defp whole(_other), do: :error

  defp regex(pattern) do
    case Regex.compile(pattern, "u") do
      {:ok, regex} ->
        regex

      {:error, {message, at}} ->
        Mix.raise("#{pattern} is no regular expression: #{message} at #{at}")
    end
  end

  defp print(hit),
    do: line([hit.id, "##{hit.index}", offset(hit.offset_ms), "#{hit.path}: #{hit.excerpt}"])
end
