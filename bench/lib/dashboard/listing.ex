defmodule PhoenixReplay.Bench.Dashboard.Listing do
  @moduledoc """
  The page of the list, with many recordings in files: how long the server takes for the page, and from its
  joining until the rows are sent. Both are of an index that is there: the first page after a start makes it.
  """
  alias PhoenixReplay.Bench.Dashboard.{Browser, Took}
  alias PhoenixReplay.Bench.Storage.Kept
  alias PhoenixReplay.Storage

  defstruct [:many, :first, :page, :filtered, :next]

  @type t :: %__MODULE__{}

  @turns 21

  @spec measure(pos_integer, Path.t()) :: t
  def measure(many, folder) do
    IO.puts("Measuring: the list of #{many} recordings")
    opts = [path: Path.join(folder, "listed")]
    Application.put_all_env(phoenix_replay: [storage: Storage.File, storage_opts: opts])
    Kept.fill(Storage.File, opts, many)

    %__MODULE__{
      many: many,
      first: page("/replay"),
      page: median(fn -> page("/replay") end),
      filtered: median(fn -> page("/replay?errors=1&text=carts%2F5") end),
      next: median(fn -> page("/replay?after=#{1_700_000_000_000 + div(many, 2) * 1_000}.r") end)
    }
  end

  # From the request to the rows.
  defp page(path) do
    {list, took} =
      Took.of(fn ->
        list = Browser.open(path)
        Browser.hear(list, &String.contains?(&1.text, "recording-"))
        list
      end)

    Browser.close(list)
    took
  end

  defp median(fun), do: Took.at(for(_turn <- 1..@turns, do: fun.()), 0.5)
end
