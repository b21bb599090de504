defmodule PhoenixReplay.Store.Search do
  @moduledoc false
  # Searches saved recordings, a page of summaries after the other, several recordings at once. Tasks are
  # linked to the caller: when it ends they do, and a call into the NIF is short.

  alias PhoenixReplay.{Error, Native, Store}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.{Configured, Query}
  alias PhoenixReplay.Store.Authorization

  @page 200
  # How long to wait for a turn, of which each takes about 15 ms.
  @wait_ms 5

  @options [
    where: [type: :any, default: []],
    ignore_case: [type: :boolean, default: false],
    per_recording: [type: :pos_integer, default: 20],
    limit: [type: :pos_integer, default: 1_000],
    only: [type: {:fun, 1}],
    on_hit: [type: {:fun, 1}],
    on_progress: [type: {:fun, 1}]
  ]

  @spec run(term, term) :: {:ok, Store.found()} | {:error, Error.t()}
  def run(query, opts) do
    with {:ok, opts} <- checked(opts),
         {:ok, where} <- Query.new(opts.where),
         {:ok, query} <- compiled(query, opts.ignore_case) do
      pages(Map.merge(opts, %{where: where, query: query, at_once: at_once()}), nil, %{
        hits: [],
        left: opts.limit,
        searched: 0,
        unreadable: 0,
        truncated?: false
      })
    end
  end

  defp checked(opts) do
    case Keyword.keyword?(opts) && NimbleOptions.validate(opts, @options) do
      {:ok, valid} -> {:ok, Map.new(valid)}
      {:error, error} -> Error.new(:invalid_query, Exception.message(error))
      false -> Error.new(:invalid_query, "takes a keyword list of options, got: #{inspect(opts)}")
    end
  end

  defp compiled(query, ignore_case) do
    with {:ok, kind, text, ignore_case} <- kind(query, ignore_case),
         {:error, {reason, message}} <- Native.search_query(kind, text, ignore_case),
         do: Error.new(reason, message)
  end

  defp kind(text, ignore_case) when is_binary(text) do
    if String.valid?(text),
      do: {:ok, :text, text, ignore_case},
      else: Error.new(:invalid_query, "takes a text in UTF-8, got: #{inspect(text)}")
  end

  defp kind(number, _ignore_case) when is_number(number),
    do: {:ok, :number, to_string(number), false}

  defp kind(%Regex{} = regex, ignore_case) do
    case Regex.opts(regex) -- [:caseless, :unicode, :ucp] do
      [] ->
        {:ok, :regex, Regex.source(regex), ignore_case or :caseless in Regex.opts(regex)}

      _others ->
        Error.new(
          :invalid_query,
          "takes a Regex with no option but i and u, got: #{inspect(regex)}"
        )
    end
  end

  defp kind(other, _ignore_case),
    do: Error.new(:invalid_query, "takes a text, a number or a Regex, got: #{inspect(other)}")

  @doc "How many calls may search at a time, so that half of the dirty schedulers are left for all else."
  @spec at_once() :: pos_integer
  def at_once, do: max(1, div(:erlang.system_info(:dirty_cpu_schedulers_online), 2))

  defp pages(search, last, found) do
    with {:ok, page} <- Configured.list(%{where: search.where, limit: @page, after: last}) do
      case {page(page.entries, search, found), page.next} do
        {{:cont, found}, next} when next != nil -> pages(search, next, found)
        {{_last, found}, _next} -> {:ok, finished(found)}
      end
    end
  end

  defp only?(%{only: only}, summary), do: only.(summary) not in [false, nil]
  defp only?(_search, _summary), do: true

  defp finished(found), do: found |> Map.delete(:left) |> Map.update!(:hits, &Enum.reverse/1)

  defp page(entries, search, found) do
    entries
    |> Stream.map(&Summary.from_map(&1, false))
    |> Stream.filter(&(Authorization.allowed?(&1) and only?(search, &1)))
    |> Task.async_stream(&recording(&1, search),
      max_concurrency: search.at_once,
      timeout: :infinity
    )
    |> Enum.reduce_while({:cont, found}, fn {:ok, result}, {:cont, found} ->
      found = add(result, search, found)
      if search[:on_progress], do: search.on_progress.(found.searched)
      if found.left == 0, do: {:halt, {:halt, found}}, else: {:cont, {:cont, found}}
    end)
  end

  defp add({:ok, hits, more?}, search, found) do
    taken = Enum.take(hits, found.left)
    if search[:on_hit], do: Enum.each(taken, search.on_hit)

    %{
      found
      | hits: Enum.reverse(taken, found.hits),
        left: found.left - length(taken),
        searched: found.searched + 1,
        truncated?: found.truncated? or more? or length(taken) == found.left
    }
  end

  # Deleted meanwhile.
  defp add(:error, _search, found), do: found

  defp add({:error, _unreadable}, _search, found),
    do: %{found | searched: found.searched + 1, unreadable: found.unreadable + 1}

  defp recording(summary, %{at_once: at_once} = search) do
    with {:ok, data} <- Configured.fetch(summary.id),
         open = fn -> Native.search_open(data, search.query, search.per_recording, at_once) end,
         {:ok, reference} <- in_turn(open),
         {:done, hits, more?} <- steps(reference, at_once) do
      {:ok, Enum.map(hits, &hit(&1, summary)), more?}
    end
  end

  defp steps(reference, at_once) do
    case in_turn(fn -> Native.search_step(reference, at_once) end) do
      :more -> steps(reference, at_once)
      done -> done
    end
  end

  defp in_turn(call) do
    case call.() do
      :busy ->
        Process.sleep(@wait_ms)
        in_turn(call)

      result ->
        result
    end
  end

  defp hit({index, offset_ms, path, excerpt}, summary) do
    %{
      id: summary.id,
      view: summary.view,
      index: index,
      offset_ms: offset_ms,
      path: path,
      excerpt: excerpt
    }
  end
end
