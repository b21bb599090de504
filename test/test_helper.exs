# LiveView logs every callback at debug.
Logger.configure(level: :warning)

{:ok, _endpoint} = PhoenixReplay.Zoo.Endpoint.start()

ExUnit.start()
