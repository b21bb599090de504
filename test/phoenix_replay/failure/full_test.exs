defmodule PhoenixReplay.Failure.FullTest do
  use ExUnit.Case, async: true

  # A process that writes more than it may is killed, unless it asked not to be before it began: the BEAM does
  # not, its shell can.
  @shell ~s(trap '' XFSZ && exec elixir "$@")

  # All in one process: what the tests start, as the endpoint, ends with who starts it.
  @code """
  {:ok, _started} = Application.ensure_all_started([:phoenix_replay, :phoenix])
  Application.put_env(:ex_unit, :autorun, false, persistent: true)
  Code.require_file("test/test_helper.exs")
  Code.require_file("#{Path.join(__DIR__, "full.exs")}")
  %{failures: failures} = ExUnit.run()
  System.halt(failures)
  """

  @tag timeout: 120_000
  test "a node on a disk without room loses nothing" do
    if System.find_executable("prlimit") do
      paths = Enum.flat_map(:code.get_path(), &["-pa", List.to_string(&1)])
      arguments = ["-c", @shell, "sh" | paths ++ ["-e", @code]]
      {told, status} = System.cmd("sh", arguments, stderr_to_stdout: true)
      assert status == 0, told
      assert told =~ "2 tests, 0 failures"
    else
      IO.puts("\nno prlimit here, so no file is kept from growing")
    end
  end
end
