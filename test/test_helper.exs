{:ok, _endpoint} = PhoenixReplay.Zoo.Endpoint.start()

ExUnit.start()
