defmodule PhoenixReplay.Bench.Dashboard.Report do
  @moduledoc "The tables of what the dashboard was measured at."

  alias PhoenixReplay.Bench.Dashboard.{Listing, Playing, Unwatched}

  @doc "Head and rows of each table."
  @spec tables(%{listing: Listing.t(), playing: Playing.t(), unwatched: Unwatched.t()}) ::
          [{[String.t()], [[String.t()]]}]
  def tables(%{listing: listing, playing: playing, unwatched: unwatched}),
    do: [
      listing(listing),
      playing(playing),
      painted(playing),
      step(playing),
      unwatched(unwatched)
    ]

  defp listing(%Listing{} = listing) do
    {["list page of #{listing.many} recordings", "until the rows are sent", "CPU"],
     [
       ["first page" | took(listing.page)],
       ["from the middle" | took(listing.next)],
       ["with two conditions" | took(listing.filtered)],
       ["the first of all" | took(listing.first)]
     ]}
  end

  defp playing(%Playing{} = playing) do
    size = "#{playing.events} events, #{mb(playing.bytes)}, #{mb(playing.disk_bytes)} on disk"

    {["player of #{size}", "", "CPU"],
     [
       ["open until the first frame is sent" | took(playing.open)],
       ["until player and frame are joined" | took(playing.joined)],
       ["decoded meanwhile", "#{decimals(playing.decoded, 2)} times", ""],
       ["seek to a random event, median" | took(playing.seek)],
       ["p95" | took(playing.seek_p95)],
       ["p95 with the state open" | took(playing.state_p95)],
       ["most memory of the player's process", mb(playing.player_bytes), ""],
       ["most memory of the frame's process", mb(playing.frame_bytes), ""]
     ]}
  end

  defp step(%Playing{step: step}) do
    {[
       "one row of 1,000 changed",
       "LiveView's answer",
       "the frame's step",
       "ratio",
       "the player's"
     ],
     [
       [
         "bytes to the browser",
         "#{step.live}",
         "#{step.frame}",
         decimals(step.frame / step.live, 2),
         "#{step.player}"
       ]
     ]}
  end

  defp unwatched(%Unwatched{} = unwatched) do
    {["#{unwatched.pairs} event pairs and nobody looks", ""],
     [
       ["calls of \"Live now\"", "#{unwatched.calls}"],
       ["reductions of its process", "#{unwatched.reductions}"],
       ["event pair, median", us(unwatched.nobody_us)],
       ["event pair while ten look, median", us(unwatched.watched_us)]
     ]}
  end

  # The same recording but for the rows on its page: most of it is LiveView's client, and painting.
  defp painted(%Playing{painted: painted}) do
    {[
       "in Chromium, a page of",
       "opened and painted, median",
       "from click to painted frame",
       "p95",
       "p95 until what is beside it is painted"
     ],
     for {rows, measured} <- Enum.sort(painted, :desc) do
       ["#{rows} rows" | painted_in(measured)]
     end}
  end

  defp painted_in({:error, why}), do: ["not measured: #{why}", "", "", ""]

  defp painted_in({:ok, painted}),
    do: Enum.map([painted.open, painted.seek, painted.seek_p95, painted.beside_p95], &ms/1)

  defp took(%{ms: ms, cpu_ms: cpu_ms}), do: [ms(ms), ms(cpu_ms)]
  defp ms(ms), do: "#{decimals(ms, 1)} ms"
  defp us(us), do: "#{decimals(us, 2)} µs"
  defp mb(bytes), do: "#{decimals(bytes / 1_000_000, 1)} MB"
  defp decimals(number, count), do: :erlang.float_to_binary(number * 1.0, decimals: count)
end
