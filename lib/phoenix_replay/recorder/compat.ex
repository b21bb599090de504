defmodule PhoenixReplay.Recorder.Compat do
  @moduledoc false
  # Every use of what LiveView does not document. The same in 1.0, 1.1 and 1.2 as far as it is used here.

  alias Phoenix.LiveView
  alias Phoenix.LiveView.{LiveStream, Socket, UploadConfig, UploadEntry}

  @key :phoenix_replay

  @doc "Whether a recorder can be attached: a connected LiveView, not a component, not recorded yet."
  def recordable?(%Socket{transport_pid: transport, private: private, assigns: assigns})
      when is_pid(transport) do
    is_map_key(private, :lifecycle) and not is_map_key(private, @key) and
      not is_map_key(assigns, :myself)
  end

  def recordable?(_other), do: false

  @doc """
  Whether `handle_params` may be hooked. It may only where the router mounted the view: with anything
  else the hook is taken and LiveView raises later, for the host's view to crash.
  """
  def routed?(%Socket{router: router, root_pid: root, host_uri: %URI{}}) when router != nil,
    do: root == self()

  def routed?(_socket), do: false

  @doc """
  Where a view is, as `{connection, parent, DOM id}`: the processes of its connection and of the view that
  renders it, and its element there. Of a page of its own parent and element are `nil`; of a sticky view,
  which outlives the page that it is on, the parent.

  That a view is sticky the browser says to newer versions alone. To all of them it is one that no router
  mounted, under an id that somebody chose.
  """
  def place(%Socket{transport_pid: connection, parent_pid: parent, id: id}) when is_pid(parent),
    do: {connection, parent, id}

  def place(%Socket{transport_pid: connection, host_uri: %URI{}}), do: {connection, nil, nil}
  def place(%Socket{transport_pid: connection, id: "phx-" <> _random}), do: {connection, nil, nil}
  def place(%Socket{transport_pid: connection, id: id}), do: {connection, nil, id}

  @doc """
  The assigns to compare the next render with: everything that LiveView lets go after a render let go
  too, or a diff would keep it alive.

  A temporary assign is taken out and not set to what it is reset to. The reset is not recorded, so
  the recording still has the old value, and a difference to the reset value would not fit it: with
  nothing to compare with, the next value is recorded whole.
  """
  def release(assigns, []), do: release(assigns)
  def release(assigns, temporary), do: assigns |> Map.drop(temporary) |> release()

  # Setting keys that are there is quicker than dropping them. Most views have the flash alone.
  defp release(%{flash: _} = assigns)
       when not (is_map_key(assigns, :streams) or is_map_key(assigns, :uploads)),
       do: %{assigns | __changed__: nil, flash: nil}

  defp release(%{streams: _, uploads: _, flash: _} = assigns),
    do: %{assigns | __changed__: nil, flash: nil, streams: nil, uploads: nil}

  defp release(%{streams: _, flash: _} = assigns),
    do: %{assigns | __changed__: nil, flash: nil, streams: nil}

  defp release(%{uploads: _, flash: _} = assigns),
    do: %{assigns | __changed__: nil, flash: nil, uploads: nil}

  defp release(assigns), do: Map.drop(assigns, [:__changed__, :flash, :streams, :uploads])

  @doc "Names of the assigns that LiveView resets after each render. They are fixed once mounted."
  def temporary(%Socket{private: %{temporary_assigns: %{} = temporary}}), do: Map.keys(temporary)
  def temporary(_socket), do: []

  @doc """
  Whether a render brings nothing but changed assigns of the host, by the assigns that changed and what
  LiveView sends with it. A guard, for it is asked at every render.
  """
  defguard assigns_alone(changed, temp)
           when not (is_map_key(changed, :flash) or is_map_key(changed, :streams) or
                       is_map_key(changed, :uploads) or is_map_key(temp, :push_events))

  @doc "Whether a render may bring anything but changed assigns of the host."
  def parts?(%Socket{assigns: %{__changed__: changed}, private: %{live_temp: temp}})
      when assigns_alone(changed, temp),
      do: false

  def parts?(_socket), do: true

  @doc """
  The same of what the first render settles: what it is rendered with as well, and a flash and streams that
  were there before anything changed.
  """
  def first_parts?(%Socket{assigns: assigns} = socket) do
    parts?(socket) or is_map_key(assigns, :streams) or flash(socket, true) != nil or
      render_with(socket) != nil or layout(socket) != :own
  end

  @doc "The flash where it changed; at the `first?` render, which does not say so, where there is one."
  def flash(%Socket{assigns: %{__changed__: %{flash: _}, flash: flash}}, _first?), do: flash
  def flash(%Socket{assigns: %{flash: flash}}, true) when flash != %{}, do: flash
  def flash(_socket, _first?), do: nil

  @doc "Events pushed to the browser with this render, as `{name, payload}` in their order."
  def pushed(%Socket{private: %{live_temp: %{push_events: events}}}),
    do: for([name, payload | _options] <- Enum.reverse(events), do: {name, payload})

  def pushed(_socket), do: []

  @doc "Whether a callback left anything for the browser besides changed assigns."
  def pushes?(%Socket{redirected: nil, private: %{live_temp: %{push_events: _}}}), do: true
  def pushes?(%Socket{redirected: nil}), do: false
  def pushes?(_socket), do: true

  @doc """
  Whether what a callback returned is rendered, so that a hook is going to see what it pushed: it
  changed something, or it is the first render, or a patch leads to another callback first.
  """
  def renders?(%Socket{redirected: {:live, :patch, _to}, assigns: assigns})
      when not is_map_key(assigns, :myself),
      do: true

  def renders?(%Socket{redirected: {_kind, _to}} = socket), do: component_changed?(socket)
  def renders?(%Socket{redirected: {:live, _kind, _to}} = socket), do: component_changed?(socket)
  def renders?(%Socket{private: %{phoenix_replay: %{joins: true}}}), do: true
  def renders?(socket), do: changed?(socket)

  # A view that goes elsewhere is not rendered any more; a component is, once.
  defp component_changed?(socket), do: cid(socket) != nil and changed?(socket)

  @doc "Where a callback sends the browser: `{:patch | :navigate | :redirect, url}`, `nil` for nowhere."
  def away(%Socket{redirected: {:live, :patch, %{to: url}}}), do: {:patch, url}
  def away(%Socket{redirected: {:live, _redirect, %{to: url}}}), do: {:navigate, url}
  def away(%Socket{redirected: {:redirect, %{external: url}}}), do: {:redirect, url}
  def away(%Socket{redirected: {:redirect, %{to: url}}}), do: {:redirect, url}
  def away(_socket), do: nil

  @doc "Where a view went that ended for the reason `{:shutdown, reason}`, `nil` where it did not go by itself."
  def left_for({:live_redirect, %{to: url}}) when is_binary(url), do: {:navigate, url}
  def left_for({:redirect, %{to: url}}) when is_binary(url), do: {:redirect, url}
  def left_for(_reason), do: nil

  @doc """
  What a render sends of the streams that changed: `{name, {reset?, deletes, inserts}}`, the newest
  insert first. An insert is `{dom_id, at, item, limit, update_only}`; LiveView 1.0 has no `update_only`.
  """
  def streams(%{streams: %{__changed__: changed} = streams}) do
    for name <- changed, %{inserts: inserts} = stream <- [Map.get(streams, name)] do
      {name, {stream.reset?, stream.deletes, Enum.map(inserts, &insert/1)}}
    end
  end

  def streams(_assigns), do: []

  defp insert({dom_id, at, item, limit, update_only}),
    do: {dom_id, at, item, limit, update_only == true}

  defp insert({dom_id, at, item, limit}), do: {dom_id, at, item, limit, false}

  @doc "The stream that a template finds in `@streams`: all its rows, `[{dom_id, item}]`, sent anew."
  def stream(name, rows) do
    inserts =
      Enum.reduce(rows, [], fn {dom_id, item}, inserts -> [row(dom_id, item) | inserts] end)

    struct(LiveStream,
      name: name,
      dom_id: &to_string/1,
      ref: to_string(name),
      inserts: inserts,
      reset?: true
    )
  end

  # Of LiveView 1.0, or with `update_only`.
  [insert] = LiveStream.new(:rows, "0", [%{id: 1}], []).inserts

  if tuple_size(insert) == 4,
    do: defp(row(dom_id, item), do: {dom_id, -1, item, nil}),
    else: defp(row(dom_id, item), do: {dom_id, -1, item, nil, false})

  @doc "The function that `render_with` gave a view or a component, `nil` where its module renders it."
  def render_with(%Socket{private: %{render_with: function}}), do: function
  def render_with(_socket), do: nil

  @doc "The layout around a view where it is not the one of its module, `false` for none."
  def layout(%Socket{view: view, private: %{live_layout: layout}}),
    do: if(layout == (view.__live__()[:layout] || false), do: :own, else: {:ok, layout})

  def layout(_socket), do: :own

  @upload ~w(ref max_entries max_file_size accept auto_upload? errors)a
  @entry ~w(ref upload_ref uuid progress preflighted? valid? done? cancelled?
            client_name client_relative_path client_size client_type client_last_modified)a
  @refs_to_names :__phoenix_refs_to_names__

  @doc """
  The uploads that a render may have changed: `{name, before, now}`, each a map of what a page shows of it,
  and `before` is `nil` of a new one.
  """
  def uploads(%{__changed__: %{uploads: before}, uploads: now}) do
    before = if is_map(before), do: before, else: %{}

    for {name, %UploadConfig{} = upload} <- now, before[name] != upload do
      {name, shown(before[name]), shown(upload)}
    end
  end

  def uploads(_assigns), do: []

  defp shown(nil), do: nil

  defp shown(%UploadConfig{entries: entries} = upload) do
    upload |> Map.take(@upload) |> Map.put(:entries, Enum.map(entries, &Map.take(&1, @entry)))
  end

  @doc "What a template finds in `@uploads`, from `%{name => shown}`."
  def uploads_assign(shown) do
    refs = for {name, %{ref: ref}} <- shown, into: %{}, do: {ref, name}

    Map.new(shown, fn {name, upload} -> {name, upload(name, upload)} end)
    |> Map.put(@refs_to_names, refs)
  end

  defp upload(name, shown) do
    entries = for %{} = entry <- shown[:entries] || [], do: entry(name, entry)
    UploadConfig |> struct(shown) |> struct(name: name, allowed?: true, entries: entries)
  end

  defp entry(name, shown), do: UploadEntry |> struct(shown) |> struct(upload_config: name)

  @doc "The number of the component that a socket is of, `nil` for a view."
  def cid(%Socket{assigns: %{myself: %{cid: cid}}}), do: cid
  def cid(_socket), do: nil

  @doc "Whether a view has assigns that changed: it is rendering, or is about to."
  def changed?(%Socket{assigns: %{__changed__: changed}}), do: changed != %{}

  @hook {PhoenixReplay, :component}

  @doc "Whether a component has the recorder's hook."
  def watched?(%Socket{private: %{lifecycle: %{after_render: [%{id: @hook} | _]}}}), do: true
  def watched?(_socket), do: false

  @doc """
  The state of a LiveView's channel with `hook`, a function of socket and owner, in components
  `[{cid, owner}]`. `seen` is told all cids there are, and the sockets that got the hook.

  The hook comes before those of streams, which empty them, so that it sees what is in them.
  """
  def with_hooks(%{components: {cids, ids, next}, socket: view} = state, components, hook, seen) do
    hooked =
      for {cid, owner} <- components, %{^cid => {_, _, assigns, private, _}} <- [cids] do
        socket = %{view | assigns: Map.put(assigns, :__changed__, %{}), private: private}
        {cid, owner, first(socket, &hook.(&1, owner))}
      end

    seen.(Map.keys(cids), for({_cid, owner, socket} <- hooked, do: {owner, socket}))

    cids =
      for {cid, _owner, %{private: private}} <- hooked, reduce: cids do
        cids -> Map.update!(cids, cid, &put_elem(&1, 3, private))
      end

    %{state | components: {cids, ids, next}}
  end

  def with_hooks(state, _components, _hook, _seen), do: state

  # In front of those that were attached before.
  defp first(socket, hook) do
    %{private: %{lifecycle: lifecycle} = private} =
      socket = LiveView.attach_hook(socket, @hook, :after_render, hook)

    {ours, others} = Enum.split_with(lifecycle.after_render, &(&1.id == @hook))
    lifecycle = %{lifecycle | after_render: ours ++ others}
    %{socket | private: %{private | lifecycle: lifecycle}}
  end

  @doc """
  The hooks that `Phoenix.LiveView.attach_hook/4` makes of functions by stage, for `attach/3`. They are made
  once: attached to each socket one after the other, each would copy it.
  """
  def hooks(functions) do
    # Anything but nil is a router to it.
    socket = %Socket{router: __MODULE__, private: %{lifecycle: %LiveView.Lifecycle{}}}

    Map.new(functions, fn {stage, function} ->
      attached = LiveView.attach_hook(socket, {PhoenixReplay, stage}, stage, function)
      [hook] = Map.fetch!(attached.private.lifecycle, stage)
      {stage, hook}
    end)
  end

  @doc """
  Puts the recorder's session into a socket and attaches its hooks, in front of those that were attached
  before: what one of them halts is recorded too, and streams are seen before their own hooks empty them.
  """
  def attach(%Socket{private: %{lifecycle: lifecycle} = private} = socket, session, hooks) do
    lifecycle = %{
      lifecycle
      | handle_event: [hooks.handle_event | lifecycle.handle_event],
        handle_info: [hooks.handle_info | lifecycle.handle_info],
        after_render: [hooks.after_render | lifecycle.after_render],
        handle_params: handle_params(socket, hooks, lifecycle)
    }

    %{socket | private: Map.put(%{private | lifecycle: lifecycle}, @key, session)}
  end

  defp handle_params(socket, hooks, lifecycle) do
    if routed?(socket),
      do: [hooks.handle_params | lifecycle.handle_params],
      else: lifecycle.handle_params
  end
end
