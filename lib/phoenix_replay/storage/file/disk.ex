defmodule PhoenixReplay.Storage.File.Disk do
  @moduledoc false
  # Files, raw: every other call goes through the one file server of the node, where sessions that end
  # at once would queue.

  alias PhoenixReplay.Native

  # Head and summary are in front of a finished recording and much shorter than this.
  @prefix_bytes 64 * 1024

  @doc """
  Puts a file in place, whole or not at all: written to another name, synced, renamed. Then those are
  deleted that it is there instead of.
  """
  @spec put(Path.t(), binary, [Path.t()]) :: :ok | {:error, term}
  def put(path, data, instead_of \\ []), do: Native.disk_put(path, data, instead_of)

  @doc """
  Adds to the end of a file, or makes it. What is refused half way, as by a full disk, is taken back:
  a reader stops at what is not whole, and what is added later would be lost behind it. Gives how long the
  file is then.
  """
  @spec append(Path.t(), binary, boolean) :: {:ok, non_neg_integer} | {:error, term}
  def append(path, data, sync) do
    before = stat(path)

    case write(path, data, [:append], sync) do
      :ok ->
        {:ok, size(before) + byte_size(data)}

      {:error, reason} ->
        take_back(path, before)
        {:error, reason}
    end
  end

  defp size({:ok, size, _time}), do: size
  defp size({:error, _none}), do: 0

  defp take_back(path, {:ok, size, _time}), do: truncate(path, size)
  defp take_back(path, {:error, :enoent}), do: delete(path)
  defp take_back(_path, _unknown), do: :ok

  defp truncate(path, size) do
    with {:ok, file} <- :file.open(path, [:read, :write, :raw]) do
      {:ok, ^size} = :file.position(file, size)
      :file.truncate(file)
      :file.close(file)
    end
  end

  defp write(path, data, modes, sync) do
    with {:ok, file} <- :file.open(path, [:raw, :binary | modes]) do
      written = write_synced(file, data, sync)
      closed = :file.close(file)
      if written == :ok, do: closed, else: written
    end
  end

  defp write_synced(file, data, sync) do
    with :ok <- :file.write(file, data), do: if(sync, do: :file.sync(file), else: :ok)
  end

  @doc "The beginning of a file and its size, for a summary."
  def prefix(path) do
    with {:ok, file} <- :file.open(path, [:read, :raw, :binary]) do
      read = :file.read(file, @prefix_bytes)
      size = :file.position(file, :eof)
      :file.close(file)

      case {read, size} do
        {{:ok, prefix}, {:ok, size}} -> {:ok, prefix, size}
        {:eof, _nothing} -> {:ok, "", 0}
        {{:error, reason}, _size} -> {:error, reason}
        {_read, {:error, reason}} -> {:error, reason}
      end
    end
  end

  @doc "Size and time of a file, in seconds."
  def stat(path) do
    with {:ok, info} <- :file.read_file_info(path, [:raw, time: :posix]),
         do: {:ok, elem(info, 1), elem(info, 5)}
  end

  def delete(path), do: :file.delete(path, [:raw])

  @doc "Deletes files. All of them are tried; of what went wrong the first is told."
  def delete_all(paths) do
    paths |> Enum.map(&delete/1) |> Enum.find(:ok, &(&1 not in [:ok, {:error, :enoent}]))
  end
end
