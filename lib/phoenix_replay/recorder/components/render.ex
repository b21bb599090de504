defmodule PhoenixReplay.Recorder.Components.Render do
  @moduledoc false
  # A render of a component: its assigns and streams on their way into the recording. Within a render of
  # the view they wait for the end of it, so that all of it is one moment.

  alias PhoenixReplay.Recorder.{Compat, Fault, Parts, Session, Streams}
  alias PhoenixReplay.Recorder.Components.Known
  alias PhoenixReplay.Sanitizer.Custom

  @doc "The hook of a component that is watched. As all hooks it gives the socket back as it was."
  def after_render(socket, owner) do
    case Session.of_process() do
      nil -> :ok
      session -> rendered(session, owner, socket)
    end

    socket
  end

  defp rendered(session, owner, socket) do
    changed(session, owner, socket)
  catch
    kind, reason -> Fault.report(session, :component, kind, reason)
  end

  @doc "Records what a component's assigns and streams are now."
  def changed(%Session{} = session, owner, %{assigns: assigns} = socket) do
    known = Known.get()
    cid = Compat.cid(socket)
    {event, seen} = event(session.sanitizer, owner, known.seen[cid], assigns)
    events = [event | Streams.events(session, assigns, owner)]
    seen = Compat.release(seen, Compat.temporary(socket))
    known = %{known | seen: Map.put(known.seen, cid, {owner, seen})}

    if known.root do
      Known.put(%{known | pending: Enum.reverse(events, known.pending)})
    else
      joins = known.chain and cid in known.joining
      Known.put(%{known | chain: Parts.put_all(events, joins, session)})
    end
  end

  @doc "A component is no more."
  def gone(session, cid) do
    {known, seen} = Map.pop(Known.get().seen, cid)
    Known.update(&%{&1 | seen: seen})

    if known do
      {{module, id}, _assigns} = known
      fields = [{:part, :plain, {:component, module, id}}, {:gone, :plain, true}]
      Parts.put_all([{:component, fields}], false, session)
    end
  end

  # Another component may have had this module and id before.
  defp event(sanitizer, owner, nil, assigns) do
    assigns = if sanitizer, do: Custom.assigns(sanitizer, assigns), else: assigns
    {{:component, [part(owner), {:value, :assigns, assigns}]}, assigns}
  end

  defp event(nil, owner, {_owner, seen}, assigns) do
    {{:component, [part(owner), {:patch, :diff, {seen, assigns, assigns}}]}, assigns}
  end

  defp event(sanitizer, owner, {_owner, seen}, assigns) do
    next = Custom.assigns(sanitizer, assigns)
    {{:component, [part(owner), {:patch, :diff, {seen, next, next}}]}, next}
  end

  defp part({module, id}), do: {:part, :plain, {:component, module, id}}
end
