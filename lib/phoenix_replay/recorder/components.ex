defmodule PhoenixReplay.Recorder.Components do
  @moduledoc false
  # Events of components. The hooks of a view do not see them; LiveView's telemetry does, and runs its
  # handlers in the process of the view. A handler that raises is detached for the whole node, so this
  # one never does.

  alias PhoenixReplay.Recorder.{Fault, Hooks, Session}

  @event [:phoenix, :live_component, :handle_event, :start]

  def attach, do: :telemetry.attach(__MODULE__, @event, &__MODULE__.handle/4, nil)
  def detach, do: :telemetry.detach(__MODULE__)

  def handle(_event, _measurements, %{event: name, params: params}, _config) do
    case Session.of_process() do
      nil -> :ok
      session -> append(session, name, params)
    end
  end

  def handle(_event, _measurements, _metadata, _config), do: :ok

  defp append(session, name, params) do
    Hooks.event(session, name, params)
  catch
    kind, reason -> Fault.report(session, :component_event, kind, reason)
  end
end
