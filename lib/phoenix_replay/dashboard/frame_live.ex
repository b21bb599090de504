defmodule PhoenixReplay.Dashboard.FrameLive do
  @moduledoc false
  # The replayed page, alone in its iframe. It draws what the player tells it to and does nothing else:
  # whatever the page sends back, were anything to get past the frame's script, ends here.
  #
  # To read a long recording takes longer than all else until something is seen. So the HTML of the page has
  # the first moment in it, where the beginning of the recording tells all of it.

  use Phoenix.LiveView, log: false

  alias PhoenixReplay.Dashboard.{Access, FrameElsewhere, FrameLink}
  alias PhoenixReplay.Dashboard.Player.Opened
  alias PhoenixReplay.{Replay, Timeline}
  alias PhoenixReplay.Replay.{Nested, Placeholder, Step}

  @unreachable "The player of this page is on another node, and this one is not connected to it. Connect " <>
                 "the nodes, or let the load balancer send a browser to one of them."

  # Its own title, while the recorded page has none.
  @title "Replay"

  @impl true
  def mount(%{"id" => id} = params, _session, socket) do
    socket =
      assign(socket,
        id: id,
        player: nil,
        page_title: @title,
        moment: nil,
        nested: nil,
        opened: %{},
        shown: nil,
        page: Placeholder.note("")
      )

    if connected?(socket) do
      # Each page shown is a large tree that the next one replaces: what the heap's old generation keeps of
      # them is garbage, and many times what is held.
      Process.flag(:fullsweep_after, 0)
      {:ok, join(socket, id, get_connect_params(socket)["player"])}
    else
      {:ok, begin(socket, id, Opened.linked(params["at"]) || 0)}
    end
  end

  # How many events from a moment on tell whether the render it is of has ended.
  @ahead 50

  # What the player will show first. What is refused, or cannot be read, it says itself.
  defp begin(socket, id, at) do
    with {:ok, timeline} <- Access.beginning(socket, id),
         index when index != nil <- Timeline.index_at(timeline, at),
         true <- timeline |> Timeline.rows(index + 1, @ahead) |> Enum.any?(&ended?/1) do
      show(socket, {timeline, index, at})
    else
      _too_little -> socket
    end
  end

  # What begins something new has not been rendered with what was before.
  defp ended?(%{type: type}), do: type in [:event, :info]

  # The layout around the page is the host's, and so is the look of a LiveView without one.
  @impl true
  def render(assigns), do: ~H"{@page}"

  @impl true
  def handle_params(_params, _uri, socket), do: {:noreply, socket}

  @impl true
  def handle_info({:show, timeline, index, at}, socket),
    do: {:noreply, told(socket, FrameLink.newest({timeline, index, at}))}

  def handle_info({:nested, nested}, %{assigns: %{moment: moment}} = socket) do
    {nested, opened} = Enum.flat_map_reduce(nested, socket.assigns.opened, &here(&1, &2, socket))
    {:noreply, socket |> assign(nested: nested, opened: opened) |> show(moment)}
  end

  def handle_info(:sent, socket) do
    FrameLink.drawn(socket.assigns.player)
    {:noreply, socket}
  end

  def handle_info(_message, socket), do: {:noreply, socket}

  @impl true
  def handle_event(_name, _params, socket), do: {:noreply, socket}

  defp join(socket, id, token) do
    case FrameLink.join(socket, id, token) do
      {:ok, player} -> socket |> assign(:player, player) |> told(FrameLink.first(player))
      :error -> note(socket, "This page is drawn by a player. Open the recording to see it.")
      :unreachable -> note(socket, @unreachable)
    end
  end

  defp told(socket, nil), do: socket

  defp told(socket, {timeline, index, at}) do
    # Comes when LiveView has sent the page.
    send(self(), :sent)

    case FrameElsewhere.here(timeline, socket.assigns.opened, socket) do
      {:ok, timeline, opened} ->
        moment = {timeline, index, at}
        socket |> assign(moment: moment, opened: opened) |> show(moment)

      :error ->
        note(socket, "There is no such recording.")
    end
  end

  defp here(%Nested{timeline: timeline} = one, opened, socket) do
    case FrameElsewhere.here(timeline, opened, socket) do
      {:ok, timeline, opened} -> {[%{one | timeline: timeline}], opened}
      :error -> {[], opened}
    end
  end

  # The frame is a page of its own, so it asks again whether this viewer may see the recording.
  defp show(socket, nil), do: socket

  defp show(socket, {timeline, index, _at} = moment) do
    recording = Timeline.recording(timeline)

    cond do
      recording.id != socket.assigns.id or
          not Access.may?(socket, :view, recording) ->
        note(socket, "There is no such recording.")

      Timeline.size(timeline) == 0 ->
        note(socket, "This recording holds no events.")

      true ->
        draw(socket, recording.view, Timeline.page(timeline, index), nested(socket, moment))
    end
  end

  # Until it is known what is nested in the page, its places stay empty.
  defp nested(%{assigns: %{nested: nil}}, _moment), do: fn _place -> Placeholder.nothing() end
  defp nested(%{assigns: %{nested: []}}, _moment), do: fn _place -> nil end

  defp nested(%{assigns: %{nested: nested}} = socket, {timeline, index, at}) do
    at = Timeline.recording(timeline).connected_at + (at || offset(timeline, index))
    Nested.drawn(nested, at, socket, &Access.may?(socket, :view, &1))
  end

  defp offset(timeline, index) do
    case Timeline.rows(timeline, index, 1) do
      [%{offset_ms: offset_ms}] -> offset_ms
      [] -> 0
    end
  end

  defp draw(socket, view, {:ok, moment}, nested) do
    socket = titled(socket, moment.assigns)

    case Replay.render(view, moment, socket, nested) do
      {:ok, page} -> turn(socket, page)
      {:error, failure} -> turn(socket, Placeholder.failure(failure))
    end
  end

  defp draw(socket, _view, {:error, error}, _nested), do: note(socket, error.message)

  # Around it is the host's own layout, so its prefix and suffix are there again.
  defp titled(%{assigns: %{page_title: before, player: player}} = socket, assigns) do
    title = Replay.title(assigns)
    if (title || @title) != before, do: FrameLink.title(player, title)
    assign(socket, :page_title, title || @title)
  end

  defp note(socket, text), do: turn(socket, Placeholder.note(text))

  defp turn(socket, page) do
    assign(socket, shown: page, page: Step.between(socket.assigns.shown, page))
  end
end
