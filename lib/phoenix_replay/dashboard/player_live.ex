defmodule PhoenixReplay.Dashboard.PlayerLive do
  @moduledoc false
  # Replays one recording. The page's own script keeps the clock: it knows when each event was, moves the
  # playhead by itself and tells this process which event to show, one message at a time. What is shown is
  # drawn by the frame; this process draws the rest.

  use Phoenix.LiveView, log: false

  alias PhoenixReplay.Dashboard.{Access, Download, Format, FrameLink, Routes}
  alias PhoenixReplay.Dashboard.Player.Events.{Filter, Listing}

  alias PhoenixReplay.Dashboard.Player.{
    Details,
    Events,
    Header,
    Neighbours,
    Overview,
    State,
    Transport
  }

  alias PhoenixReplay.Timeline

  @tabs ~w(events state details)
  # A running session is read again this often while it is being watched.
  @refresh_ms 2_000

  @impl true
  def mount(%{"id" => id} = params, session, socket) do
    socket =
      assign(socket,
        id: id,
        page_title: "Recording",
        phase: :opening,
        frame: nil,
        downloads: false,
        neighbours: Neighbours.none(),
        viewer: Download.viewer(session)
      )

    # A recording is opened once, by the process that goes on to play it.
    if connected?(socket), do: {:ok, open(socket, params)}, else: {:ok, socket}
  end

  @impl true
  def handle_params(_params, _uri, socket), do: {:noreply, socket}

  defp open(socket, params) do
    %{id: id, base: base} = socket.assigns

    case socket |> Access.open(id) |> Access.told(socket, :view, id: id) do
      {:ok, timeline} ->
        socket
        |> assign(at(timeline, params["at"]))
        |> assign(phase: :playing, tab: "events", filter: %Filter{})
        |> assign(:frame_src, Routes.frame(base, id, FrameLink.token(socket, id)))
        |> assign(:downloads, Access.may?(socket, :download, Timeline.recording(timeline)))
        |> load(timeline)
        |> find_neighbours()

      :error ->
        assign(socket, phase: :missing, page_title: "Not found")

      {:error, error} ->
        assign(socket, phase: {:unreadable, error.message}, page_title: "Not readable")
    end
  end

  @own [:timeline, :listing, :rows, :markers, :urls, :event, :summary, :recording]

  defp find_neighbours(socket) do
    {summary, viewer} = {socket.assigns.summary, Access.viewer(socket, @own)}
    start_async(socket, :neighbours, fn -> Neighbours.find(viewer, summary) end)
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

    if summary.active?, do: Process.send_after(self(), :refresh, @refresh_ms)

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
      page_title: name
    )
    |> assign(:index, min(socket.assigns.index, max(overview.size - 1, 0)))
    |> list(timeline)
    |> moment()
    |> push_event("timeline", Map.take(overview, [:offsets, :names, :named, :errors]))
  end

  @impl true
  def handle_event("seek", %{"index" => index}, socket) when is_integer(index) do
    index = index |> max(0) |> min(max(socket.assigns.size - 1, 0))
    FrameLink.show(socket.assigns.frame, socket.assigns.timeline, index)
    {:reply, %{}, socket |> assign(:index, index) |> follow() |> moment()}
  end

  def handle_event("window", %{"from" => from}, socket) when is_integer(from) do
    {:reply, %{}, window(socket, from)}
  end

  def handle_event("filter", params, socket) do
    {:noreply, socket |> assign(:filter, Filter.parse(params)) |> list(socket.assigns.timeline)}
  end

  # In a filtered list only the server knows which row is next.
  def handle_event("step", %{"by" => by}, socket) when by in [-1, 1] do
    case Listing.step(socket.assigns.listing, socket.assigns.index, by) do
      nil -> {:noreply, socket}
      index -> {:noreply, push_event(socket, "jump", %{index: index})}
    end
  end

  def handle_event("download", _params, %{assigns: %{downloads: true}} = socket) do
    %{base: base, id: id, viewer: viewer} = socket.assigns
    token = Download.token(socket.endpoint, viewer, id)
    {:reply, %{url: Routes.download(base, id, token)}, socket}
  end

  def handle_event("tab", %{"tab" => tab}, socket) when tab in @tabs do
    {:noreply, socket |> assign(:tab, tab) |> follow() |> moment()}
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  @impl true
  def handle_async(:neighbours, {:ok, neighbours}, socket),
    do: {:noreply, assign(socket, :neighbours, neighbours)}

  def handle_async(:neighbours, {:exit, _reason}, socket), do: {:noreply, socket}

  @impl true
  def handle_info({:frame, frame}, %{assigns: %{phase: :playing}} = socket) do
    FrameLink.show(frame, socket.assigns.timeline, socket.assigns.index)
    {:noreply, assign(socket, :frame, frame)}
  end

  def handle_info(:refresh, %{assigns: %{phase: :playing}} = socket) do
    %{id: id, size: size} = socket.assigns

    case Access.open(socket, id) do
      {:ok, timeline} -> {:noreply, grow(socket, timeline, size)}
      # Ended without interaction, and so not kept: what was seen of it can still be played.
      _gone -> {:noreply, assign(socket, :summary, %{socket.assigns.summary | active?: false})}
    end
  end

  def handle_info(_message, socket), do: {:noreply, socket}

  defp grow(socket, timeline, size) do
    if Timeline.size(timeline) == size and Timeline.summary(timeline).active? do
      Process.send_after(self(), :refresh, @refresh_ms)
      socket
    else
      load(socket, timeline)
    end
  end

  defp list(socket, timeline) do
    socket |> assign(:listing, Listing.new(timeline, socket.assigns.filter)) |> window()
  end

  # Only the rows around the ones in sight are here and in the browser.
  defp window(socket), do: window(socket, position(socket) - div(Events.window(), 2))

  defp window(socket, from) do
    %{listing: listing} = socket.assigns
    from = from |> min(listing.count - Events.window()) |> max(0)
    assign(socket, from: from, rows: Listing.rows(listing, from, Events.window()))
  end

  defp follow(%{assigns: %{from: from}} = socket) do
    if position(socket) in from..(from + Events.window() - 1)//1, do: socket, else: window(socket)
  end

  defp position(%{assigns: %{listing: listing, index: index}}),
    do: Listing.position(listing, index)

  # What the open tab shows of this moment, and nothing for the tabs that are closed.
  defp moment(socket) do
    %{timeline: timeline, index: index, tab: tab} = socket.assigns

    assign(socket, :event, if(tab == "events", do: event(timeline, index)))
  end

  defp event(timeline, index) do
    case Timeline.events(timeline, index, 1) do
      {:ok, [event]} -> event
      _none -> nil
    end
  end

  @impl true
  def render(%{phase: :playing} = assigns) do
    ~H"""
    <Header.bar
      base={@base}
      summary={@summary}
      recording={@recording}
      duration_ms={@duration_ms}
      size={@size}
      downloads={@downloads}
      neighbours={@neighbours}
    />
    <main
      id="player"
      class="player"
      phx-hook="Player"
      data-duration={@duration_ms}
      data-size={@size}
      data-live={to_string(@summary.active?)}
      data-index={@index}
      data-at={@at}
      data-from={@from}
      data-count={@listing.count}
      data-position={Listing.position(@listing, @index)}
    >
      <section class="stage" aria-label="Replay">
        <div class="url">
          <span class="dot nav" aria-hidden="true"></span>
          <span id="url" class="mono clip grow">{page(@urls, @index)}</span>
        </div>
        <div class="page">
          <iframe
            id="frame"
            title="The page as it was recorded"
            sandbox="allow-scripts allow-same-origin"
            src={@frame_src}
          ></iframe>
        </div>
        <Transport.bar
          size={@size}
          duration_ms={@duration_ms}
          markers={@markers}
          errors={@errors}
          live={@summary.active?}
        />
      </section>
      <aside class="side" aria-label="About this moment">
        <Header.tabs tab={@tab} />
        <Events.panel
          :if={@tab == "events"}
          rows={@rows}
          listing={@listing}
          shown={Listing.step(@listing, @index, 0)}
          index={@index}
          size={@size}
          event={@event}
        />
        <.live_component
          module={State}
          id="state"
          timeline={@timeline}
          index={@index}
          active={@tab == "state"}
        />
        <Details.panel
          :if={@tab == "details"}
          recording={@recording}
          summary={@summary}
          code={Timeline.code(@timeline)}
        />
      </aside>
    </main>
    <Transport.keys />
    """
  end

  def render(assigns), do: ~H"<Header.nothing base={@base} title={@page_title} phase={@phase} />"

  defp page(urls, index) do
    case Format.page(Overview.url_at(urls, index)) do
      "" -> "page not known"
      page -> page
    end
  end
end
