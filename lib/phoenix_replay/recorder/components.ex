defmodule PhoenixReplay.Recorder.Components do
  @moduledoc false
  # Components of a view. Its hooks do not see them; LiveView's telemetry does, and runs its handlers in
  # the process of the view. A handler that raises is detached for the whole node, so these never do.
  #
  # Telemetry brings a component when its parent renders it, which is how one is found. What it does
  # later by itself (`send_update`, `handle_async`) telemetry does not bring, so each is then watched by a
  # hook of its own (`Components.Watch`).

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Compat, Fault, Room, Session}
  alias PhoenixReplay.Recorder.Components.{Known, Render, Watch}

  @component [:phoenix, :live_component]
  @events [
    @component ++ [:handle_event, :start],
    @component ++ [:update, :stop],
    @component ++ [:destroyed]
  ]

  def attach, do: :telemetry.attach_many(__MODULE__, @events, &__MODULE__.handle/4, nil)
  def detach, do: :telemetry.detach(__MODULE__)

  def handle([:phoenix, :live_component | event], _measurements, metadata, _config) do
    case Session.of_process() do
      nil -> :ok
      session -> noticed(session, event, metadata)
    end
  end

  defp noticed(session, event, metadata) do
    told(session, event, metadata)
    :ok
  catch
    kind, reason -> Fault.report(session, :component, kind, reason)
  end

  defp told(session, [:handle_event, :start], %{event: name, params: params} = metadata) do
    Known.update(&%{&1 | chain: false})
    target = metadata |> Map.get(:socket) |> Known.owner()

    session.native
    |> Native.append_fields(:event, [
      {:name, :plain, name},
      {:params, :params, Session.params(session, params)}
      | if(target, do: [{:target, :plain, target}], else: [])
    ])
    |> Room.noted(session.native)
  end

  defp told(session, [:update, :stop], %{sockets: sockets} = metadata) do
    %{socket: view, component: module, assigns_sockets: given} = metadata
    known = Known.get()
    root? = known.fresh or Compat.changed?(view)
    Known.put(%{known | root: root?, joining: renders_next(sockets)})

    unwatched =
      for {{%{id: id}, _before}, socket} <- Enum.zip(given, sockets),
          not Compat.watched?(socket) do
        Render.changed(session, {module, id}, socket)
        {Compat.cid(socket), {module, id}}
      end

    # Those that are seen already wait for their hook: their parent was faster than the message.
    new = for {cid, owner} <- unwatched, not is_map_key(known.seen, cid), do: {cid, owner}
    if new != [], do: Watch.begin(new)
  end

  # A `send_update`: it begins something new, whatever rendered before it.
  defp told(_session, [:update, :stop], _metadata), do: Known.update(&%{&1 | chain: false})

  defp told(session, [:destroyed], %{cid: cid}), do: Render.gone(session, cid)
  defp told(_session, _event, _metadata), do: :ok

  defp renders_next(sockets) do
    for socket <- sockets,
        Compat.changed?(socket) or not Compat.watched?(socket),
        do: Compat.cid(socket)
  end
end
