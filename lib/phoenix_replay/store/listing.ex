defmodule PhoenixReplay.Store.Listing do
  @moduledoc false
  # Pages of summaries, less what `authorize` or whoever asks refuses.

  alias PhoenixReplay.{Error, Recording}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.Configured
  alias PhoenixReplay.Store.Authorization

  # What is refused is made up for by reading on, up to so many recordings for one page.
  @most_read 1_000
  @batch 500

  @spec page(map) :: {:ok, map} | {:error, Error.t()}
  def page(request) do
    with :ok <- checked(request) do
      {only, request} = Map.pop(request, :only)

      if request[:limit] != nil and (only != nil or Authorization.any?()),
        do: fill(request, only, request.limit, @most_read, []),
        else: plain(request, only)
    end
  end

  defp plain(request, only) do
    with {:ok, page} <- Configured.list(request),
         do: {:ok, %{page | entries: seen(page.entries, only)}}
  end

  defp fill(request, only, wanted, may_read, pages) do
    with {:ok, page} <- Configured.list(%{request | limit: min(wanted, may_read)}) do
      entries = seen(page.entries, only)
      wanted = wanted - length(entries)
      may_read = may_read - length(page.entries)
      pages = [entries | pages]

      if page.next == nil or wanted == 0 or may_read <= 0,
        do: {:ok, %{entries: pages |> Enum.reverse() |> Enum.concat(), next: page.next}},
        else: fill(Map.put(request, :after, page.next), only, wanted, may_read, pages)
    end
  end

  defp seen(maps, only) do
    for map <- maps,
        summary = Summary.from_map(map, false),
        Authorization.allowed?(summary),
        only == nil or only.(summary) not in [false, nil],
        do: summary
  end

  defp checked(request) do
    case Enum.reject(request, &valid?/1) do
      [] ->
        :ok

      [{key, value} | _more] ->
        Error.new(
          :invalid_query,
          "takes :where, a positive :limit, as :after the :next of a page and as :only a function; got #{key}: #{inspect(value)}"
        )
    end
  end

  defp valid?({:where, _checked_before}), do: true
  defp valid?({:limit, limit}), do: limit == nil or (is_integer(limit) and limit > 0)
  defp valid?({:only, only}), do: only == nil or is_function(only, 1)
  defp valid?({:after, nil}), do: true
  defp valid?({:after, {at, id}}), do: is_integer(at) and Recording.id?(id)
  defp valid?(_other), do: false

  @spec count(PhoenixReplay.Storage.Query.t()) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def count(where) do
    if Authorization.any?() do
      each_batch(where, 0, fn entries, count -> {:ok, count + length(seen(entries, nil))} end)
    else
      Configured.count(where)
    end
  end

  @doc "Folds over all summaries there are, a batch in memory at a time. `fun` says `{:ok, acc}` to go on."
  def each_batch(where, acc, fun, last \\ nil) do
    with {:ok, page} <- Configured.list(%{where: where, limit: @batch, after: last}),
         {:ok, acc} <- fun.(page.entries, acc) do
      if page.next, do: each_batch(where, acc, fun, page.next), else: {:ok, acc}
    end
  end
end
