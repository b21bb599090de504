defmodule PhoenixReplay.Storage.Owner do
  @moduledoc """
  Whose a journal is: one start of one node.

  A name is `host.process.random`: the machine (with its boot, where the system tells), the process of
  the operating system and 16 random characters. Who runs on the same machine can look whether the
  process is still there; for others only a long silence says that an owner is gone.
  """

  @doc "The name of this node since it started. Made of `[A-Za-z0-9_-]` and dots, 100 of them at most."
  @spec this() :: PhoenixReplay.Storage.owner()
  def this do
    case :persistent_term.get(__MODULE__, nil) do
      nil ->
        random = Base.url_encode64(:crypto.strong_rand_bytes(12))
        owner = "#{machine()}.#{System.pid()}.#{random}"
        :persistent_term.put(__MODULE__, owner)
        owner

      owner ->
        owner
    end
  end

  @doc """
  Whether an owner is gone: certainly, because its process is, or for all one can tell, because it has
  given no sign of life for `lapse_ms`. This node's own name is never gone.
  """
  @spec gone?(PhoenixReplay.Storage.owner(), silent_ms :: integer, lapse_ms :: integer) :: boolean
  def gone?(owner, silent_ms, lapse_ms) do
    cond do
      owner == this() -> false
      silent_ms >= lapse_ms -> true
      true -> dead_here?(String.split(owner, "."))
    end
  end

  # In a container every start is process 1 or so: another name with our own number is an earlier start.
  defp dead_here?([machine, pid, _random]) do
    machine == machine() and
      (pid == System.pid() or (File.dir?("/proc/self") and not File.dir?("/proc/#{pid}")))
  end

  defp dead_here?(_of_a_later_version), do: false

  # Containers share the boot of their machine; each has a name and numbers its processes by itself.
  defp machine do
    {:ok, name} = :inet.gethostname()
    facts = [name, boot(), :file.read_link("/proc/self/ns/pid")]
    :sha256 |> :crypto.hash(inspect(facts)) |> binary_part(0, 9) |> Base.url_encode64()
  end

  defp boot, do: File.read("/proc/sys/kernel/random/boot_id")
end
