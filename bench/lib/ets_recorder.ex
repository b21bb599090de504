defmodule PhoenixReplay.Bench.EtsRecorder do
  @moduledoc """
  The plain recorder that PhoenixReplay is compared with. Frozen: a ratio means something only as
  long as what it is relative to stays as it is.

  It is what one writes without a NIF, with care but without tricks: on each event every changed assign
  is sanitized deeply (`PhoenixReplay.Bench.EtsRecorder.Sanitizer`) and inserted whole into an ETS
  `ordered_set` under `{id, seq}`.

      live_session :default, on_mount: [PhoenixReplay.Bench.EtsRecorder] do
  """
  import Phoenix.LiveView, only: [attach_hook: 4, connected?: 1, put_private: 3]

  alias PhoenixReplay.Bench.EtsRecorder.Sanitizer

  @events PhoenixReplay.Bench.EtsRecorder.Events
  @sessions PhoenixReplay.Bench.EtsRecorder.Sessions
  @max_events 1_000_000
  @count 5

  @doc "Makes the tables, which live as long as the calling process."
  def init do
    options = [:named_table, :public, write_concurrency: true, read_concurrency: true]
    :ets.new(@events, [:ordered_set | options])
    :ets.new(@sessions, [:set | options])
    :ok
  end

  def on_mount(_options, params, session, socket) do
    if connected?(socket),
      do: {:cont, attach(socket, params, session)},
      else: {:cont, socket}
  end

  defp attach(socket, params, session) do
    id = Base.url_encode64(:crypto.strong_rand_bytes(16), padding: false)
    started = System.monotonic_time(:millisecond)
    context = {Sanitizer.params(params), Sanitizer.params(session)}
    :ets.insert(@sessions, {id, socket.view, System.system_time(:millisecond), context, 0})

    socket
    |> put_private(:ets_recorder, %{id: id, started: started, mounted: false})
    |> attach_hook(:ets_recorder, :handle_event, &handle_event/3)
    |> attach_hook(:ets_recorder, :handle_info, &handle_info/2)
    |> attach_hook(:ets_recorder, :after_render, &after_render/1)
  end

  def handle_event(name, params, socket) do
    append(socket, :event, %{name: name, params: Sanitizer.params(params)})
    {:cont, socket}
  end

  def handle_info(_message, socket) do
    append(socket, :info, %{})
    {:cont, socket}
  end

  def after_render(%{private: %{ets_recorder: %{mounted: false} = session}} = socket) do
    append(socket, :mount, %{assigns: Sanitizer.assigns(socket.assigns)})
    put_private(socket, :ets_recorder, %{session | mounted: true})
  end

  def after_render(%{assigns: assigns} = socket) do
    changed = Map.take(assigns, Map.keys(assigns.__changed__))
    append(socket, :assigns, %{delta: Sanitizer.assigns(changed)})
    socket
  end

  defp append(%{private: %{ets_recorder: %{id: id, started: started}}}, type, payload) do
    offset = System.monotonic_time(:millisecond) - started
    seq = :ets.update_counter(@sessions, id, {@count, 1})
    if seq <= @max_events, do: :ets.insert(@events, {{id, seq}, {offset, type, payload}})
  end

  @doc "The events of the session of `socket`, in order."
  def events(%{private: %{ets_recorder: %{id: id}}}),
    do: :ets.select(@events, [{{{id, :_}, :"$1"}, [], [:"$1"]}])

  @doc "Forgets the session of `socket`."
  def delete(%{private: %{ets_recorder: %{id: id}}}) do
    :ets.match_delete(@events, {{id, :_}, :_})
    :ets.delete(@sessions, id)
    :ok
  end

  @doc "Bytes that all sessions take."
  def bytes do
    words = :ets.info(@events, :memory) + :ets.info(@sessions, :memory)
    words * :erlang.system_info(:wordsize)
  end
end
