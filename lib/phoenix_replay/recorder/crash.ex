defmodule PhoenixReplay.Recorder.Crash do
  @moduledoc false
  # An exception in a callback or a template, noticed in the process it is about to end. The watcher
  # would tell the same of the exit, but not of a process that dies before it is watched, as on a
  # machine with more to do than it can; and a crash decides whether a recording is kept. What this
  # does not see, as an exception in handle_info, is left to the watcher.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Attribution, Ending, Fault, Metadata, Raised, Session}

  @events for span <- [
                [:live_view, :mount],
                [:live_view, :handle_params],
                [:live_view, :handle_event],
                [:live_view, :render],
                [:live_component, :update],
                [:live_component, :handle_event]
              ],
              do: [:phoenix | span] ++ [:exception]

  def attach, do: :telemetry.attach_many(__MODULE__, @events, &__MODULE__.handle/4, nil)
  def detach, do: :telemetry.detach(__MODULE__)

  def handle(event, _measurements, %{kind: kind, reason: reason} = told, _config) do
    session = Session.of_process()

    if session != nil and ends?(event, kind, reason) do
      describe(session, event, told)
      # Of a view that does not get as far as its mount event.
      Attribution.opened()
      append(session, kind, reason, told[:stacktrace] || [])
      close(session, kind, reason)
    end

    :ok
  catch
    # A handler that raises is detached for the whole node.
    _kind, _reason -> :ok
  end

  def handle(_event, _measurements, _metadata, _config), do: :ok

  # A view that crashes while it mounts does not get to where it would be asked for its metadata, and a
  # recording that is kept must be found when its person is to be erased.
  defp describe(session, [:phoenix, :live_view, :mount, _exception], told) do
    Metadata.ask(session, told.session, told.socket)
  catch
    kind, reason -> Fault.report(session, :metadata, kind, reason)
  end

  defp describe(_session, _event, _told), do: :ok

  defp append(session, kind, reason, stacktrace) do
    Raised.append(session, kind, reason, stacktrace)
  catch
    kind, reason -> Fault.report(session, :exception, kind, reason)
  end

  defp close(session, kind, reason) do
    {ended, error} = Ending.classify(kind, reason)
    Native.session_close(session.native, ended, error)
  end

  # While mounting, LiveView takes exceptions that are a 404 and the like for an answer, not a crash.
  defp ends?([:phoenix, :live_view, callback, :exception], :error, reason)
       when callback in [:mount, :handle_params],
       do: Plug.Exception.status(Exception.normalize(:error, reason, [])) not in 400..499

  defp ends?(_event, _kind, _reason), do: true
end
