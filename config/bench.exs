import Config

# Sessions of the benchmark are taken out of memory before they end. Should one be left over, as by an
# interrupted run, its recording goes where it disturbs nobody.
config :phoenix_replay,
  max_memory: nil,
  storage_opts: [path: Path.join(System.tmp_dir!(), "phoenix_replay_bench"), format: :etf]

config :logger, level: :warning
