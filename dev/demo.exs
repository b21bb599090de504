# What bin/demo runs, as `mix run --no-start dev/demo.exs`:
#
#     (nothing)   the application on PORT (4000), with a few visits recorded, and the sessions of days before
#     --past      the same without the visits: it is there at once
#     --empty     the same with nothing recorded
#     --once      record, replay, compare, and end: 0 if all was as promised
#
# DEMO_RECORDINGS names the folder of the recordings; by default one in the system's temporary folder,
# emptied first. DEMO_PATH is the path the application has at a proxy, which takes it off.
alias PhoenixReplay.Demo

Logger.configure(level: :warning)
# Mix takes away what no dependency names, and the visits need ExUnit.
Mix.ensure_application!(:ex_unit)

port = String.to_integer(System.get_env("PORT", "4000"))

path = System.get_env("DEMO_PATH", "/")

recordings =
  System.get_env("DEMO_RECORDINGS") ||
    Path.join(System.tmp_dir!(), "phoenix_replay_demo_#{port}_#{System.get_env("USER", "user")}")

once = fn ->
  recordings = recordings <> "_once_#{System.pid()}"

  try do
    Demo.Once.run(recordings)
  after
    File.rm_rf!(recordings)
  end
end

case System.argv() do
  ["--once"] ->
    unless once.(), do: System.halt(1)

  argv when argv in [[], ["--past"], ["--empty"]] ->
    recorded = %{[] => [:past, :visits], ["--past"] => [:past], ["--empty"] => []}[argv]

    if Demo.Serve.run(recordings, port, recorded: recorded, path: path),
      do: Process.sleep(:infinity),
      else: System.halt(1)

  argv ->
    IO.puts(:stderr, "bin/demo knows --once, --past and --empty, not #{Enum.join(argv, " ")}")
    System.halt(2)
end
