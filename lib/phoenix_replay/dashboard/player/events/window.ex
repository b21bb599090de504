defmodule PhoenixReplay.Dashboard.Player.Events.Window do
  @moduledoc false
  # What is held of the list of events: the rows around those in sight, and the event shown in full. Other
  # rows are read when they are asked for.
  #
  #   filter     which events are listed
  #   listing    all of them, by position
  #   from, rows the first position that is here, and the rows
  #   event      the event shown, nil while its tab is closed

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Player.Events
  alias PhoenixReplay.Dashboard.Player.Events.{Filter, Listing}
  alias PhoenixReplay.Timeline

  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket
    |> assign(filter: %Filter{}, event: nil)
    |> attach_hook(:window, :handle_event, &event/3)
  end

  @doc "Lists the events anew: of another timeline, or by another filter."
  @spec list(Socket.t()) :: Socket.t()
  def list(%{assigns: %{timeline: timeline, filter: filter}} = socket) do
    socket = assign(socket, :listing, Listing.new(timeline, filter))
    socket |> around() |> shown()
  end

  @doc "Goes along to the event that shows now."
  @spec follow(Socket.t()) :: Socket.t()
  def follow(%{assigns: %{from: from}} = socket) do
    here? = position(socket) in from..(from + Events.window() - 1)//1
    shown(if(here?, do: socket, else: around(socket)))
  end

  defp event("window", %{"from" => from}, socket) when is_integer(from),
    do: {:halt, %{}, window(socket, from)}

  defp event("filter", params, socket),
    do: {:halt, socket |> assign(:filter, Filter.parse(params)) |> list()}

  # In a filtered list only the server knows which row is next.
  defp event("step", %{"by" => by}, socket) when by in [-1, 1] do
    case Listing.step(socket.assigns.listing, socket.assigns.sought, by) do
      nil -> {:halt, socket}
      index -> {:halt, push_event(socket, "jump", %{index: index})}
    end
  end

  defp event(_name, _params, socket), do: {:cont, socket}

  defp around(socket), do: window(socket, position(socket) - div(Events.window(), 2))

  defp window(%{assigns: %{listing: listing}} = socket, from) do
    from = from |> min(listing.count - Events.window()) |> max(0)
    assign(socket, from: from, rows: Listing.rows(listing, from, Events.window()))
  end

  defp position(%{assigns: %{listing: listing, index: index}}),
    do: Listing.position(listing, index)

  defp shown(%{assigns: %{tab: "events", timeline: timeline, index: index}} = socket) do
    case Timeline.events(timeline, index, 1) do
      {:ok, [event]} -> assign(socket, :event, event)
      _none -> assign(socket, :event, nil)
    end
  end

  defp shown(socket), do: assign(socket, :event, nil)
end
