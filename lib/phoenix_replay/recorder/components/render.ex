defmodule PhoenixReplay.Recorder.Components.Render do
  @moduledoc false
  # A render of a component: its assigns and streams on their way into the recording. Within a render of
  # the view they wait for the end of it, so that all of it is one moment.

  alias PhoenixReplay.Recorder.{
    Compat,
    Facts,
    Fault,
    Parts,
    Pushes,
    Session,
    Streams,
    Template,
    Uploads
  }

  alias PhoenixReplay.Recorder.Components.Known
  alias PhoenixReplay.Sanitizer.Custom

  @doc "The hook of a component that is watched. As all hooks it gives the socket back as it was."
  def after_render(socket, owner) do
    case Session.of_process() do
      nil -> :ok
      session -> changed(session, owner, socket)
    end

    socket
  end

  @doc "Records what a component's assigns and streams are now. A fault in one leaves the others alone."
  def changed(%Session{} = session, owner, socket) do
    record(session, owner, Compat.cid(socket), socket)
  catch
    kind, reason ->
      # Seen without assigns: it is not asked for its hook again, and recorded whole the next time.
      Known.update(&Known.meet(&1, Compat.cid(socket), {owner, nil, []}))
      Fault.report(session, :component, kind, reason)
  end

  defp record(session, {module, _id} = owner, cid, %{assigns: assigns} = socket) do
    {gone, known} = replaced(Known.get(), owner, cid)
    {seen, parts} = seen(known.seen[cid])
    template = if seen == nil, do: Template.events(socket, owner), else: []
    uploads = Uploads.events(session, assigns, owner, seen == nil)
    {{:component, fields}, seen} = event(session.sanitizer, owner, seen, assigns)
    event = {:component, fields ++ code(module, known)}
    known = %{known | modules: Map.put(known.modules, module, true)}
    rows = template ++ Streams.events(session, assigns, owner) ++ uploads

    recorded = {owner, Compat.release(seen, Compat.temporary(socket)), of(rows, parts)}
    events = gone ++ [event | rows] ++ Pushes.events(session, socket)
    put(Known.see(known, cid, recorded), events, cid, session)
  end

  # In a render of the view they wait for its end.
  defp put(%Known{root: true} = known, events, _cid, _session),
    do: Known.put(%{known | pending: Enum.reverse(events, known.pending)})

  defp put(known, events, cid, session) do
    joins = known.chain and cid in known.joining
    Known.put(%{known | chain: Parts.put_all(events, joins, session)})
  end

  @doc "A component is no more."
  def gone(session, cid) do
    {recorded, known} = Known.forget(Known.get(), cid)
    Known.put(known)
    Parts.put_all(gone(recorded), false, session)
  end

  # Of another component that had this module and id LiveView before 1.1 has not said that it is gone.
  defp replaced(known, owner, cid) do
    case known.cids do
      %{^owner => other} when other != cid ->
        {recorded, known} = Known.forget(known, other)
        {gone(recorded), known}

      _none ->
        {[], known}
    end
  end

  # With its streams and uploads: whatever has its name next begins without.
  defp gone(nil), do: []

  defp gone({owner, _assigns, parts}) do
    gone = {:gone, :plain, true}
    parts = for part <- parts, do: {elem(part, 0), [{:part, :plain, part}, gone]}
    [{:component, [part(owner), gone]} | parts]
  end

  defp seen(nil), do: {nil, []}
  defp seen({_owner, assigns, parts}), do: {assigns, parts}

  defp of([], parts), do: parts

  defp of(rows, parts) do
    for {_type, [{:part, :plain, part} | _rows]} <- rows, part not in parts, reduce: parts do
      parts -> [part | parts]
    end
  end

  defp event(sanitizer, owner, nil, assigns) do
    assigns = if sanitizer, do: Custom.assigns(sanitizer, assigns), else: assigns
    {{:component, [part(owner), {:value, :assigns, assigns}]}, assigns}
  end

  defp event(nil, owner, seen, assigns),
    do: {{:component, [part(owner), {:patch, :diff, {seen, assigns, assigns}}]}, assigns}

  defp event(sanitizer, owner, seen, assigns) do
    next = Custom.assigns(sanitizer, assigns)
    {{:component, [part(owner), {:patch, :diff, {seen, next, next}}]}, next}
  end

  # With the first component of a module, what its code is.
  defp code(module, %Known{modules: modules}) when is_map_key(modules, module), do: []
  defp code(module, _known), do: [{:code, :plain, Facts.md5(module)}]

  defp part({module, id}), do: {:part, :plain, {:component, module, id}}
end
