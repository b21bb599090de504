defmodule PhoenixReplay.Failure.Full do
  @moduledoc false
  # What `full_test.exs` runs in a node of its own, where no file may grow past what `prlimit` says: a disk
  # on which there is no room for anything large, where none may be mounted. Not for `mix test` to find.
  # credo:disable-for-this-file Credo.Check.Warning.WrongTestFilename
  use PhoenixReplay.Case

  alias PhoenixReplay.Storage.File.Disk
  alias PhoenixReplay.Storm

  # One journalled event of the storm fits, a second one does in part.
  @room 10_000

  defp limit(bytes) do
    # The hard limit stays, so that anyone may raise the other again.
    options = ["--pid", System.pid(), "--fsize=#{bytes}:"]
    {_nothing, 0} = System.cmd("prlimit", options, stderr_to_stdout: true)
  end

  test "a disk that takes nothing large, until it does" do
    Storm.weathers(fn -> limit(@room) end, fn -> limit("unlimited") end)
  end

  test "what it takes half of is taken back, the first of a file as well", %{folder: folder} do
    File.mkdir_p!(folder)
    file = Path.join(folder, "a")
    limit(@room)
    assert Disk.append(file, :binary.copy("a", 2 * @room), false) == {:error, :efbig}
    refute File.exists?(file)

    assert Disk.append(file, "whole", false) == {:ok, 5}
    assert Disk.append(file, :binary.copy("a", 2 * @room), true) == {:error, :efbig}
    assert File.read!(file) == "whole"
    limit("unlimited")
  end
end
