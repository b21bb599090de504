defmodule PhoenixReplay.Storage.File do
  @options [
    path: [
      type: :string,
      default: "priv/replay_recordings",
      doc:
        "The folder. It is made when the first recording is saved. A relative one counts from the " <>
          "working directory as it was when the path was first used."
    ],
    format: [
      type: {:in, [:etf, :json]},
      default: :etf,
      doc: "`:etf` or `:json`, both compressed with gzip."
    ],
    sync: [
      type: :boolean,
      default: false,
      doc:
        "Whether each chunk of a journal is synced to disk as it is written. Without it a running session " <>
          "survives its node, and may lose its last chunks with the machine."
    ]
  ]

  @moduledoc """
  Keeps each recording in a file of its own: `<id>.etf.gz` or `<id>.json.gz`.

      config :phoenix_replay,
        storage: PhoenixReplay.Storage.File,
        storage_opts: [path: "/var/lib/my_app/recordings", format: :etf]

  ## Options

  #{NimbleOptions.docs(@options)}

  The files are in 256 folders below it, `00` to `FF`, by the CRC-32 of the id, so that no folder grows
  large. Files that version 0.1 and 0.2 of the package left in the folder itself are found, listed and
  deleted like any other, `<id>.etf` and `<id>.json` included, and files of either format are found
  whatever `:format` says. Several nodes may share a folder; retention runs on one at a time, by a lease of ten
  minutes in `.leases`.

  A recording is written to a temporary name, synced and renamed, so that a reader meets all of it or
  nothing, and a machine that loses its power afterwards still has it. A pinned recording has an empty
  `<id>.pin` beside it.

  ## Lists

  The first list reads the beginning of each file. What it says is kept in memory while lists are asked for,
  and in `.index`, so that the list after a restart, or that of another node, reads only what is new. The files are
  the truth: before each list the folders are looked at, what changed in them is read again, and what is
  on the page is compared with its files. Conditions are asked in Rust of what is in memory. That is at most
  64 MB, enough for about 100,000 recordings, beside their ids; of more recordings the summaries of the oldest
  are read from their files when they are listed, and from about 400,000 on the oldest are also read for
  conditions. `.index` can be deleted at any time, and a folder that cannot be written to
  is listed without. What is deleted is taken out of it at once.

  A file that cannot be read is left where it is and out of lists, with a line in the log and a telemetry
  event.
  """

  @behaviour PhoenixReplay.Storage

  alias PhoenixReplay.Recording
  alias PhoenixReplay.Storage.File.{Alone, Disk, Heads, Index, Journal, Layout}

  @impl true
  def validate(opts) do
    case NimbleOptions.validate(opts, @options) do
      {:ok, _valid} -> :ok
      {:error, error} -> {:error, Exception.message(error)}
    end
  end

  @impl true
  def save(id, data, _summary, opts) do
    folder = Layout.folder(opts)

    # The same id in the other format, from before the configuration changed, or in its old place.
    with {:ok, path} <- Layout.path(folder, id, opts[:format] || :etf),
         {:ok, paths} <- Layout.paths(folder, id),
         do: Disk.put(path, data, paths -- [path])
  end

  # A disk syncs several files in the time of one.
  @impl true
  def at_once(_opts), do: 16

  @impl true
  def fetch(id, opts), do: first(id, opts, &File.read/1)

  @impl true
  def summary(id, opts) do
    with {:ok, summary} <- first(id, opts, &Heads.read/1),
         do: {:ok, Map.put(summary, :pinned, Heads.pinned?(Layout.folder(opts), id))}
  end

  # The first of the files an id may be in.
  defp first(id, opts, read) do
    with {:ok, paths} <- Layout.paths(Layout.folder(opts), id), do: first_of(paths, read)
  end

  defp first_of([], _read), do: :error

  defp first_of([path | rest], read) do
    with {:error, :enoent} <- read.(path), do: first_of(rest, read)
  end

  @impl true
  def list(request, opts) do
    with {:ok, index} <- Index.of(Layout.folder(opts)), do: Index.page(index, request)
  end

  @impl true
  def count(where, opts) do
    with {:ok, index} <- Index.of(Layout.folder(opts)), do: Index.count(index, where)
  end

  @impl true
  def delete(ids, opts) do
    folder = Layout.folder(opts)
    ids = Enum.filter(ids, &Recording.id?/1)

    # The files first: from then on no index can write down anew what is gone.
    deleted = ids |> Enum.flat_map(&paths(folder, &1)) |> Disk.delete_all()
    Index.deleted(folder)
    forgotten = folder |> Layout.index(ids) |> Disk.delete_all()
    if deleted == :ok, do: forgotten, else: deleted
  end

  defp paths(folder, id) do
    {:ok, paths} = Layout.paths(folder, id)
    [Layout.pin(folder, id) | paths]
  end

  @impl true
  def clear(opts) do
    folder = Layout.folder(opts)

    with {:ok, shards} <- Layout.shards(folder),
         :ok <- clear(folder, shards),
         :ok <- Index.deleted(folder),
         {:ok, written} <- Layout.index(folder),
         do: Disk.delete_all(written)
  end

  defp clear(folder, shards) do
    results =
      for shard <- shards, {:ok, names} <- [Layout.names(folder, shard)] do
        deleted =
          Disk.delete_all(
            for name <- names,
                Layout.kind(shard, name) != :other,
                do: Layout.at(folder, shard, name)
          )

        # Stays where something of somebody else's is in it.
        if shard != "", do: :file.del_dir(Layout.at(folder, shard, ""))
        deleted
      end

    Enum.find(results, :ok, &(&1 != :ok))
  end

  @impl true
  def pin(id, pinned, opts) do
    folder = Layout.folder(opts)

    with {:ok, _found} <- first(id, opts, &found/1) do
      if pinned,
        do: Disk.put(Layout.pin(folder, id), ""),
        else: Disk.delete_all([Layout.pin(folder, id)])
    end
  end

  defp found(path) do
    with {:ok, size, _time} <- Disk.stat(path), do: {:ok, size}
  end

  @impl true
  def alone(name, task, opts), do: Alone.run(Layout.folder(opts), name, task)

  @impl true
  def journal_append(id, owner, data, opts),
    do: Journal.append(Layout.folder(opts), id, owner, data, opts[:sync] == true)

  @impl true
  def journal_beat(owner, opts), do: Journal.beat(Layout.folder(opts), owner)

  @impl true
  def journals(opts), do: Journal.all(Layout.folder(opts))

  @impl true
  def journal_fetch(id, owner, opts), do: Journal.fetch(Layout.folder(opts), id, owner)

  @impl true
  def journal_claim(id, from, to, opts), do: Journal.claim(Layout.folder(opts), id, from, to)

  @impl true
  def journal_delete(ids, owner, opts), do: Journal.delete(Layout.folder(opts), ids, owner)
end
