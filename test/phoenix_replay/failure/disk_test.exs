defmodule PhoenixReplay.Failure.DiskTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Storage.File.Disk
  alias PhoenixReplay.Storm

  # A disk of its own, where this user may mount one.
  defp disk(folder, size) do
    File.mkdir_p!(folder)

    case System.cmd("mount", ["-t", "tmpfs", "-o", "size=#{size}", "tmpfs", folder],
           stderr_to_stdout: true
         ) do
      {_nothing, 0} ->
        on_exit(fn -> System.cmd("umount", ["-l", folder]) end)
        true

      {why, _status} ->
        IO.puts("\nno disk may be mounted here, so nothing is tested on one: #{String.trim(why)}")
        false
    end
  end

  defp fill(path) do
    {:ok, file} = :file.open(path, [:write, :raw])
    assert filled(file, :ok) == {:error, :enospc}
    :file.close(file)
  end

  defp filled(file, :ok), do: filled(file, :file.write(file, :binary.copy(<<0>>, 4_096)))
  defp filled(_file, refused), do: refused

  test "a disk that is full, until it is not", %{folder: folder} do
    if disk(folder, "4m") do
      filler = Path.join(folder, "filler")
      Storm.weathers(fn -> fill(filler) end, fn -> File.rm!(filler) end)
    end
  end

  test "what a disk takes half of is taken back, the first of a file as well", %{folder: folder} do
    if disk(folder, "64k") do
      file = Path.join(folder, "a")
      assert Disk.append(file, :binary.copy("a", 100_000), false) == {:error, :enospc}
      refute File.exists?(file)

      assert Disk.append(file, "whole", false) == {:ok, 5}
      assert Disk.append(file, :binary.copy("a", 100_000), true) == {:error, :enospc}
      assert File.read!(file) == "whole"
    end
  end

  test "a disk that is read-only, until it is not", %{folder: folder} do
    if disk(folder, "4m") do
      remount = fn how -> {_, 0} = System.cmd("mount", ["-o", "remount,#{how}", folder]) end
      Storm.weathers(fn -> remount.("ro") end, fn -> remount.("rw") end)
    end
  end

  test "a folder in whose place is something else, until it is back", %{folder: folder} do
    away = folder <> ".away"
    on_exit(fn -> File.rm_rf!(away) end)

    Storm.weathers(
      fn ->
        File.rename!(folder, away)
        File.write!(folder, "not a folder")
      end,
      fn ->
        File.rm!(folder)
        File.rename!(away, folder)
      end
    )
  end
end
