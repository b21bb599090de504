defmodule PhoenixReplay.Recorder.Metadata do
  @moduledoc false
  # Facts about a session, to find its recording by. They are the host's, through `put_metadata/2` and
  # the `metadata` option; one is put there by the recorder, `"visit"`. What is raised here goes to the
  # caller, which knows how to tell it.

  alias PhoenixReplay.{Config, Native}
  alias PhoenixReplay.Recorder.Session
  alias PhoenixReplay.Sanitizer.Custom

  @type source :: (map, Phoenix.LiveView.Socket.t() -> map) | {module, atom} | module | nil

  @doc "What the options say, or else the configuration."
  @spec function(keyword) :: source
  def function(options), do: Keyword.get_lazy(options, :metadata, fn -> Config.get(:metadata) end)

  @doc "Asks the host's function, with the browser's session, and puts what it returns into the recording."
  @spec ask(Session.t(), map, Phoenix.LiveView.Socket.t()) :: :ok
  def ask(%Session{metadata: nil}, _session, _socket), do: :ok

  def ask(%Session{metadata: function} = recorded, session, socket),
    do: put(recorded, call(function, session, socket))

  defp call(function, session, socket) when is_function(function, 2),
    do: function.(session, socket)

  defp call({module, function}, session, socket), do: apply(module, function, [session, socket])
  defp call(module, session, socket), do: module.metadata(session, socket)

  @doc "Puts facts into a session. Raises if some had to be left out; the others are there."
  @spec put(Session.t(), map | keyword) :: :ok
  def put(session, facts) when is_list(facts), do: put(session, Map.new(facts))

  def put(%Session{native: native, sanitizer: module}, %{} = facts) when not is_struct(facts) do
    facts = if module == nil, do: facts, else: Custom.params(module, facts)

    case Native.session_put_metadata(native, facts) do
      0 -> :ok
      count -> raise ArgumentError, "#{count} facts of the metadata do not fit"
    end
  end

  def put(_session, _other), do: raise(ArgumentError, "metadata is a map")

  @doc """
  What a browser's session has in common for all its LiveViews, and a code of which tells nothing else: its
  CSRF token, and the secret of the endpoint to take it under. Without either, none.
  """
  @spec visit(map, Phoenix.LiveView.Socket.t()) :: {secret :: binary, token :: binary} | nil
  def visit(%{"_csrf_token" => token}, %{endpoint: endpoint}) when is_binary(token) do
    case endpoint.config(:secret_key_base) do
      secret when is_binary(secret) -> {secret, token}
      _none -> nil
    end
  end

  def visit(_session, _socket), do: nil
end
