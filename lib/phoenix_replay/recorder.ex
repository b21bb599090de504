defmodule PhoenixReplay.Recorder do
  @moduledoc """
  Records a LiveView.

  Every view of a live session:

      live_session :default, on_mount: [PhoenixReplay.Recorder] do
        live "/", MyAppWeb.HomeLive
      end

  Put it first: a hook that halts hides an event from the hooks after it. With options:

      live_session :default, on_mount: [{PhoenixReplay.Recorder, max_events: 2_000}] do

  One view alone:

      def mount(params, session, socket) do
        {:ok, PhoenixReplay.Recorder.attach(socket, params, session)}
      end

  Only the connected LiveView is recorded, not its first, disconnected render. The recorder keeps its
  state out of the assigns: templates, change tracking and the host's own hooks see nothing of it. If
  something goes wrong while recording, the LiveView goes on, the recording says what it lost, and there
  is a telemetry event (`PhoenixReplay.Telemetry`) and one line in the log.

  ## Options

    * `:max_events` - as in `PhoenixReplay.Config`, for these views
    * `:sanitizer` - as in `PhoenixReplay.Config`, for these views

  An unknown option raises `ArgumentError` when a view mounts.
  """

  alias PhoenixReplay.Recorder.{Compat, Fault, Hooks, Options, Session}

  @doc false
  def on_mount(options, params, session, socket),
    do: {:cont, record(socket, params, session, Options.parse!(options))}

  @doc """
  Records the view of `socket` from here on and returns the socket.

  `params` and `session` are those of `mount/3`; they become part of the recording, sanitized. Never
  raises. A socket that cannot be recorded comes back untouched: that of a component, of a
  disconnected render, or one that is recorded already.

  ## Examples

      iex> PhoenixReplay.Recorder.attach(%Phoenix.LiveView.Socket{}) == %Phoenix.LiveView.Socket{}
      true
  """
  @spec attach(socket, map | :not_mounted_at_router, map) :: socket
        when socket: Phoenix.LiveView.Socket.t()
  def attach(socket, params \\ %{}, session \\ %{}), do: record(socket, params, session, [])

  defp record(socket, params, session, options) do
    if Compat.recordable?(socket),
      do: socket |> Session.start(params, session, options) |> Hooks.attach(),
      else: socket
  catch
    kind, reason ->
      Fault.report(nil, :mount, kind, reason)
      socket
  end
end
