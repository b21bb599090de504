defmodule PhoenixReplay.Storage.File.Index do
  @moduledoc false
  # What is known of the files of a folder, so that a list reads no file it has read before.
  #
  # The knowing is done in Rust (`native/phoenix_replay_core/src/index.rs`): it is brought up to date with the
  # files before each answer, it finds what conditions mean, some milliseconds at a time, and what is on a page
  # is compared with its files once more. This process
  # holds it, so that one at a time looks at the files, from the first list until none was asked for for a
  # quarter of an hour. What is written of it, in `.index`, makes the next beginning short.

  use GenServer

  alias PhoenixReplay.{Native, Storage}
  alias PhoenixReplay.Storage.File.{Disk, Heads}
  alias PhoenixReplay.Storage.Query

  @idle_ms 15 * 60 * 1000
  # How many rows are taken out of it in one go.
  @batch 256
  # How long after files were deleted it looks what is gone: more may be about to go.
  @deleted_ms 1_000
  # So many recordings that went are about a megabyte, and worth giving it back.
  @many 1_000
  # How many files are read in one go: for about ten milliseconds.
  @files 128
  @most 0x7FFFFFFFFFFFFFFF

  @type index :: reference

  @doc "The index of a folder, up to date."
  @spec of(Path.t()) :: {:ok, index} | {:error, term}
  def of(folder) do
    GenServer.call(server(folder), :refresh, :infinity)
  catch
    # It stopped for being idle, or its folder is another test's.
    :exit, {reason, _call} when reason in [:noproc, :normal] -> of(folder)
  end

  @doc "Recordings of this folder were deleted: nothing of them is to stay in its index, if it has one."
  @spec deleted(Path.t()) :: :ok
  def deleted(folder), do: GenServer.cast(name(folder), :deleted)

  defp name(folder), do: {:via, Registry, {__MODULE__.Names, folder}}

  defp server(folder) do
    # A task of mix looks into a storage with nothing started.
    if Process.whereis(__MODULE__.Supervisor) == nil,
      do: Supervisor.start_link(children(), strategy: :one_for_one)

    name = name(folder)

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

  @doc "A page of an index."
  @spec page(index, Storage.request()) :: {:ok, Storage.page()} | {:error, term}
  def page(index, %{where: where, limit: limit, after: last}),
    do: page(index, where, limit && limit + 1, last, [])

  # Looked for are as many as a page takes, and the one after it, which tells whether there is another
  # page. `left` is how many that still are, `batches` those found so far, the last one first.
  defp page(index, where, left, last, batches) do
    with {:ok, entries, last} <- batch(index, where, last, min(left || @batch, @batch)) do
      batches = [entries | batches]
      left = left && left - length(entries)

      cond do
        left != nil and left <= 0 -> {:ok, cut(found(batches), 1 - left)}
        last == nil -> {:ok, %{entries: found(batches), next: nil}}
        true -> page(index, where, left, last, batches)
      end
    end
  end

  defp found(batches), do: batches |> Enum.reverse() |> Enum.concat()

  defp cut(found, too_many) do
    entries = Enum.drop(found, -too_many)
    %{entries: entries, next: entries |> List.last() |> Storage.cursor()}
  end

  # Those that are meant, as their files are now, and where to go on.
  defp batch(index, where, last, size) do
    with {:ok, rows, last} <- open(Native.index_find(index, asked(where), last, size)),
         meant = for({row, sure} <- rows, sure or Query.matches?(where, row), do: row),
         {:ok, checked} <- open(Native.index_check(index, Enum.map(meant, &Storage.cursor/1))) do
      current =
        for {row, now} <- Enum.zip(meant, checked), row = current(row, now, where), do: row

      {:ok, current, last}
    end
  end

  defp current(row, :same, _where), do: row
  defp current(_row, :gone, _where), do: nil
  defp current(_row, changed, where), do: if(Query.matches?(where, changed), do: changed)

  @doc "How many there are."
  @spec count(index, Query.t()) :: {:ok, non_neg_integer} | {:error, term}
  def count(index, where) do
    if Query.all?(where), do: {:ok, Native.index_size(index)}, else: count(index, where, nil, 0)
  end

  defp count(index, where, last, sum) do
    with {:ok, sure, unsure, last} <- open(Native.index_count(index, asked(where), last)) do
      sum = sum + sure + Enum.count(unsure, &Query.matches?(where, &1))
      if last, do: count(index, where, last, sum), else: {:ok, sum}
    end
  end

  # No time or duration in a recording takes more bits.
  defp asked(where) do
    Map.new(Map.from_struct(where), fn
      {key, number} when is_integer(number) -> {key, number |> max(-@most) |> min(@most)}
      other -> other
    end)
  end

  defp open(:closed), do: {:error, "nobody asked for the list for long; ask again"}
  defp open(answer), do: answer

  @impl true
  def init(folder) do
    Process.flag(:trap_exit, true)
    {:ok, %{index: Native.index_open(folder), look: nil, most: 0}, @idle_ms}
  end

  @impl true
  def handle_call(:refresh, _from, %{index: index} = state) do
    case refresh(index) do
      :ok -> {:reply, {:ok, index}, state, {:continue, :save}}
      {:error, reason} -> {:reply, {:error, reason}, state, @idle_ms}
    end
  end

  @impl true
  def handle_cast(:deleted, state) do
    if state.look, do: Process.cancel_timer(state.look)
    {:noreply, %{state | look: Process.send_after(self(), :look, @deleted_ms)}, @idle_ms}
  end

  # A slice at a time: a list that is asked for meanwhile is not kept waiting.
  @impl true
  def handle_continue(:save, state) do
    case Native.index_save(state.index) do
      :more ->
        send(self(), :save)
        {:noreply, state, @idle_ms}

      :done ->
        {:noreply, give_back(state), @idle_ms}
    end
  end

  @impl true
  def handle_info(:save, state), do: {:noreply, state, {:continue, :save}}

  def handle_info(:look, state) do
    refresh(state.index)
    {:noreply, %{state | look: nil}, {:continue, :save}}
  end

  # What was deleted since is not to stay in what is written of it.
  def handle_info(:timeout, state) do
    refresh(state.index)
    save(state.index)
    {:stop, :normal, state}
  end

  def handle_info(_other, state), do: {:noreply, state, @idle_ms}

  # Its memory is much to free, so it is not left to the garbage collection of whoever held it last.
  @impl true
  def terminate(_reason, state) do
    Native.index_close(state.index)
    if state.most >= @many, do: Native.memory_trim()
  end

  # What went is among what is still there, and the C library keeps all of it for who asks next.
  defp give_back(%{index: index, most: most} = state) do
    rows = Native.index_size(index)
    much? = most - rows >= @many
    if much?, do: Native.memory_trim()
    %{state | most: if(much?, do: rows, else: max(most, rows))}
  end

  defp refresh(index) do
    case Native.index_refresh(index) do
      :more ->
        with :ok <- read(index), do: refresh(index)

      {:done, unreadable, left} ->
        for {id, path, why} <- unreadable, do: Heads.unreadable(id, path, why)
        Enum.each(left, &Disk.delete/1)

      {:error, reason} ->
        {:error, reason}
    end
  end

  # Of many files as many at once as there are schedulers: the disk and the processors are all there is to
  # wait for.
  defp read(index) do
    case batches(index, System.schedulers_online(), []) do
      {:ok, []} ->
        :ok

      {:ok, batches} ->
        batches |> Enum.map(&Task.async(Native, :index_read, [&1])) |> Task.await_many(:infinity)
        Enum.each(batches, &Native.index_put(index, &1))
        read(index)

      {:error, reason} ->
        {:error, reason}
    end
  end

  defp batches(_index, 0, batches), do: {:ok, batches}

  defp batches(index, left, batches) do
    case Native.index_take(index, @files) do
      {:ok, nil} -> {:ok, batches}
      {:ok, batch} -> batches(index, left - 1, [batch | batches])
      {:error, reason} -> {:error, reason}
    end
  end

  defp save(index), do: if(Native.index_save(index) == :more, do: save(index))
end
