defmodule PhoenixReplay.Recorder.Slow do
  @moduledoc false
  # How long callbacks and renders took. LiveView measures them all. To write down each would cost a quick
  # one a part of what it took itself, so what is said is what took a millisecond and more: its event, which
  # is in the log before its callback runs, gets it. What took so long that somebody waited for it is an
  # event of its own, to be found by.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Fault, Parts, Session}

  @least_us 1_000
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
    least = System.convert_time_unit(@least_us, :microsecond, :native)
    :telemetry.attach_many(__MODULE__, @steps, &__MODULE__.handle/4, least)
  end

  def detach, do: :telemetry.detach(__MODULE__)

  def handle([:phoenix, _of, step, :stop], %{duration: duration}, _metadata, least)
      when duration >= least,
      do: took(Session.of_process(), step, duration)

  def handle(_step, _measurements, _metadata, _least), do: :ok

  defp took(nil, _step, _duration), do: :ok

  defp took(session, step, duration) do
    us = System.convert_time_unit(duration, :native, :microsecond)
    put(session.native, step, us)
    if us >= @slow_ms * 1_000, do: slow(session, step, div(us, 1_000))
    :ok
  catch
    # A handler that raises is detached for the whole node.
    kind, reason -> Fault.report(session, :slow, kind, reason)
  end

  defp put(native, :render, us), do: Native.session_took(native, :rendered, us)
  # It is part of a render, whose time it is in.
  defp put(_native, :update, _us), do: false
  defp put(native, _handled, us), do: Native.session_took(native, :handled, us)

  defp slow(session, step, ms),
    do: Parts.put_all([{:slow, [{:step, :plain, step}, {:ms, :plain, ms}]}], false, session)
end
