defmodule PhoenixReplay.Storage.File.Index do
  @moduledoc false
  # What is known of the files of a folder, so that a list reads no file it has read before.
  #
  # The files are the truth. A folder that a file was put into or deleted from has another time, so before
  # each answer the times of the 257 folders are looked at, and those that changed are listed again; of
  # the files in them those that are new or of another size or time are read. It is made when a list is
  # first asked for, and forgotten when none was for a quarter of an hour.
  #
  #   rows   {connected_at, id} -> {path, summary as bytes}, in the order of a list
  #   files  {shard, name} -> {size, time, key}, where key is nil of what cannot be read

  use GenServer

  alias PhoenixReplay.Storage
  alias PhoenixReplay.Storage.File.{Disk, Heads, Layout}
  alias PhoenixReplay.Storage.Query

  @idle_ms 15 * 60 * 1000
  # A folder that changed within its time's last second may change again without another time.
  @settled_s 2

  @doc "The index of a folder, up to date."
  @spec of(Path.t()) :: {:ok, :ets.table()} | {:error, term}
  def of(folder) do
    GenServer.call(server(folder), :rows, :infinity)
  catch
    # It stopped for being idle, or its folder is another test's.
    :exit, {reason, _call} when reason in [:noproc, :normal] -> of(folder)
  end

  defp server(folder) do
    # A task of mix looks into a storage with nothing started.
    if Process.whereis(__MODULE__.Supervisor) == nil,
      do: Supervisor.start_link(children(), strategy: :one_for_one)

    name = {:via, Registry, {__MODULE__.Names, folder}}

    case DynamicSupervisor.start_child(__MODULE__.Supervisor, {__MODULE__, {folder, name}}) do
      {:ok, _pid} -> name
      {:error, {:already_started, _pid}} -> name
    end
  end

  @doc "What runs the indexes."
  def children do
    [
      {Registry, keys: :unique, name: __MODULE__.Names},
      {DynamicSupervisor, name: __MODULE__.Supervisor}
    ]
  end

  def child_spec(argument) do
    %{id: __MODULE__, start: {__MODULE__, :start_link, [argument]}, restart: :temporary}
  end

  def start_link({folder, name}), do: GenServer.start_link(__MODULE__, folder, name: name)

  @doc "A page of an index. What is on it is compared with its files."
  @spec page(:ets.table(), Storage.request()) :: Storage.page()
  def page(rows, %{where: where, limit: limit, after: last}) do
    first = if last, do: :ets.prev(rows, last), else: :ets.last(rows)
    {oldest_first, more} = walk(rows, first, where, limit, [])
    next = if more, do: oldest_first |> hd() |> Storage.cursor()
    %{entries: Enum.reverse(oldest_first), next: next}
  end

  @doc "How many there are."
  def count(rows, where) do
    if Query.all?(where),
      do: :ets.info(rows, :size),
      else: length(page(rows, %{where: where, limit: nil, after: nil}).entries)
  end

  # `left` is how many may still come: `nil` is never 0.
  defp walk(_rows, :"$end_of_table", _where, _left, found), do: {found, false}
  defp walk(_rows, _more, _where, 0, found), do: {found, true}

  defp walk(rows, key, where, left, found) do
    next = :ets.prev(rows, key)

    case meant(rows, key, where) do
      nil -> walk(rows, next, where, left, found)
      summary -> walk(rows, next, where, left && left - 1, [summary | found])
    end
  end

  defp meant(rows, key, where) do
    with [{^key, path, packed}] <- :ets.lookup(rows, key),
         summary = :erlang.binary_to_term(packed),
         true <- Query.matches?(where, summary),
         {:ok, _size, _time} <- Disk.stat(path) do
      summary
    else
      _gone_or_not_meant -> nil
    end
  end

  @impl true
  def init(folder) do
    {:ok,
     %{
       folder: folder,
       rows: :ets.new(:rows, [:ordered_set, :protected, read_concurrency: true]),
       files: :ets.new(:files, [:ordered_set, :private]),
       shards: %{}
     }, @idle_ms}
  end

  @impl true
  def handle_call(:rows, _from, state) do
    case refresh(state) do
      {:ok, state} -> {:reply, {:ok, state.rows}, state, @idle_ms}
      {:error, reason} -> {:reply, {:error, reason}, state, @idle_ms}
    end
  end

  @impl true
  def handle_info(:timeout, state), do: {:stop, :normal, state}
  def handle_info(_other, state), do: {:noreply, state, @idle_ms}

  defp refresh(%{folder: folder} = state) do
    with {:ok, shards} <- shards(state) do
      gone = Map.keys(state.shards) -- shards
      state = Enum.reduce(gone, state, &forget(&2, &1))
      # The folder itself last: a file in a shard counts before one of its id that is not.
      {:ok, shards |> Enum.sort(:desc) |> Enum.reduce(state, &look(&2, folder, &1))}
    end
  end

  # Shards come and go as entries of the folder itself, whose time says whether to list it again.
  defp shards(%{folder: folder, shards: known}) do
    time = time(folder, "")

    case known do
      %{"" => %{time: ^time, settled: true}} -> {:ok, Map.keys(known)}
      _changed -> Layout.shards(folder)
    end
  end

  defp look(state, folder, shard) do
    time = time(folder, shard)

    case state.shards do
      %{^shard => %{time: ^time, settled: true}} -> state
      _changed -> list(state, folder, shard, time)
    end
  end

  defp time(folder, shard) do
    case Disk.stat(Layout.at(folder, shard, "")) do
      {:ok, _size, time} -> time
      {:error, _none} -> 0
    end
  end

  defp list(state, folder, shard, time) do
    settled = System.os_time(:second) - time > @settled_s

    case Layout.names(folder, shard) do
      {:ok, names} ->
        Disk.sweep(Layout.at(folder, shard, ""), names)

        pins =
          for name <- names, {:pin, id} <- [Layout.kind(shard, name)], into: MapSet.new(), do: id

        here = for name <- names, {:recording, id} <- [Layout.kind(shard, name)], do: {name, id}
        drop(state, shard, names(state, shard) -- Enum.map(here, &elem(&1, 0)))
        Enum.each(here, &file(state, shard, &1, pins))
        put_in(state.shards[shard], %{time: time, settled: settled})

      {:error, _unreadable_now} ->
        state
    end
  end

  defp names(%{files: files}, shard),
    do: :ets.select(files, [{{{shard, :"$1"}, :_, :_, :_, :_}, [], [:"$1"]}])

  defp forget(state, shard) do
    drop(state, shard, names(state, shard))
    %{state | shards: Map.delete(state.shards, shard)}
  end

  defp drop(%{files: files, rows: rows, folder: folder}, shard, names) do
    for name <- names,
        [{_file, _size, _time, _pinned, key}] <- [:ets.take(files, {shard, name})] do
      path = Layout.at(folder, shard, name)
      if key, do: :ets.match_delete(rows, {key, path, :_})
    end
  end

  defp file(%{folder: folder, files: files} = state, shard, {name, id}, pins) do
    path = Layout.at(folder, shard, name)
    pinned = MapSet.member?(pins, id) or (shard == "" and Heads.pinned?(folder, id))

    with {:ok, size, time} <- Disk.stat(path),
         true <- changed?(files, {shard, name}, size, time, pinned) do
      drop(state, shard, [name])
      key = read(state, shard, path, id, pinned)
      :ets.insert(files, {{shard, name}, size, time, pinned, key})
    end
  end

  # A file as young as that may have been written twice within its time.
  defp changed?(files, file, size, time, pinned) do
    case :ets.lookup(files, file) do
      [{_file, ^size, ^time, ^pinned, _key}] -> System.os_time(:second) - time <= @settled_s
      _unknown_or_other -> true
    end
  end

  defp read(%{rows: rows} = state, shard, path, id, pinned) do
    with false <- shard == "" and in_shard?(state, id),
         {:ok, summary} <- Heads.listed(id, path) do
      key = Storage.cursor(summary)
      packed = :erlang.term_to_binary(Map.put(summary, :pinned, pinned))
      :ets.insert(rows, {key, path, packed})
      key
    else
      _unreadable_or_replaced -> nil
    end
  end

  # One of the old place that was saved again since.
  defp in_shard?(%{files: files}, id) do
    Enum.any?(["etf", "json"], &:ets.member(files, {Layout.shard(id), "#{id}.#{&1}.gz"}))
  end
end
