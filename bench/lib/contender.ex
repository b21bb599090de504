defmodule PhoenixReplay.Bench.Contender do
  @moduledoc """
  What is compared: `:empty` hooks, `:ours` (PhoenixReplay) and the `:ets` recorder, each attached to
  a socket by its real `on_mount`.
  """
  alias PhoenixReplay.Bench.{EmptyHooks, EtsRecorder}
  alias PhoenixReplay.{Native, Recorder}
  alias PhoenixReplay.Persister.Flushing

  @type t :: :empty | :ours | :ets

  # So many that nothing is dropped: a dropped event costs next to nothing.
  @limits [max_events: 1_000_000, max_session_bytes: 64 * 1024 * 1024]

  @spec all() :: [t]
  def all, do: [:empty, :ours, :ets]

  @spec on_mount(t, map, map, Phoenix.LiveView.Socket.t()) ::
          {:cont, Phoenix.LiveView.Socket.t()}
  def on_mount(:empty, params, session, socket),
    do: EmptyHooks.on_mount(:default, params, session, socket)

  def on_mount(:ours, params, session, socket),
    do: Recorder.on_mount(@limits, params, session, socket)

  def on_mount(:ets, params, session, socket),
    do: EtsRecorder.on_mount(:default, params, session, socket)

  @doc "Forgets a session. Raises when it did not record everything, for then it was not measured."
  def delete(:empty, _socket), do: :ok
  def delete(:ets, socket), do: EtsRecorder.delete(socket)

  def delete(:ours, socket) do
    %{id: id, native: native} = socket.private.phoenix_replay
    summary = Native.session_summary(native)

    if summary.dropped > 0 or summary.faults > 0 or summary.truncated,
      do: raise("the session lost something while it was measured: #{inspect(summary)}")

    journalled = Native.session_state(native).journalled
    Native.session_remove(id)
    if journalled, do: Flushing.forget(id)
  end
end
