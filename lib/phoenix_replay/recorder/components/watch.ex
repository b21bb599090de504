defmodule PhoenixReplay.Recorder.Components.Watch do
  @moduledoc false
  # Gives new components a hook of the recorder. Only the channel has their sockets, so the view's
  # process sends itself what `:sys.replace_state/2` would send it, and LiveView's GenServer does the
  # rest when its callback has returned. A `send_update` to a component that was just made is behind it
  # in the queue. What an asynchronous task managed to change before is found by looking once.
  #
  # There is nobody to answer: the state is large and would be copied for it.

  alias PhoenixReplay.Recorder.{Compat, Fault, Session}
  alias PhoenixReplay.Recorder.Components.{Known, Render}

  @nobody {:phoenix_replay_nobody, :none}

  @doc "Watches the components of the calling view, `[{cid, {module, id}}]`."
  def begin(components) do
    send(self(), {:system, @nobody, {:replace_state, &watched(&1, components)}})
  end

  defp watched(state, components) do
    case Session.of_process() do
      nil ->
        state

      session ->
        Compat.with_hooks(state, components, &Render.after_render/2, &seen(session, &1, &2))
    end
  catch
    kind, reason ->
      Fault.report(Session.of_process(), :component, kind, reason)
      state
  end

  # LiveView before 1.1 does not say that a component is gone.
  defp seen(session, alive, sockets) do
    for cid <- Map.keys(Known.get().seen) -- alive, do: Render.gone(session, cid)
    Known.update(&%{&1 | chain: false})
    for {owner, socket} <- sockets, do: Render.changed(session, owner, socket)
  end
end
