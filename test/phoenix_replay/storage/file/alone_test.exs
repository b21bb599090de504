defmodule PhoenixReplay.Storage.File.AloneTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Storage.File.Alone

  setup do
    folder = Path.join(System.tmp_dir!(), "replay_alone_#{System.unique_integer([:positive])}")
    leases = Path.join(folder, ".leases")
    File.mkdir_p!(leases)
    on_exit(fn -> File.rm_rf!(folder) end)
    {:ok, folder: folder, leases: leases}
  end

  defp held(leases, name, owner, seconds_ago) do
    path = Path.join(leases, name)
    File.write!(path, owner)
    File.touch!(path, System.os_time(:second) - seconds_ago)
  end

  defp run(folder), do: Alone.run(folder, :sweeping, fn -> :swept end)

  test "waits for no one where another node is at it", %{folder: folder, leases: leases} do
    held(leases, "sweeping.3", "elsewhere.1.abc", 60)
    assert run(folder) == :busy
    # One that does not say yet whose it is.
    held(leases, "sweeping.4", "", 0)
    assert run(folder) == :busy
  end

  test "takes over from one that is at it for too long", %{folder: folder, leases: leases} do
    held(leases, "sweeping.3", "elsewhere.1.abc", 601)
    assert run(folder) == {:ok, :swept}
    assert File.ls!(leases) == ["sweeping.4.free"]
  end

  test "takes over from a process of this machine that is gone", %{folder: folder, leases: leases} do
    [machine, _pid, _random] = String.split(PhoenixReplay.Storage.Owner.this(), ".")
    {gone, 0} = System.cmd("sh", ["-c", "echo $$"])
    held(leases, "sweeping.3", "#{machine}.#{String.trim(gone)}.abc", 0)
    assert run(folder) == {:ok, :swept}
  end

  test "lets the one with the higher number", %{folder: folder, leases: leases} do
    # What a node finds that looked before another one took and freed the lease.
    held(leases, "sweeping.7", "elsewhere.1.abc", 0)
    File.rename!(Path.join(leases, "sweeping.7"), Path.join(leases, "sweeping.7.free"))
    assert run(folder) == {:ok, :swept}
    assert File.ls!(leases) == ["sweeping.8.free"]
  end

  test "makes no folder where nothing was recorded", %{folder: folder} do
    File.rm_rf!(folder)
    assert run(folder) == {:ok, :swept}
    refute File.exists?(folder)
  end
end
