defmodule PhoenixReplay.TelemetryTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog
  alias PhoenixReplay.Telemetry
  alias PhoenixReplay.Telemetry.DefaultLogger

  doctest PhoenixReplay.Telemetry

  test "the table names every event, and the default logger hears of each" do
    {:docs_v1, _, _, _, %{"en" => docs}, _, _} = Code.fetch_docs(Telemetry)

    named =
      for [_, event] <- Regex.scan(~r/^\| `(\[:phoenix_replay.+?\])`/m, docs) do
        {event, _} = Code.eval_string(event)
        event
      end

    assert Enum.sort(named) -- Enum.sort(DefaultLogger.events()) == []
  end

  test "the default logger writes a line for an event, and nothing of what was recorded" do
    assert Telemetry.attach_default_logger(level: :warning) == :ok
    on_exit(&Telemetry.detach_default_logger/0)
    assert Telemetry.attach_default_logger() == {:error, :already_exists}

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/member?token=s3cret")
        render_click(view, "put", %{"facts" => %{"name" => "s3cret", "list" => ["s3cret"]}})
        send(self(), {:closed, close(view).id})
        {:ok, idle, _html} = live(build_conn(), "/counter")
        id = recording_id(idle)
        stop(idle)
        gone(id)
        :ok = Store.cleanup()
        Telemetry.refused(Zoo.CounterLive, 1)
      end)

    assert_received {:closed, id}
    assert log =~ ~s(PhoenixReplay recording started id="#{id}" view=PhoenixReplay.Zoo.MemberLive)

    assert log =~
             ~r/recording persisted in \d+ ms attempt=1 bytes=\d+ ended=:closed event_count=\d+ id="#{id}"/

    assert log =~ ~s(recording failed error="ArgumentError" id="#{id}" stage=:metadata)
    assert log =~ ~r/recording discarded event_count=\d+ id=.+ reason=:no_interaction/
    assert log =~ ~r/retention stop in \d+ ms/
    assert log =~ "recording refused bytes=1 reason=:max_memory"
    refute log =~ "s3cret"

    assert Telemetry.detach_default_logger() == :ok
    assert Telemetry.detach_default_logger() == {:error, :not_found}
    refute capture_log(fn -> Telemetry.refused(Zoo.CounterLive, 1) end) =~ "refused"
  end
end
