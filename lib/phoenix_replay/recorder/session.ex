defmodule PhoenixReplay.Recorder.Session do
  @moduledoc false
  # The recorder's state in one LiveView. It lives in `socket.private`: assigns belong to the host.
  #
  #   * native    - the session's log, to append to
  #   * sanitizer - the host's own module, nil for the default, which the log applies itself. A session
  #     keeps the one it started with: half of a recording made with another would not fit together.
  #   * seen      - the assigns as last recorded (through the host's sanitizer, if there is one), nil
  #     until the `:mount` event. They are the very terms of the assigns, not a copy.
  #   * temporary - names of temporary assigns
  #   * joins     - whether the next render belongs to what is recorded already: from the mount to the
  #     first render there is nothing that the user saw
  #   * behind    - whether recording a render failed, so that the next looks at all assigns
  #   * lost      - what failed before there was a recording that could say so, as {stage, kind, reason}
  #   * metadata  - the host's function for facts about the session, nil for none
  #   * asks      - the browser's session, which that function gets, until it has been asked

  alias Phoenix.LiveView
  alias PhoenixReplay.{Config, Native, Sanitizer, Telemetry}
  alias PhoenixReplay.Recorder.{Attribution, Compat, Facts, Fault, Keeping, Metadata, Watcher}
  alias PhoenixReplay.Sanitizer.Custom

  @enforce_keys [:id, :native]
  defstruct [
    :id,
    :native,
    :sanitizer,
    :seen,
    :metadata,
    :asks,
    temporary: [],
    joins: true,
    behind: false,
    lost: []
  ]

  @type t :: %__MODULE__{
          id: binary,
          native: Native.session(),
          sanitizer: module | nil,
          seen: map | nil,
          temporary: [atom],
          joins: boolean,
          behind: boolean,
          lost: [{atom, :error | :throw | :exit, term}],
          metadata: Metadata.source(),
          asks: map | nil
        }

  @doc "Starts a session for the calling process, to be put into its socket, unless there is no room."
  @spec start(LiveView.Socket.t(), map | atom, map, keyword) :: {:ok, t} | {:error, :max_memory}
  def start(socket, params, session, options) do
    module = custom(options[:sanitizer] || Config.get(:sanitizer))
    sanitizer = if module == nil, do: Sanitizer.native()

    {params, lost_params} = given(module, params)
    {kept_session, lost_session} = given(module, session)
    {visit, lost_visit} = visit(session, socket)

    facts =
      {socket.view, System.system_time(:millisecond), Facts.head(socket.view),
       {params, kept_session}, Compat.place(socket), visit}

    watcher = {Watcher.of(self()), module}

    with {:ok, id, native} <- Native.session_begin(facts, watcher, sanitizer, limits(options)) do
      state = %__MODULE__{
        id: id,
        native: native,
        sanitizer: module,
        lost: lost_params ++ lost_session ++ lost_visit,
        metadata: Metadata.function(options)
      }

      told(state, socket)
      {:ok, asking(state, session)}
    end
  end

  defp visit(session, socket) do
    {Metadata.visit(session, socket), []}
  catch
    kind, reason -> {nil, [{:metadata, kind, reason}]}
  end

  defp told(state, socket) do
    # A component's event reaches the recorder through telemetry, which brings the component's socket
    # and nothing of the view's: the process is all they have in common.
    Process.put(__MODULE__, state)
    Attribution.started(state)
    Telemetry.started(state.id, socket.view)
  end

  defp asking(%__MODULE__{metadata: nil} = state, _session), do: state
  defp asking(state, session), do: %{state | asks: session}

  defp limits(options) do
    {
      options[:max_events] || Config.get(:max_events),
      options[:max_session_bytes] || Config.get(:max_session_bytes),
      Config.get(:max_memory),
      Keeping.keep(options)
    }
  end

  @doc "The session of the calling process, as it was at its start."
  @spec of_process() :: t | nil
  def of_process, do: Process.get(__MODULE__)

  @doc """
  Tells a fault outside of the hooks. A recording starts with its mount event, so until that is there
  the fault waits for it, in the socket that is returned.
  """
  @spec fault(socket, t, atom, :error | :throw | :exit, term) :: socket
        when socket: LiveView.Socket.t()
  def fault(socket, state, stage, kind, reason) do
    case socket.private do
      %{phoenix_replay: %__MODULE__{seen: nil, lost: lost} = state} ->
        state = %{state | lost: [{stage, kind, reason} | lost]}
        LiveView.put_private(socket, :phoenix_replay, state)

      _mounted_or_of_a_component ->
        Fault.report(state, stage, kind, reason)
        socket
    end
  end

  @doc "The module to call for a configured sanitizer: nil for the default, which the NIF is."
  def custom(Sanitizer), do: nil
  def custom(module), do: module

  @doc "Params for the log, which applies the default sanitizer itself; a host's own has seen them."
  @spec params(t, term) :: term
  def params(%__MODULE__{sanitizer: nil}, params), do: params
  def params(%__MODULE__{sanitizer: module}, params), do: Custom.params(module, params)

  # A view that the router did not mount has :not_mounted_at_router for params.
  defp given(nil, %{} = params), do: {params, []}

  defp given(module, %{} = params) do
    {Custom.params(module, params), []}
  catch
    kind, reason -> {%{}, [{:mount, kind, reason}]}
  end

  defp given(_module, _none), do: {%{}, []}
end
