defmodule PhoenixReplay.ConfigTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.Config
  doctest PhoenixReplay.Config

  defmodule Half do
    @moduledoc false
    def sanitize_assigns(assigns), do: assigns
    def may_see(_recording), do: true
    def authorize(_recording), do: true
  end

  test "the defaults are those that are documented" do
    for key <- [:storage_opts, :persistence_retry_delay_ms],
        do: Application.delete_env(:phoenix_replay, key)

    assert Config.get(:max_events) == 10_000
    assert Config.get(:max_session_bytes) == 16_777_216
    assert Config.get(:max_memory) == 268_435_456
    assert Config.get(:sample_rate) == 1.0
    assert Config.get(:sanitizer) == PhoenixReplay.Sanitizer
    assert Config.get(:max_recordings) == 1_000
    assert Config.get(:max_recording_age_ms) == 604_800_000
    assert Config.get(:cleanup_interval_ms) == 3_600_000
    assert Config.get(:persistence_retry_attempts) == 3
    assert Config.get(:persistence_retry_delay_ms) == 1_000
    assert Config.get(:storage) == PhoenixReplay.Storage.File
    assert Config.get(:storage_opts) == [path: "priv/replay_recordings", format: :etf]
    assert Config.validate!() == :ok
  end

  test "what README.md shows is valid, and names every key with its default" do
    [_all, shown] =
      Regex.run(
        ~r/```elixir\n(config :phoenix_replay,\n  max_events.*?)```/s,
        File.read!("README.md")
      )

    {:config, _, [:phoenix_replay, keys]} = Code.string_to_quoted!(shown)
    {keys, _bindings} = Code.eval_quoted(keys)
    assert Config.validate!(keys) == :ok
    {[authorize: authorize], rest} = Keyword.split(keys, [:authorize])
    assert authorize.(%Recording{view: Half})
    assert Enum.sort(Keyword.keys(keys)) == Enum.sort(Config.keys())
    for {key, _value} <- rest, do: Application.delete_env(:phoenix_replay, key)
    for {key, value} <- rest, do: assert({key, Config.get(key)} == {key, value})
  end

  test "every documented form is valid" do
    for config <- [
          [],
          [max_recordings: nil, max_recording_age_ms: nil],
          [storage_opts: [path: "x", format: :json]],
          [storage_opts: [path: "x"]],
          [authorize: fn _recording -> true end],
          [authorize: &Half.may_see/1],
          [authorize: {Half, :may_see}],
          [authorize: Half],
          [sample_rate: 0],
          [sample_rate: 0.25],
          [sample_rate: fn _params, _session, _socket -> 0.5 end],
          [sample_rate: {Zoo.Sampling, :asked}],
          [max_session_bytes: 1, max_memory: nil],
          [filter_keys: ["iban", :bic]],
          [logs: false],
          [keep: nil],
          [keep: []],
          [keep: [rate: 0.05, errors: true, slower_than: 1_000]],
          [collect: []],
          [collect: [[:my_app, :checkout, :stop], [:my_app, :repo, :query]]],
          [logs: []],
          [logs: [limit: 5, level: :info]]
        ],
        do: assert(Config.validate!(config) == :ok)
  end

  test "a wrong value is told with its key, what it got and what it takes" do
    for {config, key, got, takes} <- [
          {[max_events: "many"], "max_events", ~s("many"), "positive integer"},
          {[max_recordings: -1], "max_recordings", "-1", "nil"},
          {[sanitizer: Half], "sanitizer", "ConfigTest.Half", "PhoenixReplay.Sanitizer"},
          {[storage: NoSuchStorage], "storage",
           "NoSuchStorage (there is no module NoSuchStorage)", "PhoenixReplay.Storage"},
          {[storage_opts: [path: 5]], "storage_opts", "5", "expected string"},
          {[storage_opts: [format: :xml]], "storage_opts", ":xml", ":etf, :json"},
          {[storage_opts: :none], "storage_opts", ":none", "keyword list"},
          {[authorize: fn -> true end], "authorize", "#Function", "one argument"},
          {[authorize: {Half, :nothing}], "authorize", ":nothing", "{module, function}"},
          {[sample_rate: 1.1], "sample_rate", "1.1", "0.0 to 1.0"},
          {[sample_rate: true], "sample_rate", "true", "{module, function}"},
          {[max_session_bytes: 100_000_000], "max_session_bytes", "100000000", "64 MB"},
          {[logs: [level: :loud]], "logs", "[level: :loud]", "[level: level"},
          {[logs: [limit: 0]], "logs", "[limit: 0]", "pos_integer"},
          {[collect: [:my_app]], "collect", "[:my_app]", "list of atoms"},
          {[collect: [[]]], "collect", "[[]]", "telemetry events"},
          {[collect: "my_app.stop"], "collect", ~s("my_app.stop"), "telemetry events"},
          {[keep: [rate: 2]], "keep", "[rate: 2]", "0.0 to 1.0"},
          {[keep: [slower_than: 99]], "keep", "[slower_than: 99]", "from 100"},
          {[keep: [error: true]], "keep", "[error: true]", "errors: boolean"},
          {[keep: 0.5], "keep", "0.5", "or `nil`"},
          {[logs: true], "logs", "true", "or `false`"},
          {[max_memory: -1], "max_memory", "-1", "nil"},
          {[sanitizer: Half], "sanitizer", "Half.sanitize_delta/2)", "PhoenixReplay.Sanitizer"},
          {[metadata: {Nothing, :of_it}], "metadata", "(there is no module Nothing)",
           "metadata/2"},
          {[max_event: 5], "max_event", "got 5", "did you mean max_events?"},
          {[colour: :red], "colour", ":red", "the keys are max_events, "},
          {[storage: PhoenixReplay.Storage.Ecto], "storage_opts", "got []", "required :repo"},
          {[storage: PhoenixReplay.Storage.Ecto, storage_opts: [repo: MyApp.Rep]], "storage_opts",
           "[repo: MyApp.Rep]", "no Ecto repo MyApp.Rep"}
        ] do
      error = assert_raise ArgumentError, fn -> Config.validate!(config) end
      for part <- [key, got, takes], do: assert(error.message =~ part)
    end
  end

  test "modules that other libraries put there are left alone" do
    assert Config.validate!([{Zoo.Endpoint, [http: 1]}, {Some.Repo, []}]) == :ok
  end
end
