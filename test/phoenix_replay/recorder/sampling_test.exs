defmodule PhoenixReplay.Recorder.SamplingTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog
  alias PhoenixReplay.Recorder.Sampling

  defp recorded?(path) do
    {:ok, view, _html} = live(build_conn(), path)
    assert render_click(view, "inc") =~ "1"
    recording_id(view) != nil
  end

  test "a session that is not sampled has no hook, no log and no word in its process" do
    sessions = PhoenixReplay.info().sessions
    {:ok, view, _html} = live(build_conn(), "/sampled/never")
    render_click(view, "inc")
    view |> element("button") |> render_click()
    %{socket: %{private: private}} = :sys.get_state(view.pid)

    for {_stage, hooks} <- Map.from_struct(private.lifecycle),
        hook <- hooks,
        do: refute(match?(%{id: {PhoenixReplay, _}}, hook))

    refute is_map_key(private, :phoenix_replay)
    {:dictionary, dictionary} = Process.info(view.pid, :dictionary)

    assert [] =
             for({key, _value} <- dictionary, inspect(key) =~ "PhoenixReplay.Recorder", do: key)

    assert PhoenixReplay.info().sessions == sessions
  end

  test "a function decides by params, session and socket, as {module, function} or as a capture" do
    for path <- ["/sampled", "/sampled/captured"] do
      assert recorded?(path <> "?sample=yes")
      refute recorded?(path <> "?sample=no")
      assert recorded?(path <> "?sample=1.0")
      refute recorded?(path <> "?sample=0.0")
    end
  end

  test "the configuration holds where there is no option, for attach too" do
    configure(sample_rate: 0)
    refute recorded?("/counter")
    {:ok, attached, _html} = live(build_conn(), "/attached")
    refute recording_id(attached)
    assert recorded?("/sampled?sample=yes")

    configure(sample_rate: fn %{"a" => a}, _session, _socket -> a == "1" end)
    assert recorded?("/counter?a=1")
    refute recorded?("/counter?a=2")
  end

  test "a function that fails, or answers something else, is a fault and nothing is recorded" do
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        refute recorded?("/sampled?sample=raise")
        refute recorded?("/sampled?sample=odd")
        refute recorded?("/sampled?sample=1.5")
        configure(sample_rate: :much)
        refute recorded?("/counter")
      end)

    for error <- ["ArgumentError", "ArgumentError", "ArgumentError", "BadFunctionError"],
        do: assert_receive({_, %{count: 1}, %{id: nil, stage: :sample_rate, error: ^error}})

    assert length(Regex.scan(~r/the session is not recorded; the LiveView is not/, log)) == 4
    refute log =~ "s3cret"
  end

  test "a rate is the part of the sessions, and leaves the process's random numbers alone" do
    seed = Process.get(:rand_seed)

    for {rate, part} <- [{0.0, 0..0}, {0, 0..0}, {0.3, 2_600..3_400}, {1, 10_000..10_000}] do
      sampled =
        Enum.count(1..10_000, fn _ -> Sampling.sampled?([sample_rate: rate], %{}, %{}, nil) end)

      assert sampled in part
    end

    assert Process.get(:rand_seed) == seed
  end
end
