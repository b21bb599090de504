defmodule PhoenixReplay.Recorder do
  @moduledoc """
  Records a LiveView.

  Every view of a live session:

      live_session :default, on_mount: [PhoenixReplay.Recorder] do
        live "/", MyAppWeb.HomeLive
      end

  Its hooks run before those of the host, wherever it stands: what a hook of the host halts is recorded too.
  With options:

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

    * `:max_events`, `:max_session_bytes`, `:sample_rate`, `:keep`, `:sanitizer`, `:metadata` - as in
      `PhoenixReplay.Config`, for these views; what is not given is as it is configured

  An option that is unknown or of the wrong type raises `ArgumentError` when a view mounts.

  ## Sampling

  `sample_rate: 0.1` records one session in ten. A function decides for each:

      live_session :default, on_mount: [{PhoenixReplay.Recorder, sample_rate: {MyApp.Replay, :sample}}] do

      def sample(_params, %{"user_id" => id}, _socket), do: MyApp.Features.replay?(id)
      def sample(_params, _session, _socket), do: 0.05

  It gets params and session as `mount/3` does (params may be `:not_mounted_at_router`) and the socket
  with what the hooks before put there, and returns `true`, `false` or a rate. In a router it is
  `{module, function}` or a capture (`&MyApp.Replay.sample/3`), for a `live_session` cannot hold a
  closure. It runs in the LiveView, once, when the connected view mounts. Each LiveView is one session:
  who navigates to another view is asked for again, so where all of a visit is wanted, decide by
  something in its session.

  A session that is not sampled costs this one question: no hook is attached to it. If the function
  raises, or returns something else, the session is not recorded, since it may have been about to be
  refused; that is told as a `failed` of stage `:sample_rate` by `PhoenixReplay.Telemetry` and a line
  in the log.

  ## Keeping

  `sample_rate` decides when a session begins, and one that is left out costs nothing. `keep` decides when it has
  ended, by what happened in it, and of those that are left out nothing stays:

      config :phoenix_replay, keep: [errors: true, slower_than: 1_000, rate: 0.05]

  keeps every session that crashed or, where `logs` are recorded, logged an error; every one in which a callback or a
  render took longer than a second; and one in twenty of the others. Until then it costs what any session
  costs, its journal included. One that is not kept is a `discarded` of reason `:not_kept` in `PhoenixReplay.Telemetry`.
  What a node that was killed left behind is kept, for nobody knows how it would have ended, and so is
  what is recorded by id (`PhoenixReplay.Store.start_recording/2`).

  ## What else happened

      config :phoenix_replay, logs: [level: :error]

  records what the log says of a session: lines logged in the process of its LiveView, and in tasks that it
  started, which `Task` notes in `$callers`. Structured lines are sanitized by their keys as params are. Of
  a crashed task the exception and the stack are recorded, without arguments. A text has no keys: what
  follows a sensitive name in it goes (`password: "x"`, `{"token":"x"}`, `?api_key=x`), and anything else that was
  written into it is in the recording. A crash of the LiveView itself is not told twice.

      config :phoenix_replay, collect: [[:my_app, :checkout, :stop], [:my_app, :repo, :query]]

  records these telemetry events of the same processes: the numbers of their measurements, times in
  microseconds, and of their metadata what is a single value, sanitized as params are. Of an Ecto query it
  is the SQL with constants replaced by `?`, source, repo and times, never parameters or results.

  Both are read at boot. Without them no handler is attached. After `limit` lines of a session, of errors and of
  others apart, or 1,000 telemetry events, there is one `:fault` event that says so, and no more of them.

  ## Metadata

  `metadata` names a function that gives facts about a session, to find its recording by, and to delete
  all that there is of a person (`mix phoenix_replay.erase`):

      live_session :default, on_mount: [{PhoenixReplay.Recorder, metadata: {MyApp.Replay, :facts}}] do

      def facts(session, socket), do: %{user_id: session["user_id"], plan: socket.assigns.plan}

  It gets the browser's session as `mount/3` does, and the socket as mount and its hooks left it. It runs in
  the LiveView, once, when the connected view has mounted, and returns a map as
  `PhoenixReplay.put_metadata/2` takes it. Of a view that crashes while it mounts it gets the socket from
  before. In a router it is `{module, function}`, a capture or a module with `metadata/2`. If it raises,
  the recording goes on without; that is a `failed` of stage `:metadata`.
  """

  alias PhoenixReplay.Recorder.{Compat, Fault, Hooks, Options, Room, Sampling, Session}

  @doc false
  def on_mount(options, params, session, socket),
    do: {:cont, record(socket, params, session, Options.parse!(options))}

  @doc """
  Records the view of `socket` from here on and returns the socket.

  `params` and `session` are those of `mount/3`; they become part of the recording, sanitized. Never
  raises. A socket that cannot be recorded comes back untouched: that of a component, of a
  disconnected render, one that is recorded already, that the configured `sample_rate` leaves out, or
  for which there is no memory (`max_memory`).

  ## Examples

      iex> PhoenixReplay.Recorder.attach(%Phoenix.LiveView.Socket{}) == %Phoenix.LiveView.Socket{}
      true
  """
  @spec attach(socket, map | :not_mounted_at_router, map) :: socket
        when socket: Phoenix.LiveView.Socket.t()
  def attach(socket, params \\ %{}, session \\ %{}), do: record(socket, params, session, [])

  defp record(socket, params, session, options) do
    if Compat.recordable?(socket) and Sampling.sampled?(options, params, session, socket),
      do: started(Session.start(socket, params, session, options), socket),
      else: socket
  catch
    kind, reason ->
      Fault.report(nil, :mount, kind, reason)
      socket
  end

  defp started({:ok, session}, socket), do: Hooks.attach(socket, session)

  defp started({:error, :max_memory}, socket) do
    Room.refused(socket.view)
    socket
  end
end
