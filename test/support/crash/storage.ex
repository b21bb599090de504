defmodule PhoenixReplay.Crash.Storage do
  @moduledoc """
  File storage that leaves a mark on disk while it writes, so that whoever killed the node can tell
  afterwards whether it was writing. A byte of the file `marks` for each call, one as long as it runs.
  """

  @behaviour PhoenixReplay.Storage

  alias PhoenixReplay.Storage.File, as: Files

  @slots 512

  @doc "Whether anything is being written, or was when the node died."
  def writing?(folder) do
    case File.read(marks(folder)) do
      {:ok, marks} -> String.contains?(marks, <<1>>)
      {:error, :enoent} -> false
    end
  end

  @doc "Forgets the marks of a node that is gone."
  def forget(folder), do: File.rm(marks(folder))

  @impl true
  def save(id, data, summary, opts),
    do: marked(opts, fn -> Files.save(id, data, summary, opts) end)

  @impl true
  def journal_append(id, owner, data, opts),
    do: marked(opts, fn -> Files.journal_append(id, owner, data, opts) end)

  @impl true
  def journal_delete(ids, owner, opts),
    do: marked(opts, fn -> Files.journal_delete(ids, owner, opts) end)

  @impl true
  defdelegate fetch(id, opts), to: Files
  @impl true
  defdelegate summary(id, opts), to: Files
  @impl true
  defdelegate list(request, opts), to: Files
  @impl true
  defdelegate count(where, opts), to: Files
  @impl true
  defdelegate delete(ids, opts), to: Files
  @impl true
  defdelegate clear(opts), to: Files
  @impl true
  defdelegate pin(id, pinned, opts), to: Files
  @impl true
  defdelegate journal_beat(owner, opts), to: Files
  @impl true
  defdelegate journals(opts), to: Files
  @impl true
  defdelegate journal_fetch(id, owner, opts), to: Files
  @impl true
  defdelegate journal_claim(id, from, to, opts), to: Files

  defp marked(opts, write) do
    {:ok, file} = :file.open(marks(opts[:path]), [:read, :write, :raw])
    slot = rem(System.unique_integer([:positive]), @slots)
    :ok = :file.pwrite(file, slot, <<1>>)

    try do
      write.()
    after
      :ok = :file.pwrite(file, slot, <<0>>)
      :ok = :file.close(file)
    end
  end

  # Beside the folder of the recordings: it is none of them.
  defp marks(folder), do: folder <> ".marks"
end
