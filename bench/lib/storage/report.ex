defmodule PhoenixReplay.Bench.Storage.Report do
  @moduledoc "The tables of what storage was measured at."

  alias PhoenixReplay.Bench.Storage.{Ending, Lists, Searching}

  @doc "Head and rows of each table."
  @spec tables(%{
          ending: Ending.t(),
          summaries: Lists.Summaries.t(),
          pages: [Lists.Page.t()],
          search: Searching.t()
        }) :: [{[String.t()], [[String.t()]]}]
  def tables(%{ending: ending, summaries: summaries, pages: pages, search: search}) do
    [ending(ending), summaries(summaries), pages(pages), filtered(pages), search(search)]
  end

  defp ending(%Ending{sessions: sessions, ms: ms, other_us: other} = ending) do
    {["#{sessions} sessions of 400 events end at once", "PhoenixReplay", "ETS", "ratio"],
     [
       ["saved and out of memory", ms(ms.ours), ms(ms.ets), decimals(Ending.ratio(ending), 2)],
       [
         "longest event pair of another meanwhile",
         ms(other.ours / 1_000),
         ms(other.ets / 1_000),
         ""
       ]
     ]}
  end

  defp summaries(%Lists.Summaries{} = measured) do
    {["#{measured.count} recordings in files", "summaries", "decoding them", "ratio"],
     [
       [
         "of sessions of 400 events",
         ms(measured.summaries_ms),
         ms(measured.decoding_ms),
         decimals(measured.summaries_ms / measured.decoding_ms, 4)
       ]
     ]}
  end

  defp pages(pages) do
    many = List.first(pages).many

    {["first page", "of 1,000", "of #{many}", "times", "the first of all"],
     for page <- pages do
       [
         page.name,
         ms(page.few_ms),
         ms(page.many_ms),
         decimals(page.many_ms / page.few_ms, 2),
         ms(page.first_ms)
       ]
     end}
  end

  defp filtered([%{many: many, filtered_ms: conditions} | _] = pages) do
    {["first page of #{many} with" | Enum.map(pages, & &1.name)],
     for {{what, _ms}, n} <- Enum.with_index(conditions) do
       [what | for(page <- pages, do: page.filtered_ms |> Enum.at(n) |> elem(1) |> ms())]
     end}
  end

  defp search(%Searching{} = search) do
    {[
       "search of #{mb(search.bytes)}",
       "Store.search",
       "processes",
       "inflating, decoding, scanning",
       "times per process"
     ],
     [
       [
         "a text that is nowhere",
         rate(search.bytes, search.search_ms),
         "#{search.at_once}",
         rate(search.bytes, search.decoding_ms),
         decimals(search.decoding_ms / search.search_ms / search.at_once, 2)
       ]
     ]}
  end

  defp ms(ms) when ms < 1, do: "#{decimals(ms * 1_000, 1)} µs"
  defp ms(ms), do: "#{decimals(ms, 1)} ms"
  defp mb(bytes), do: "#{decimals(bytes / 1_000_000, 1)} MB"
  defp rate(bytes, ms), do: "#{decimals(bytes / 1_000 / ms, 1)} MB/s"
  defp decimals(number, count), do: :erlang.float_to_binary(number * 1.0, decimals: count)
end
