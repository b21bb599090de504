defmodule PhoenixReplay.Storage.File.Layout do
  @moduledoc false
  # Which file is where. Nothing but an id of ours becomes part of a path.
  #
  #   3f/<id>.etf.gz     a recording, in one of 256 folders, by the CRC-32 of its id
  #   3f/<id>.pin        says that it is pinned
  #   <id>.etf.gz        a recording of version 0.1 or 0.2 of the package, which had one folder
  #   .journal/<owner>/  journals
  #   .leases/           who does what one node does at a time
  #   .index/3f          what is known of the files of a folder, `root` of the folder itself

  import Bitwise

  alias PhoenixReplay.Recording

  @compressed [".etf.gz", ".json.gz"]
  @legacy [".etf", ".json"]
  @pin ".pin"

  @doc "The folder of the options. A host that changes its working directory later goes on with the same one."
  def folder(opts) do
    path = opts[:path] || "priv/replay_recordings"

    case :persistent_term.get({__MODULE__, path}, nil) do
      nil ->
        folder = Path.expand(path)
        :persistent_term.put({__MODULE__, path}, folder)
        folder

      folder ->
        folder
    end
  end

  @doc "The folder within the folder that a recording is in: two hexadecimal digits."
  def shard(id) do
    (:erlang.crc32(id) &&& 0xFF) |> Integer.to_string(16) |> String.pad_leading(2, "0")
  end

  @doc "Where a recording is written."
  def path(folder, id, format) do
    with :ok <- Recording.check_id(id), do: {:ok, at(folder, shard(id), "#{id}.#{format}.gz")}
  end

  @doc "Where a recording may be, the first that is there counts."
  def paths(folder, id) do
    with :ok <- Recording.check_id(id) do
      sharded = for suffix <- @compressed, do: at(folder, shard(id), id <> suffix)
      {:ok, sharded ++ for(suffix <- @compressed ++ @legacy, do: at(folder, "", id <> suffix))}
    end
  end

  def pin(folder, id), do: at(folder, shard(id), id <> @pin)

  @doc "What a file of a folder is: a recording, a pin or none of ours."
  def kind(shard, name) do
    {suffixes, pins} =
      if shard == "", do: {@compressed ++ @legacy, []}, else: {@compressed, [@pin]}

    cond do
      id = id(name, suffixes) -> {:recording, id}
      id = id(name, pins) -> {:pin, id}
      true -> :other
    end
  end

  defp id(name, suffixes) do
    Enum.find_value(suffixes, fn suffix ->
      id = String.replace_suffix(name, suffix, "")
      if id != name and Recording.id?(id), do: id
    end)
  end

  @doc "The folders that recordings are in, `\"\"` being the folder itself."
  def shards(folder) do
    with {:ok, names} <- names(folder, ""), do: {:ok, ["" | Enum.filter(names, &shard?/1)]}
  end

  defp shard?(<<a, b>>), do: digit?(a) and digit?(b)
  defp shard?(_name), do: false
  defp digit?(byte), do: byte in ?0..?9 or byte in ?A..?F

  @doc "The names in a folder; none where it is not there, or was made a moment ago and is gone again."
  def names(folder, shard) do
    case :file.list_dir_all(at(folder, shard, "")) do
      {:ok, names} -> {:ok, for(name <- names, is_list(name), do: List.to_string(name))}
      {:error, :enoent} -> {:ok, []}
      {:error, reason} -> {:error, reason}
    end
  end

  def at(folder, "", ""), do: folder
  def at(folder, "", name), do: Path.join(folder, name)
  def at(folder, shard, ""), do: Path.join(folder, shard)
  def at(folder, shard, name), do: Path.join([folder, shard, name])

  def journals(folder), do: Path.join(folder, ".journal")
  def journals(folder, owner), do: Path.join([folder, ".journal", owner])

  def leases(folder), do: Path.join(folder, ".leases")

  @doc "What is written of files: of those of these ids, or of all."
  def index(folder, ids) do
    shards = ids |> Enum.map(&shard/1) |> Enum.uniq()
    for shard <- ["root" | shards], do: Path.join([folder, ".index", shard])
  end

  def index(folder) do
    with {:ok, names} <- names(Path.join(folder, ".index"), ""),
         do: {:ok, for(name <- names, do: Path.join([folder, ".index", name]))}
  end
end
