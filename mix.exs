defmodule PhoenixReplay.MixProject do
  use Mix.Project

  @version "0.1.0"
  @source_url "https://github.com/phoenix-replay/phoenix_replay"

  def project do
    [
      app: :phoenix_replay,
      version: @version,
      elixir: "~> 1.15",
      elixirc_paths: elixirc_paths(Mix.env()),
      start_permanent: Mix.env() == :prod,
      consolidate_protocols: Mix.env() != :test,
      deps: deps(),
      aliases: aliases(),
      description:
        "Session recording and replay for Phoenix LiveView, with the hot path in Rust.",
      package: package(),
      name: "PhoenixReplay",
      source_url: @source_url,
      docs: docs(),
      dialyzer: [plt_add_apps: [:mix, :ex_unit]]
    ]
  end

  def application do
    [extra_applications: [:logger, :crypto], mod: {PhoenixReplay.Application, []}]
  end

  def cli do
    [preferred_envs: [bench: :bench, "bench.steps": :bench, soak: :bench]]
  end

  defp elixirc_paths(:test), do: ["lib", "dev/lib", "test/support"]
  defp elixirc_paths(:dev), do: ["lib", "dev/lib"]
  defp elixirc_paths(:bench), do: ["lib", "bench/lib", "test/support/databases"]
  defp elixirc_paths(_prod), do: ["lib"]

  # LV=1.1 mix test runs everything against another line of LiveView.
  defp live_view_requirement do
    case System.get_env("LV") do
      nil -> "~> 1.0"
      line -> "~> #{line}.0"
    end
  end

  defp deps do
    [
      {:phoenix_live_view, live_view_requirement()},
      {:phoenix, "~> 1.7"},
      {:nimble_options, "~> 1.1"},
      {:telemetry, "~> 1.0"},
      {:rustler, "~> 0.38", runtime: false},
      {:rustler_precompiled, "~> 0.8"},
      {:ecto_sql, "~> 3.10", optional: true},
      {:ecto, "~> 3.10", optional: true},
      {:phoenix_ecto, "~> 4.6", only: [:dev, :test, :bench]},
      {:ecto_sqlite3, "~> 0.17", only: [:dev, :test, :bench]},
      {:postgrex, "~> 0.17", only: [:dev, :test, :bench]},
      {:bandit, "~> 1.5", only: [:dev, :test, :bench]},
      {:jason, "~> 1.4", optional: true},
      {:lazy_html, ">= 0.1.0", only: [:dev, :test]},
      {:floki, ">= 0.36.0", only: [:dev, :test]},
      {:stream_data, "~> 1.1", only: [:dev, :test]},
      {:benchee, "~> 1.3", only: [:dev, :bench]},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:dialyxir, "~> 1.4", only: [:dev, :test], runtime: false},
      {:ex_doc, "~> 0.34", only: :dev, runtime: false}
    ]
  end

  defp aliases do
    [
      bench: ["run bench/run.exs"],
      "bench.steps": ["run bench/steps.exs"],
      soak: ["run bench/soak.exs"]
    ]
  end

  defp docs do
    [
      main: "readme",
      source_ref: "v#{@version}",
      # The demo is compiled in :dev, as is ex_doc.
      filter_modules: fn module, _metadata -> not (inspect(module) =~ "PhoenixReplay.Demo") end,
      assets: %{"docs/images" => "docs/images"},
      extras: [
        "README.md",
        {"docs/COMPONENTS.md", title: "How components are recorded"},
        {"docs/FORMAT.md", title: "The recording format"},
        {"docs/PERFORMANCE.md", title: "What recording costs"},
        {"bench/README.md", title: "Benchmarks", filename: "benchmarks"},
        {"bench/RESULTS.md", title: "Results of the benchmarks"},
        "CHANGELOG.md",
        "LICENSE"
      ],
      groups_for_modules: [
        Storage: ~r/PhoenixReplay\.(Storage|Migrations)/,
        Replay: ~r/PhoenixReplay\.(Replay|Timeline|Migration|Inert)$|PhoenixReplay\.Replay\./
      ]
    ]
  end

  defp package do
    [
      licenses: ["MIT"],
      links: %{"GitHub" => @source_url},
      files:
        ~w(lib priv/static native/*/src native/*/Cargo.toml Cargo.toml Cargo.lock checksum-*.exs) ++
          ~w(mix.exs README.md CHANGELOG.md LICENSE .formatter.exs)
    ]
  end
end
