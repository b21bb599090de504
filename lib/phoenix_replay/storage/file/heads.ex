defmodule PhoenixReplay.Storage.File.Heads do
  @moduledoc false
  # The summary of a file, from its beginning.

  alias PhoenixReplay.{Error, Storage, Telemetry}
  alias PhoenixReplay.Storage.File.{Disk, Layout}
  alias PhoenixReplay.Telemetry.Once

  @doc "The summary of a file, without whether it is pinned."
  @spec read(Path.t()) :: {:ok, Storage.summary()} | {:error, term}
  def read(path) do
    with {:ok, prefix, size} <- Disk.prefix(path),
         {:ok, summary} <- summary(path, prefix, size),
         do: {:ok, Map.put(summary, :bytes, size)}
  end

  # One of version 0.1 or 0.2 tells its summary only when all of it is read.
  defp summary(path, prefix, size) do
    with {:error, _not_from_its_beginning} when size > byte_size(prefix) <-
           Storage.read_summary(prefix),
         {:ok, data} <- File.read(path),
         do: Storage.read_summary(data)
  end

  @doc "The same for a list: a file that cannot be read is told of and passed over."
  @spec listed(String.t(), Path.t()) :: {:ok, Storage.summary()} | :gone | :unreadable
  def listed(id, path) do
    case read(path) do
      {:ok, %{id: ^id}} = found -> found
      {:ok, _summary} -> unreadable(id, path, "it holds a recording of another id")
      {:error, :enoent} -> :gone
      {:error, %Error{message: message}} -> unreadable(id, path, message)
      {:error, reason} -> unreadable(id, path, "#{:file.format_error(reason)}")
    end
  end

  defp unreadable(id, path, why) do
    Telemetry.unreadable(id, why)
    Once.warn({:unreadable, path}, fn -> "PhoenixReplay: #{path} cannot be read: #{why}" end)
    :unreadable
  end

  @doc "Whether a recording is pinned."
  def pinned?(folder, id), do: match?({:ok, _size, _time}, Disk.stat(Layout.pin(folder, id)))
end
