%{
  configs: [
    %{
      name: "default",
      # The defaults are for lib and test; what is written for the demo and the benchmarks counts too.
      files: %{included: ["lib/", "test/", "dev/", "bench/", "config/", "mix.exs"], excluded: []},
      strict: true
    }
  ]
}
