defmodule PhoenixReplay.Recorder.Hooks do
  @moduledoc false
  # The hot path: what runs in the host's LiveView for each event and each render. A hook never
  # raises, halts, sends or waits, and gives the host's socket back changed in `private` only. The one
  # message there is, the view sends to itself when new components appear: see `Components.Watch`.

  alias PhoenixReplay.Native

  alias PhoenixReplay.Recorder.{
    Attribution,
    Compat,
    Fault,
    Message,
    Metadata,
    Parts,
    Room,
    Session
  }

  alias PhoenixReplay.Recorder.Components.Known
  alias PhoenixReplay.Sanitizer.Custom

  require Compat

  @hooks Compat.hooks(
           handle_event: &__MODULE__.handle_event/3,
           handle_params: &__MODULE__.handle_params/3,
           handle_info: &__MODULE__.handle_info/2,
           after_render: &__MODULE__.after_render/1
         )

  def attach(socket, session), do: Compat.attach(socket, session, @hooks)

  def handle_event(name, params, socket) do
    socket = opened(socket)
    append_event(socket, name, params)
    {:cont, socket}
  end

  def handle_params(params, url, socket) do
    socket = opened(socket)
    append_params(socket, params, url)
    {:cont, socket}
  end

  def handle_info(message, socket) do
    socket = opened(socket)
    append_info(socket, message)
    {:cont, socket}
  end

  # Nearly every render brings assigns alone, so what tells is in the head: one look at the socket.
  def after_render(
        %{
          private:
            %{
              live_temp: temp,
              phoenix_replay:
                %Session{sanitizer: nil, joins: false, behind: false, temporary: []} = session
            } = private,
          assigns: %{__changed__: changed} = assigns
        } = socket
      )
      when Compat.assigns_alone(changed, temp) do
    if Known.pending?() do
      any_render(socket)
    else
      append_assigns(session, assigns, changed)
      session = %{session | seen: Compat.release(assigns, [])}
      %{socket | private: %{private | phoenix_replay: session}}
    end
  catch
    kind, reason -> socket |> lost(:after_render, kind, reason) |> behind()
  end

  def after_render(socket) do
    any_render(socket)
  catch
    kind, reason -> socket |> lost(:after_render, kind, reason) |> behind()
  end

  defp any_render(socket), do: rendered(session(socket), socket)

  defp append_event(socket, name, params) do
    %Session{native: native} = session = session(socket)
    native |> Native.append_event(name, Session.params(session, params)) |> Room.noted(native)
  catch
    kind, reason -> lost(socket, :handle_event, kind, reason)
  end

  defp append_params(socket, params, url) do
    case session(socket) do
      %Session{sanitizer: nil, native: native} ->
        native |> Native.append_params(params, url) |> Room.noted(native)

      %Session{sanitizer: module, native: native} ->
        native
        |> Native.append_params(Custom.params(module, params), Custom.url(url))
        |> Room.noted(native)
    end
  catch
    kind, reason -> lost(socket, :handle_params, kind, reason)
  end

  defp append_info(socket, message) do
    %Session{native: native} = session(socket)
    native |> Native.append_info(Message.tag(message)) |> Room.noted(native)
  catch
    kind, reason -> lost(socket, :handle_info, kind, reason)
  end

  # The first render of a view without handle_params: its assigns are those of the mount event, and
  # LiveView is about to let go of the temporary ones.
  defp rendered(%Session{seen: nil} = session, socket) do
    %Session{seen: seen, temporary: temporary} = session = baseline(session, socket)
    if Parts.any?(session, socket), do: Parts.append(session, socket)
    put(socket, %{session | seen: Map.drop(seen, temporary), joins: false})
  end

  defp rendered(_session, socket) do
    %{private: %{phoenix_replay: session}} = socket = parts(socket)
    changed(session, socket)
  end

  defp changed(%Session{sanitizer: nil, behind: false} = session, %{assigns: assigns} = socket) do
    append_assigns(session, assigns, assigns.__changed__)
    put(socket, %{session | seen: Compat.release(assigns, session.temporary), joins: false})
  end

  # Something of an earlier render was lost, so what changed since the last recorded one is unknown.
  defp changed(%Session{sanitizer: nil} = session, %{assigns: assigns} = socket) do
    append_assigns(session, assigns, assigns)
    seen = Compat.release(assigns, session.temporary)
    put(socket, %{session | seen: seen, joins: false, behind: false})
  end

  defp changed(%Session{sanitizer: module} = session, %{assigns: assigns} = socket) do
    delta =
      if session.behind,
        do: Custom.assigns(module, assigns),
        else: Custom.delta(module, assigns.__changed__, assigns)

    append_assigns(session, delta, delta)
    seen = session.seen |> Map.merge(delta) |> Map.drop(session.temporary)
    put(socket, %{session | seen: seen, joins: false, behind: false})
  end

  defp append_assigns(%Session{joins: false, native: native, seen: seen}, next, changed),
    do: native |> Native.append_assigns(seen, next, changed) |> Room.noted(native)

  defp append_assigns(%Session{native: native, seen: seen}, next, changed) do
    native
    |> Native.append_fields(:assigns, [
      {:patch, :diff, {seen, next, changed}},
      {:joined, :plain, true}
    ])
    |> Room.noted(native)
  end

  defp parts(%{private: %{phoenix_replay: session}} = socket) do
    if Parts.any?(session, socket),
      do: put(socket, %{session | joins: Parts.append(session, socket)}),
      else: socket
  end

  # The `:mount` event is written by the first hook that runs after mount: only then are the assigns
  # those that mount left, whichever hook or callback put them there.
  defp opened(%{private: %{phoenix_replay: %Session{seen: nil} = session}} = socket),
    do: put(socket, baseline(session, socket))

  defp opened(socket), do: socket

  defp baseline(%Session{sanitizer: module} = session, %{assigns: assigns} = socket) do
    seen = if module == nil, do: assigns, else: Custom.assigns(module, assigns)
    append_mount(session.native, seen)
    mounted(session, Compat.release(seen, []), socket)
  catch
    kind, reason ->
      append_empty(session.native)
      lost = [{:mount, kind, reason} | session.lost]
      mounted(%{session | behind: true, lost: lost}, %{}, socket)
  end

  defp append_mount(native, assigns),
    do: native |> Native.append_mount(assigns) |> Room.noted(native)

  # A recording starts with its mount event; what happened and what was lost until then is told after it.
  # The metadata function is asked now, when all that mount and its hooks assigned is there, and never
  # again: what it gets is let go.
  defp mounted(%Session{lost: lost} = session, seen, socket) do
    Attribution.opened()
    for {stage, kind, reason} <- lost, do: Fault.report(session, stage, kind, reason)
    ask(session, socket)
    %{session | seen: seen, temporary: Compat.temporary(socket), lost: [], asks: nil}
  end

  defp ask(%Session{asks: asks} = session, socket) do
    Metadata.ask(session, asks, socket)
  catch
    kind, reason -> Fault.report(session, :metadata, kind, reason)
  end

  # The mount event is there in any case, if need be without assigns; the next render brings them.
  defp append_empty(native) do
    append_mount(native, %{})
  catch
    _kind, _reason -> :dropped
  end

  defp session(%{private: %{phoenix_replay: session}}), do: session

  defp put(%{private: private} = socket, session),
    do: %{socket | private: %{private | phoenix_replay: session}}

  defp lost(%{private: private} = socket, stage, kind, reason) do
    Fault.report(Map.get(private, :phoenix_replay), stage, kind, reason)
    socket
  end

  defp behind(%{private: %{phoenix_replay: session}} = socket),
    do: put(socket, %{session | behind: true})

  defp behind(socket), do: socket
end
