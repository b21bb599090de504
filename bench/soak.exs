PhoenixReplay.Bench.Soak.main(System.argv())
