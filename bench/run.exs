PhoenixReplay.Bench.main(System.argv())
