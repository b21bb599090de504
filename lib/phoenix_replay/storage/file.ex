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
    ]
  ]

  @moduledoc """
  Keeps each recording in a file of its own: `<id>.etf.gz` or `<id>.json.gz`.

      config :phoenix_replay,
        storage: PhoenixReplay.Storage.File,
        storage_opts: [path: "/var/lib/my_app/recordings", format: :etf]

  ## Options

  #{NimbleOptions.docs(@options)}

  A recording is written to a temporary name and renamed, so that a reader meets all of it or nothing.
  Listing reads the beginning of each file only. A file that cannot be read is left where it is and
  out of lists, with a line in the log and a telemetry event. Files of either format are found,
  whatever `:format` says.
  """

  @behaviour PhoenixReplay.Storage

  alias PhoenixReplay.{Error, Recording, Storage, Telemetry}
  alias PhoenixReplay.Telemetry.Once

  @suffixes [".etf.gz", ".json.gz"]
  # Head and summary are in front of a finished recording and much shorter than this.
  @prefix_bytes 64 * 1024

  @impl true
  def validate(opts) do
    case NimbleOptions.validate(opts, @options) do
      {:ok, _valid} -> :ok
      {:error, error} -> {:error, Exception.message(error)}
    end
  end

  @impl true
  def save(id, data, _summary, opts) do
    suffix = ".#{opts[:format] || :etf}.gz"

    with {:ok, path} <- path(id, suffix, opts),
         :ok <- write(path, data) do
      # The same id in the other format, from before the configuration changed.
      for other <- @suffixes -- [suffix], {:ok, old} = path(id, other, opts), do: delete_file(old)
      :ok
    end
  end

  # The folder is there as a rule, so it is made only where writing finds that it is not.
  defp write(path, data) do
    with {:error, :enoent} <- write_renamed(path, data),
         :ok <- File.mkdir_p(Path.dirname(path)),
         do: write_renamed(path, data)
  end

  # The name begins with a dot and ends in no suffix of ours: no listing takes it for a recording.
  defp write_renamed(path, data) do
    temporary =
      Path.join(
        Path.dirname(path),
        ".#{Path.basename(path)}.#{System.unique_integer([:positive])}"
      )

    with :ok <- File.write(temporary, data, [:raw, :binary]),
         :ok <- File.rename(temporary, path) do
      :ok
    else
      {:error, reason} ->
        delete_file(temporary)
        {:error, reason}
    end
  end

  # Raw, as writing is: every other call goes through the one file server of the node, where sessions
  # that end at once would queue.
  defp delete_file(path), do: :file.delete(path, [:raw])

  @impl true
  def fetch(id, opts), do: first(id, opts, &read/1)

  defp read(path), do: File.read(path)

  @impl true
  def summary(id, opts), do: first(id, opts, &read_summary/1)

  # The first of the files an id may be in.
  defp first(id, opts, read) do
    Enum.reduce_while(@suffixes, :error, fn suffix, :error ->
      with {:ok, path} <- path(id, suffix, opts),
           {:error, :enoent} <- read.(path) do
        {:cont, :error}
      else
        found_or_error -> {:halt, found_or_error}
      end
    end)
  end

  @impl true
  def list(query, opts) do
    case File.ls(folder(opts)) do
      {:ok, names} -> {:ok, names |> summaries(opts) |> page(query)}
      {:error, :enoent} -> {:ok, %{entries: [], next: nil}}
      {:error, reason} -> {:error, reason}
    end
  end

  defp summaries(names, opts) do
    for name <- names, id = id(name), {:ok, summary} <- [listed(id, name, opts)], do: summary
  end

  defp listed(id, name, opts) do
    path = Path.join(folder(opts), name)

    case read_summary(path) do
      {:ok, %{id: ^id}} = found -> found
      {:ok, _summary} -> unreadable(id, path, "it holds a recording of another id")
      # Deleted since the folder was listed.
      {:error, :enoent} -> :error
      {:error, %Error{message: message}} -> unreadable(id, path, message)
      {:error, reason} -> unreadable(id, path, "#{:file.format_error(reason)}")
    end
  end

  defp unreadable(id, path, why) do
    Telemetry.unreadable(id, why)
    Once.warn({:unreadable, path}, fn -> "PhoenixReplay: #{path} cannot be read: #{why}" end)
    :error
  end

  defp read_summary(path) do
    with {:ok, prefix} <- read_prefix(path), do: Storage.read_summary(prefix)
  end

  defp read_prefix(path) do
    with {:ok, file} <- :file.open(path, [:read, :raw, :binary]) do
      result = :file.read(file, @prefix_bytes)
      :file.close(file)
      if result == :eof, do: {:ok, ""}, else: result
    end
  end

  defp page(summaries, query) do
    sorted = summaries |> Enum.sort_by(&key/1, :desc) |> Enum.dedup_by(&key/1)
    rest = if last = query[:after], do: Enum.drop_while(sorted, &(key(&1) >= last)), else: sorted
    {entries, more} = if limit = query[:limit], do: Enum.split(rest, limit), else: {rest, []}
    %{entries: entries, next: if(more != [], do: entries |> List.last() |> key())}
  end

  defp key(summary), do: {summary.connected_at, summary.id}

  @impl true
  def delete(ids, opts) do
    paths = for id <- ids, suffix <- @suffixes, {:ok, path} <- [path(id, suffix, opts)], do: path
    remove(paths)
  end

  @impl true
  def clear(opts) do
    case File.ls(folder(opts)) do
      {:ok, names} -> remove(for name <- names, id(name), do: Path.join(folder(opts), name))
      {:error, :enoent} -> :ok
      {:error, reason} -> {:error, reason}
    end
  end

  # All of them are tried; of what went wrong the first is told.
  defp remove(paths) do
    paths |> Enum.map(&delete_file/1) |> Enum.find(:ok, &(&1 not in [:ok, {:error, :enoent}]))
  end

  # Nothing but an id of ours becomes part of a path.
  defp path(id, suffix, opts) do
    with :ok <- Recording.check_id(id), do: {:ok, Path.join(folder(opts), id <> suffix)}
  end

  # The id of a file that may be a recording.
  defp id(name) do
    Enum.find_value(@suffixes, fn suffix ->
      id = String.replace_suffix(name, suffix, "")
      if id != name and Recording.id?(id), do: id
    end)
  end

  # A host that changes its working directory later goes on with the same folder.
  defp folder(opts) do
    path = opts[:path] || @options[:path][:default]

    case :persistent_term.get({__MODULE__, path}, nil) do
      nil ->
        folder = Path.expand(path)
        :persistent_term.put({__MODULE__, path}, folder)
        folder

      folder ->
        folder
    end
  end
end
