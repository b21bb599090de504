# LiveView logs every callback at debug.
Logger.configure(level: :warning)

{:ok, _endpoint} = PhoenixReplay.Zoo.Endpoint.start()

exclude =
  if PhoenixReplay.Databases.postgres() do
    []
  else
    IO.puts("REPLAY_POSTGRES names no PostgreSQL: its tests are left out (bin/test starts one)")
    [:postgres]
  end

ExUnit.start(exclude: exclude)
