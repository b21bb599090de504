defmodule PhoenixReplay.Recorder.Pushes do
  @moduledoc false
  # What a callback sends to the browser besides the page: events of `push_event`, and the way to another
  # (`push_patch`, `push_navigate`, `redirect`). With a render, a hook sees the events; where none follows,
  # telemetry of handle_event and handle_params has both. Of handle_info and handle_async there is none; where
  # those send the browser the reason of the exit says (`Recorder.Reason`).

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Compat, Fault, Parts, Session, Watcher}
  alias PhoenixReplay.Sanitizer.Custom

  @callbacks [
    [:phoenix, :live_view, :handle_event, :stop],
    [:phoenix, :live_view, :handle_params, :stop],
    [:phoenix, :live_component, :handle_event, :stop]
  ]

  def attach, do: :telemetry.attach_many(__MODULE__, @callbacks, &__MODULE__.handle/4, nil)
  def detach, do: :telemetry.detach(__MODULE__)

  @doc "At the end of a callback. Most send nothing, and then this looks at next to nothing."
  def handle(_callback, _measurements, %{socket: socket}, _config) do
    if Compat.pushes?(socket), do: sent(Session.of_process(), socket), else: :ok
  end

  def handle(_callback, _measurements, _metadata, _config), do: :ok

  defp sent(nil, _socket), do: :ok

  defp sent(session, socket) do
    pushed = if Compat.renders?(socket), do: [], else: events(session, socket)
    to = Compat.away(socket)
    Parts.put_all(pushed ++ away(to), false, session)
    leaves(to)
  catch
    # A handler that raises is detached for the whole node.
    kind, reason -> Fault.report(session, :push_event, kind, reason)
  end

  @doc "Events for what is pushed to the browser with a render of the view or a component."
  @spec events(Session.t(), Socket.t()) :: [{:push_event, [Native.field()]}]
  def events(session, socket) do
    for {name, payload} <- Compat.pushed(socket) do
      {:push_event, [{:name, :plain, name}, {:params, :params, Session.params(session, payload)}]}
    end
  end

  # Of one that leaves for another view the reason of its exit says the same once more.
  defp leaves({kind, _url}) when kind in [:navigate, :redirect], do: Watcher.told(self())
  defp leaves(_stays), do: :ok

  @doc "Events for where a callback sends the browser, as `Compat.away/1` says it."
  @spec away({:patch | :navigate | :redirect, String.t()} | nil) :: [
          {:navigate, [Native.field()]}
        ]
  def away(nil), do: []

  # The rules for a URL are ours, whatever the host's sanitizer is.
  def away({kind, url}),
    do: [{:navigate, [{:kind, :plain, kind}, {:url, :plain, Custom.url(url)}]}]
end
