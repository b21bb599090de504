%{
  configs: [
    %{
      name: "default",
      # The defaults are for lib and test; what is written for the demo and the benchmarks counts too.
      files: %{included: ["lib/", "test/", "dev/", "bench/", "config/", "mix.exs"], excluded: []},
      strict: true,
      # A module named once may be named in full.
      checks: %{disabled: [{Credo.Check.Design.AliasUsage, []}]}
    }
  ]
}
