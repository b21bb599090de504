PhoenixReplay.Bench.Steps.main(System.argv())
