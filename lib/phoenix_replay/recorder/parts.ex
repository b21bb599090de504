defmodule PhoenixReplay.Recorder.Parts do
  @moduledoc false
  # What a render brings besides assigns of the host: flash, streams, uploads, components. Each part is an
  # event of its own, with a key that the replay finds it by (`PhoenixReplay.Replay.Moment`). What came
  # with one render is joined: every event after the first says so, for nobody saw the state between two.

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Compat, Pushes, Room, Session, Streams, Template, Uploads}
  alias PhoenixReplay.Recorder.Components.Known

  @doc "Whether this render brings any. Asked at every render, so it looks at next to nothing."
  @spec any?(Session.t(), Socket.t()) :: boolean
  def any?(%Session{joins: true}, socket), do: Compat.first_parts?(socket) or Known.pending?()
  def any?(_session, socket), do: Compat.parts?(socket) or Known.pending?()

  @doc "Appends them, and says whether what else belongs to the render joins them."
  @spec append(Session.t(), Socket.t()) :: boolean
  def append(%Session{joins: joins} = session, socket) do
    joins
    |> template(session, socket)
    |> pushed(session, socket)
    |> flash(session, socket)
    |> streams(session, socket)
    |> uploads(session, socket)
    |> components(session)
  end

  @doc "Appends `[{type, fields}]`; from the first that is recorded on, or if `joins`, they are joined."
  @spec put_all([{atom, [Native.field()]}], boolean, Session.t()) :: boolean
  def put_all(events, joins, session) do
    for {type, fields} <- events, reduce: joins do
      joins -> put(joins, session, type, fields)
    end
  end

  # Of the first render alone.
  defp template(joins, %Session{joins: true} = session, socket),
    do: socket |> Template.events(nil) |> put_all(joins, session)

  defp template(joins, _session, _socket), do: joins

  # The page shows nothing of them: they are there for the list of events.
  defp pushed(joins, session, socket) do
    session |> Pushes.events(socket) |> put_all(joins, session)
    joins
  end

  defp flash(joins, session, socket) do
    case Compat.flash(socket, session.joins) do
      nil ->
        joins

      flash ->
        put(joins, session, :flash, [
          {:part, :plain, :flash},
          {:value, :params, Session.params(session, flash)}
        ])
    end
  end

  defp streams(joins, session, %{assigns: assigns}),
    do: session |> Streams.events(assigns, nil) |> put_all(joins, session)

  defp uploads(joins, session, %{assigns: assigns}),
    do: session |> Uploads.events(assigns, nil, session.behind) |> put_all(joins, session)

  defp components(joins, session) do
    if Known.pending?(), do: put_all(Known.take_pending(), joins, session), else: joins
  end

  defp put(joins, %Session{native: native}, type, fields) do
    fields = if joins, do: [{:joined, :plain, true} | fields], else: fields
    appended = native |> Native.append_fields(type, fields) |> Room.noted(native)
    joins or appended == :ok
  end
end
