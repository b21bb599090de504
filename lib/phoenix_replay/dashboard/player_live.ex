defmodule PhoenixReplay.Dashboard.PlayerLive do
  @moduledoc false
  # Replays one recording. The page's own script keeps the clock: it knows when each event was, moves the
  # playhead by itself and tells this process which event to show, one message at a time. What is shown is
  # drawn by the frame; this process draws the rest.

  #
  # `Player.Opened` opens the recording and follows it as it grows, `Player.Events.Window` keeps the list of
  # events, `Player.State` the tree of assigns.

  use Phoenix.LiveView, log: false

  alias PhoenixReplay.Dashboard.{Access, Download, Format, FrameLink, Routes}
  alias PhoenixReplay.Dashboard.Player.Events.{Listing, Window}

  alias PhoenixReplay.Dashboard.Player.{
    Details,
    Events,
    Header,
    Neighbours,
    Nested,
    Opened,
    Overview,
    State,
    Transport
  }

  alias PhoenixReplay.Timeline

  @tabs ~w(events state details)

  @impl true
  def mount(%{"id" => id} = params, session, socket) do
    socket =
      socket
      |> assign(
        id: id,
        tab: "events",
        frame: nil,
        frame_src: frame_src(socket, id, Opened.linked(params["at"])),
        token: nil,
        title: nil,
        downloads: false,
        neighbours: Neighbours.none(),
        viewer: Download.viewer(session)
      )
      |> Window.attach()
      |> Nested.attach()
      |> Opened.attach()

    if connected?(socket), do: {:ok, begin(socket, params["at"])}, else: {:ok, socket}
  end

  # A recording is opened once, by the process that goes on to play it. The browser has begun to load the
  # frame before, and shows there what can be told of the beginning alone.
  defp begin(%{assigns: %{id: id}} = socket, at) do
    send(self(), {:open, at})
    assign(socket, :token, FrameLink.token(socket, id))
  end

  defp frame_src(%{assigns: %{base: base}}, id, nil), do: Routes.frame(base, id, [])
  defp frame_src(%{assigns: %{base: base}}, id, at), do: Routes.frame(base, id, at: at)

  @impl true
  def handle_params(_params, _uri, socket), do: {:noreply, socket}

  defp play(%{assigns: %{phase: :playing}} = socket) do
    socket
    |> assign(:downloads, Access.may?(socket, :download, socket.assigns.recording))
    |> find_neighbours()
    |> Nested.find()
  end

  defp play(socket), do: socket

  defp find_neighbours(socket) do
    {summary, viewer} = {socket.assigns.summary, Opened.viewer(socket)}
    start_async(socket, :neighbours, fn -> Neighbours.find(viewer, summary) end)
  end

  @impl true
  def handle_event(_name, _params, %{assigns: %{phase: phase}} = socket) when phase != :playing,
    do: {:noreply, socket}

  def handle_event("seek", %{"index" => index} = params, socket) when is_integer(index) do
    index = index |> max(0) |> min(max(socket.assigns.size - 1, 0))
    at = if is_integer(params["at"]), do: max(params["at"], 0)
    FrameLink.show(socket.assigns.frame, socket.assigns.timeline, index, at)
    socket = assign(socket, :sought, index)
    {:reply, %{}, if(socket.assigns.frame, do: socket, else: drawn(socket))}
  end

  # What is beside the frame goes along once the browser has painted the frame. It is sent on its own: of an
  # answer, LiveView's client would put it into the page twice.
  def handle_event("follow", _params, socket) do
    send(self(), :follow)
    {:reply, %{}, socket}
  end

  def handle_event("download", _params, %{assigns: %{downloads: true}} = socket) do
    %{base: base, id: id, viewer: viewer} = socket.assigns
    token = Download.token(socket.endpoint, viewer, id)
    {:reply, %{url: Routes.download(base, id, token)}, socket}
  end

  def handle_event("tab", %{"tab" => tab}, socket) when tab in @tabs do
    {:noreply, socket |> assign(:tab, tab) |> Window.follow()}
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  @impl true
  def handle_async(:neighbours, {:ok, neighbours}, socket),
    do: {:noreply, assign(socket, :neighbours, neighbours)}

  def handle_async(:neighbours, {:exit, _reason}, socket), do: {:noreply, socket}

  @impl true
  def handle_info({:open, at}, socket), do: {:noreply, socket |> Opened.open(at) |> play()}

  def handle_info({:frame, frame}, %{assigns: %{phase: :playing}} = socket) do
    FrameLink.nested(frame, socket.assigns.nested)
    FrameLink.show(frame, socket.assigns.timeline, socket.assigns.sought)
    {:noreply, assign(socket, :frame, frame)}
  end

  def handle_info(:drawn, %{assigns: %{phase: :playing}} = socket),
    do: {:noreply, push_event(socket, "drawn", %{})}

  def handle_info(:follow, socket), do: {:noreply, follow(socket)}

  def handle_info({:title, title}, socket), do: {:noreply, assign(socket, :title, title)}
  def handle_info(_message, socket), do: {:noreply, socket}

  # No frame is there to wait for.
  defp drawn(socket), do: socket |> follow() |> push_event("drawn", %{})

  defp follow(%{assigns: %{sought: index}} = socket),
    do: socket |> assign(:index, index) |> Window.follow()

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
      data-token={@token}
      data-duration={@duration_ms}
      data-size={@size}
      data-live={to_string(@summary.active?)}
      data-index={@index}
      data-at={@at}
      data-from={@from}
      data-count={@listing.count}
      data-position={Listing.position(@listing, @index)}
    >
      <section id="stage" class="stage" aria-label="Replay">
        <Transport.address title={@title} url={page(@urls, @index)} pages={@pages} />
        <.frame src={@frame_src} />
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
          base={@base}
          nested={@nested}
          recording={@recording}
          summary={@summary}
          code={Timeline.code(@timeline)}
        />
      </aside>
    </main>
    <Transport.keys />
    """
  end

  def render(%{phase: :opening} = assigns) do
    ~H"""
    <Header.bare base={@base} title={@page_title} />
    <main id="player" class="player" phx-hook="Player" data-token={@token}>
      <section id="stage" class="stage" aria-label="Replay">
        <div id="address" class="url muted wait" role="status">Opening the recording…</div>
        <.frame src={@frame_src} />
      </section>
      <aside class="side"></aside>
    </main>
    """
  end

  def render(assigns), do: ~H"<Header.nothing base={@base} title={@page_title} phase={@phase} />"

  attr :src, :string, required: true

  # An iframe that moves loads again. It stays where it is when the recording is open because all that comes
  # before it has an id: without one, LiveView's client takes the root of a component for another each time.
  defp frame(assigns) do
    ~H"""
    <div id="page" class="page">
      <iframe
        id="frame"
        title="The page as it was recorded"
        sandbox="allow-scripts allow-same-origin"
        src={@src}
      ></iframe>
    </div>
    """
  end

  defp page(urls, index) do
    case Format.page(Overview.url_at(urls, index)) do
      "" -> "page not known"
      page -> page
    end
  end
end
