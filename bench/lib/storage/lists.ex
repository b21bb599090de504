defmodule PhoenixReplay.Bench.Storage.Lists do
  @moduledoc """
  Lists: the summaries of 1,000 recordings beside decoding the same, and the first page of many beside that of
  1,000, in each storage there is; then the first page that meets conditions.
  """
  alias PhoenixReplay.Bench.Storage.Kept
  alias PhoenixReplay.Storage.{Configured, Query}
  alias PhoenixReplay.Store

  defmodule Page do
    @moduledoc """
    The first page of a storage with `many` recordings and with 1,000, the one that was first of all, and
    the first page with conditions by what they are; medians.
    """
    defstruct [:name, :many, :few_ms, :many_ms, :first_ms, :filtered_ms]
    @type t :: %__MODULE__{}
  end

  defmodule Summaries do
    @moduledoc "Summaries of recordings, and decoding the same."
    defstruct [:count, :summaries_ms, :decoding_ms]
    @type t :: %__MODULE__{}
  end

  @few 1_000
  @page 50
  @turns 15
  @conditions [
    {"errors and a URL", errors: true, url: "/carts/5"},
    {"one user of 500", metadata: %{user_id: 7}},
    {"an event of the oldest", event: "rare"},
    {"a URL of none", url: "nowhere"},
    {"a text of none", text: "nowhere"},
    {"metadata of none", metadata: %{plan: "none"}},
    {"a view of none", view: "Nowhere"},
    {"a release of none", release: "0.0.0"},
    {"longer than all", min_duration_ms: 600_000},
    {"the oldest ten seconds", to: 1_700_000_010_000}
  ]

  @doc "The recordings are those of `folder`, whose sessions ended before."
  @spec summaries(Path.t()) :: Summaries.t()
  def summaries(folder) do
    Application.put_env(:phoenix_replay, :storage_opts, path: folder, format: :etf)
    IO.puts("Measuring: summaries, and decoding")
    count = length(Store.list_recording_summaries())

    %Summaries{
      count: count,
      summaries_ms: median(5, fn -> Store.list_recording_summaries() end),
      decoding_ms: median(3, fn -> Store.list_recordings() end)
    }
  end

  @spec pages(pos_integer, Path.t()) :: [Page.t()]
  def pages(many, folder) do
    Kept.each(folder, fn name, storage, few, full ->
      IO.puts("Measuring: first page of #{many} recordings, #{name}")
      use_storage(storage, few)
      Kept.fill(storage, few, @few)
      few_ms = median(@turns, fn -> page([]) end)
      use_storage(storage, full)
      Kept.fill(storage, full, many)
      first_ms = median(1, fn -> page([]) end)

      %Page{
        name: name,
        many: many,
        few_ms: few_ms,
        first_ms: first_ms,
        many_ms: median(@turns, fn -> page([]) end),
        filtered_ms:
          for({what, where} <- @conditions, do: {what, median(@turns, fn -> page(where) end)})
      }
    end)
  end

  defp use_storage(storage, opts),
    do: Application.put_all_env(phoenix_replay: [storage: storage, storage_opts: opts])

  defp page(where) do
    {:ok, query} = Query.new(where)
    {:ok, %{entries: _entries}} = Configured.list(%{where: query, limit: @page})
  end

  defp median(turns, fun) do
    times = for _turn <- 1..turns, do: fun |> :timer.tc() |> elem(0)
    (times |> Enum.sort() |> Enum.at(div(turns, 2))) / 1_000
  end
end
