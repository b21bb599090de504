defmodule PhoenixReplay.Dashboard.Player.Opened do
  @moduledoc false
  # The recording a player plays: opened once, and read again as long as its session goes on.
  #
  #   phase      :opening, :playing, :missing or {:unreadable, message}
  #   index, at  the event that shows, and the millisecond to begin at
  #   timeline, recording, summary, size, duration_ms, markers, errors, urls
  #              of the recording, once it plays

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, Format}
  alias PhoenixReplay.Dashboard.Player.Events.Window
  alias PhoenixReplay.Dashboard.Player.Overview
  alias PhoenixReplay.Timeline

  # A running session is read again this often while it is being watched.
  @refresh_ms 2_000

  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket
    |> assign(phase: :opening, page_title: "Recording")
    |> attach_hook(:opened, :handle_info, &info/2)
  end

  @doc "Opens the recording `@id`; `at` is the `?at=` of a link to a moment of it."
  @spec open(Socket.t(), String.t() | nil) :: Socket.t()
  def open(%{assigns: %{id: id}} = socket, at) do
    # A state is read whole and let go of again: none of it is to grow old on this heap.
    Process.flag(:fullsweep_after, 0)

    case socket |> Access.open(id) |> Access.told(socket, :view, id: id) do
      {:ok, timeline} ->
        socket |> assign(at(timeline, at)) |> assign(:phase, :playing) |> load(timeline)

      :error ->
        assign(socket, phase: :missing, page_title: "Not found")

      {:error, error} ->
        assign(socket, phase: {:unreadable, error.message}, page_title: "Not readable")
    end
  end

  # A link to a moment: where to begin, in milliseconds, and the event that shows then.
  defp at(timeline, text) do
    case Integer.parse(text || "") do
      {at, ""} ->
        at = at |> max(0) |> min(max(Timeline.duration_ms(timeline), 0))
        %{at: at, index: Timeline.index_at(timeline, at) || 0}

      _none ->
        %{at: 0, index: 0}
    end
  end

  # Also for a running session that has grown: everything that follows from the timeline is read again.
  defp load(socket, timeline) do
    summary = Timeline.summary(timeline)
    recording = Timeline.recording(timeline)
    overview = Overview.new(timeline)
    {_namespace, name} = Format.view(recording.view)

    if summary.active?, do: refresh_later()

    socket
    |> assign(
      timeline: timeline,
      recording: recording,
      summary: summary,
      size: overview.size,
      duration_ms: overview.duration_ms,
      markers: overview.markers,
      errors: length(overview.errors),
      urls: overview.urls,
      page_title: "#{name} · #{recording.id}"
    )
    |> assign(:index, min(socket.assigns.index, max(overview.size - 1, 0)))
    |> Window.list()
    |> push_event("timeline", Map.take(overview, [:offsets, :names, :named, :errors]))
  end

  defp info(:refresh, %{assigns: %{phase: :playing, id: id}} = socket) do
    case Access.open(socket, id) do
      {:ok, timeline} -> {:halt, grow(socket, timeline)}
      # Ended without interaction, and so not kept: what was seen of it can still be played.
      _gone -> {:halt, assign(socket, :summary, %{socket.assigns.summary | active?: false})}
    end
  end

  defp info(_message, socket), do: {:cont, socket}

  defp grow(socket, timeline) do
    if Timeline.size(timeline) == socket.assigns.size and Timeline.summary(timeline).active? do
      refresh_later()
      socket
    else
      load(socket, timeline)
    end
  end

  defp refresh_later, do: Process.send_after(self(), :refresh, @refresh_ms)
end
