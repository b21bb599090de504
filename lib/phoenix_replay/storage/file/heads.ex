defmodule PhoenixReplay.Storage.File.Heads do
  @moduledoc false
  # The summary of a file, from its beginning.

  alias PhoenixReplay.{Storage, Telemetry}
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

  @doc "Tells of a file that a list passes over."
  @spec unreadable(String.t(), Path.t(), String.t()) :: :ok
  def unreadable(id, path, why) do
    Telemetry.unreadable(id, why)
    Once.warn({:unreadable, path}, fn -> "PhoenixReplay: #{path} cannot be read: #{why}" end)
    :ok
  end

  @doc "Whether a recording is pinned."
  def pinned?(folder, id), do: match?({:ok, _size, _time}, Disk.stat(Layout.pin(folder, id)))
end
