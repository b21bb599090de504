defmodule PhoenixReplay.Dashboard.ListLive do
  @moduledoc false
  # The list of recordings: sessions that still run on top, then the saved ones, a page of them at a time.
  # It is made of summaries; no recording is opened for it, and no more than a page of them is held.

  #
  # What a page does is kept beside it, each with the messages that are its own: `List.Reading` reads the
  # saved ones, `List.Looking` hears of those that run, `List.Inside` searches, `List.Deeds` deletes and keeps.

  use Phoenix.LiveView, log: false

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Access, Format, Routes}
  alias PhoenixReplay.Dashboard.List.{Deeds, Filter, Filters, Hits, Inside, Looking}
  alias PhoenixReplay.Dashboard.List.{Page, Pager, Questions, Reading, Rows, Running, Suggestions}
  alias PhoenixReplay.Dashboard.List.Unsaved

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     socket
     |> assign(
       page_title: "Recordings",
       page: nil,
       filter: nil,
       known: Suggestions.none(),
       more_open: false,
       searches: Access.may?(socket, :search)
     )
     |> Unsaved.attach()
     |> Reading.attach()
     |> Looking.attach()
     |> Inside.attach()
     |> Deeds.attach()}
  end

  @impl true
  def handle_params(params, _uri, socket) do
    filter = Filter.parse(params)
    from = if filter == socket.assigns.filter, do: socket.assigns.page

    {:noreply,
     socket
     |> assign(filter: filter, page: Page.turn(from, params["after"]))
     |> Looking.start()
     |> Reading.start(arrived?: true)
     |> Inside.start()
     |> known()}
  end

  # A link may have the end of a view's name only.
  defp known(%{assigns: %{filter: %{view: view}, known: known}} = socket) do
    if view != nil and known == Suggestions.none() and connected?(socket),
      do: suggest(socket),
      else: socket
  end

  defp suggest(socket) do
    viewer = Reading.viewer(socket)
    start_async(socket, :suggest, fn -> Suggestions.read(viewer) end)
  end

  defp named(%{assigns: %{filter: filter, known: known}} = socket) do
    case named(filter, known) do
      ^filter -> socket
      named -> push_patch(socket, to: path(socket, named), replace: true)
    end
  end

  defp named(filter, known), do: %{filter | view: Suggestions.view(known, filter.view)}

  @impl true
  def handle_info(_message, socket), do: {:noreply, socket}

  @impl true
  def handle_async(:suggest, {:ok, known}, socket),
    do: {:noreply, socket |> assign(:known, known) |> named()}

  def handle_async(:suggest, _failed, socket), do: {:noreply, socket}

  @impl true
  def handle_event("filter", params, socket) do
    filter = named(Filter.parse(params), socket.assigns.known)
    {:noreply, push_patch(socket, to: path(socket, filter), replace: true)}
  end

  def handle_event("suggest", _params, socket), do: {:noreply, suggest(socket)}

  def handle_event("more", _params, socket), do: {:noreply, update(socket, :more_open, &not/1)}

  def handle_event("show", _params, socket) do
    socket = assign(socket, :fresh, 0)

    if socket.assigns.page.after == nil,
      do: {:noreply, Reading.start(socket)},
      else: {:noreply, push_patch(socket, to: path(socket, socket.assigns.filter))}
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  defp path(socket, filter), do: Routes.list(socket.assigns.base, Filter.params(filter))

  @impl true
  def render(assigns) do
    assigns =
      assign(assigns,
        live: live(assigns),
        filtered: Filter.any?(assigns.filter),
        bare: Routes.list(assigns.base)
      )

    ~H"""
    <header class="bar">
      <span class="mark" aria-hidden="true"></span>
      <h1>Recordings</h1>
      <span :if={@total} class="badge">{Format.count(@total)}</span>
      <span class="grow"></span>
      <span :if={@busy} class="muted" role="status">{@busy}</span>
      <button
        :if={@clears and @saved not in [nil, []] and !@busy and !@inside}
        type="button"
        class="btn quiet"
        phx-click="ask_all"
      >
        {if @filtered, do: "Delete all that match", else: "Clear all"}
      </button>
      <.theme_button />
    </header>
    <Filters.form
      :if={@filtered or @saved != [] or @live != [] or @error}
      filter={@filter}
      known={@known}
      searches={@searches}
      open={@more_open}
      path={@bare}
    />
    <p
      :for={message <- [@unsaved, @error, @problem]}
      :if={message}
      class="notice error said"
      role="alert"
    >
      {message}
    </p>
    <div class="fresh" role="status">
      <p :if={@fresh > 0} class="notice row">
        <span class="grow">{Format.counted(@fresh, "new recording")}</span>
        <button type="button" class="btn quiet" phx-click="show"><b>Show</b></button>
      </p>
    </div>
    <main :if={@inside}><Hits.panel inside={@inside} total={@total} base={@base} now={@now} /></main>
    <main :if={!@inside} aria-busy={to_string(@reading)} class={@reading && @saved && "reading"}>
      <.state :if={@saved == nil and @live == []} title="Reading the list…" wait />
      <Rows.table
        :if={@live != [] or @saved not in [nil, []]}
        running={@live}
        more={Running.more(@running)}
        saved={@saved || []}
        base={@base}
        now={@now}
        pins={@pins}
        deletes={@deletes}
      />
      <Questions.empty
        :if={@live == [] and @saved == [] and @error == nil and !@reading}
        filtered={@filtered}
        more={@listed.next != nil}
        path={@bare}
      />
    </main>
    <Pager.pager
      :if={!@inside}
      page={@listed}
      here={length(@saved || [])}
      size={Reading.page_size()}
      total={@total}
      path={&Routes.list(@base, Filter.params(@filter) ++ Page.params(&1))}
    />
    <Questions.question asked={@asked} total={@total} filtered={@filtered} />
    """
  end

  # One that ended just now may be saved before its node says that it does not run any more.
  defp live(%{running: running, saved: saved}) do
    ids = Enum.map(saved || [], & &1.id)
    Enum.reject(Running.newest(running), &(&1.id in ids))
  end
end
