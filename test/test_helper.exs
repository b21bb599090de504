# LiveView logs every callback at debug.
Logger.configure(level: :warning)

# The reader that docs/FORMAT.md shows, from there, so that it cannot go stale: `ReadRecording`.
[_all, reader] =
  Regex.run(~r/```elixir\n(defmodule ReadRecording.*?)```/s, File.read!("docs/FORMAT.md"))

Code.compile_string(reader, "docs/FORMAT.md")

{:ok, _endpoint} = PhoenixReplay.Zoo.Endpoint.start()

exclude =
  if PhoenixReplay.Databases.postgres() do
    []
  else
    IO.puts("REPLAY_POSTGRES names no PostgreSQL: its tests are left out (bin/test starts one)")
    [:postgres]
  end

ExUnit.start(exclude: exclude)

# On a machine with other things to do anything may take long, and tests know every event there is.
PhoenixReplay.Recorder.Slow.detach()
