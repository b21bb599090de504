defmodule PhoenixReplay.Dashboard.Player.Opened do
  @moduledoc false
  # The recording a player plays: opened once, and read again as long as its session goes on.
  #
  #   phase      :opening, :playing, :missing or {:unreadable, message}
  #   sought     the event that the frame shows, or is about to
  #   index, at  the event that all beside the frame is about, and the millisecond to begin at
  #   timeline, recording, summary, size, duration_ms, markers, errors, urls, pages
  #              of the recording, once it plays

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, Format}
  alias PhoenixReplay.Dashboard.Player.Events.Window
  alias PhoenixReplay.Dashboard.Player.{Nested, Overview}
  alias PhoenixReplay.{Store, Timeline}

  # A running session that goes on is read again this often while it is being watched, and seldom enough
  # that reading takes no more than a small part of the time.
  @refresh_ms 2_000
  @part_of_time 20

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
        refresh_later(timeline, @refresh_ms)
        socket |> assign(at(timeline, at)) |> assign(:phase, :playing) |> load(timeline)

      :error ->
        assign(socket, phase: :missing, page_title: "Not found")

      {:error, error} ->
        assign(socket, phase: {:unreadable, error.message}, page_title: "Not readable")
    end
  end

  @own [:timeline, :listing, :rows, :markers, :urls, :event, :summary, :recording, :nested]

  @doc "Who plays it, for a process that looks for something beside: without what is much to copy."
  @spec viewer(Socket.t()) :: Socket.t()
  def viewer(socket), do: Access.viewer(socket, @own)

  @doc "The milliseconds that the `?at=` of a link says; `nil` where it says none."
  @spec linked(term) :: non_neg_integer | nil
  def linked(text) when is_binary(text) do
    case Integer.parse(text) do
      {at, ""} -> max(at, 0)
      _none -> nil
    end
  end

  def linked(_none), do: nil

  # A link to a moment: where to begin, in milliseconds, and the event that shows then.
  defp at(timeline, text) do
    case linked(text) do
      nil ->
        %{at: 0, index: 0, sought: 0}

      at ->
        at = min(at, max(Timeline.duration_ms(timeline), 0))
        index = Timeline.index_at(timeline, at) || 0
        %{at: at, index: index, sought: index}
    end
  end

  # Also for a running session that has grown: everything that follows from the timeline is read again.
  defp load(socket, timeline) do
    summary = Timeline.summary(timeline)
    recording = Timeline.recording(timeline)
    overview = Overview.new(timeline, socket.assigns.lasts)
    {_namespace, name} = Format.view(recording.view)

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
      pages: length(overview.pages),
      page_title: "#{name} · #{recording.id}"
    )
    |> assign(:index, min(socket.assigns.index, max(overview.size - 1, 0)))
    |> Window.list()
    |> push_event("timeline", Map.take(overview, [:offsets, :names, :named, :errors, :pages]))
  end

  @doc "Plays on as long as what is nested in the page, `@lasts`, where that is longer."
  @spec stretch(Socket.t()) :: Socket.t()
  def stretch(%{assigns: %{lasts: lasts, duration_ms: duration}} = socket)
      when lasts <= duration,
      do: socket

  def stretch(%{assigns: %{lasts: lasts, timeline: timeline}} = socket) do
    overview = Overview.new(timeline, lasts)
    assign(socket, duration_ms: overview.duration_ms, markers: overview.markers)
  end

  defp info(:refresh, %{assigns: %{phase: :playing, timeline: timeline}} = socket) do
    if Store.grown?(timeline) do
      {:halt, socket |> again() |> Nested.find()}
    else
      refresh_later(timeline, @refresh_ms)
      {:halt, Nested.find(socket)}
    end
  end

  defp info(_message, socket), do: {:cont, socket}

  defp again(%{assigns: %{id: id}} = socket) do
    began = System.monotonic_time(:millisecond)

    case Access.open(socket, id) do
      {:ok, timeline} ->
        socket = grow(socket, timeline)
        took = System.monotonic_time(:millisecond) - began
        refresh_later(timeline, max(@refresh_ms, @part_of_time * took))
        socket

      # Ended without interaction, and so not kept: what was seen of it can still be played.
      _gone ->
        assign(socket, :summary, %{socket.assigns.summary | active?: false})
    end
  end

  # One that runs on another node may be as it was.
  defp grow(socket, timeline) do
    if Timeline.size(timeline) == socket.assigns.size and Timeline.summary(timeline).active?,
      do: socket,
      else: load(socket, timeline)
  end

  defp refresh_later(timeline, ms) do
    if Timeline.summary(timeline).active?, do: Process.send_after(self(), :refresh, ms)
  end
end
