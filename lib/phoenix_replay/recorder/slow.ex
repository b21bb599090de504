defmodule PhoenixReplay.Recorder.Slow do
  @moduledoc false
  # Callbacks and renders that took so long that somebody waited for them. LiveView measures them all; the
  # others are not worth an event each.

  alias PhoenixReplay.Recorder.{Fault, Parts, Session}

  @slow_ms 100

  @steps for step <- [
               [:live_view, :handle_params],
               [:live_view, :handle_event],
               [:live_view, :render],
               [:live_component, :update],
               [:live_component, :handle_event]
             ],
             do: [:phoenix | step] ++ [:stop]

  def attach do
    slow = System.convert_time_unit(@slow_ms, :millisecond, :native)
    :telemetry.attach_many(__MODULE__, @steps, &__MODULE__.handle/4, slow)
  end

  def detach, do: :telemetry.detach(__MODULE__)

  def handle([:phoenix, _of, step, :stop], %{duration: duration}, _metadata, slow)
      when duration >= slow,
      do: took(Session.of_process(), step, duration)

  def handle(_step, _measurements, _metadata, _slow), do: :ok

  defp took(nil, _step, _duration), do: :ok

  defp took(session, step, duration) do
    ms = System.convert_time_unit(duration, :native, :millisecond)
    Parts.put_all([{:slow, [{:step, :plain, step}, {:ms, :plain, ms}]}], false, session)
    :ok
  catch
    # A handler that raises is detached for the whole node.
    kind, reason -> Fault.report(session, :slow, kind, reason)
  end
end
