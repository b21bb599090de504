defmodule PhoenixReplay.Dashboard.ListLive do
  @moduledoc false
  # The list of recordings: sessions that still run on top, then the saved ones, a page of them at a time.
  # It is made of summaries; no recording is opened for it, and no more than a page of them is held.

  use Phoenix.LiveView, log: false

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Access, Format, Routes}
  alias PhoenixReplay.Dashboard.List.{Filter, Filters, Hits, Inside, Page, Pager, Questions, Rows}
  alias PhoenixReplay.Dashboard.List.{Reading, Running, Suggestions}
  alias PhoenixReplay.LiveNow
  alias PhoenixReplay.Storage.Query

  @impl true
  def mount(_params, _session, socket) do
    if connected?(socket), do: renew_later()

    {:ok,
     assign(socket,
       page_title: "Recordings",
       page: nil,
       filter: nil,
       asked: nil,
       busy: nil,
       problem: nil,
       known: Suggestions.none(),
       more_open: false,
       look: nil,
       running: %Running{},
       fresh: 0,
       now: now(),
       clears: Access.may?(socket, :clear),
       searches: Access.may?(socket, :search)
     )
     |> Reading.attach()
     |> Inside.attach()}
  end

  @impl true
  def handle_params(params, _uri, socket) do
    filter = Filter.parse(params)
    from = if filter == socket.assigns.filter, do: socket.assigns.page

    {:noreply,
     socket
     |> assign(filter: filter, page: Page.turn(from, params["after"]))
     |> look()
     |> load(true)
     |> search()}
  end

  defp search(socket) do
    if connected?(socket), do: Inside.start(socket, viewer(socket), where(socket)), else: socket
  end

  defp load(socket, arrived? \\ false),
    do: Reading.start(socket, viewer(socket), where(socket), arrived?)

  defp look(socket) do
    if connected?(socket) and Access.may?(socket, :list) do
      {:ok, query} = socket |> where() |> Query.new()

      case socket.assigns.look do
        nil ->
          assign(socket, :look, LiveNow.look(query))

        %{where: ^query} ->
          socket

        look ->
          socket |> assign(:running, %Running{}) |> assign(:look, LiveNow.change(look, query))
      end
    else
      socket
    end
  end

  defp where(socket), do: Filter.where(socket.assigns.filter, now())

  @impl true
  def handle_info({:live_now, :running, node, count, summaries}, socket) do
    now = now()
    visible = &Access.visible(socket, &1)
    running = Running.told(socket.assigns.running, node, count, summaries, visible, now)
    {:noreply, assign(socket, running: running, now: now)}
  end

  def handle_info({:live_now, :saved, summary}, socket) do
    cond do
      Access.visible(socket, [LiveNow.summary(summary, false)]) == [] -> {:noreply, socket}
      # Nothing would jump.
      socket.assigns.saved == [] and not socket.assigns.reading -> {:noreply, load(socket)}
      true -> {:noreply, update(socket, :fresh, &(&1 + 1))}
    end
  end

  def handle_info(:renew, socket) do
    renew_later()
    now = now()
    running = Running.heard(socket.assigns.running, now)
    {:noreply, socket |> assign(running: running, now: now) |> renew()}
  end

  def handle_info(_message, socket), do: {:noreply, socket}

  defp renew(%{assigns: %{look: nil}} = socket), do: socket

  defp renew(%{assigns: %{look: look}} = socket) do
    {:ok, query} = socket |> where() |> Query.new()
    assign(socket, :look, LiveNow.change(look, query))
  end

  @impl true
  def handle_async(:suggest, {:ok, known}, socket), do: {:noreply, assign(socket, :known, known)}
  def handle_async(:suggest, _failed, socket), do: {:noreply, socket}

  def handle_async(:clear, {:ok, result}, socket),
    do: {:noreply, socket |> assign(:busy, nil) |> done(result)}

  def handle_async(:clear, {:exit, _reason}, socket) do
    {:noreply,
     socket |> assign(:busy, nil) |> load() |> assign(:problem, "Not all were deleted.")}
  end

  @impl true
  def handle_event("filter", params, socket) do
    path = path(socket, Filter.parse(params))
    {:noreply, push_patch(socket, to: path, replace: true)}
  end

  def handle_event("suggest", _params, socket) do
    viewer = viewer(socket)
    {:noreply, start_async(socket, :suggest, fn -> Suggestions.read(viewer) end)}
  end

  def handle_event("more", _params, socket), do: {:noreply, update(socket, :more_open, &not/1)}

  def handle_event("show", _params, socket) do
    socket = assign(socket, :fresh, 0)

    if socket.assigns.page.after == nil,
      do: {:noreply, load(socket)},
      else: {:noreply, push_patch(socket, to: path(socket, socket.assigns.filter))}
  end

  def handle_event("pin", %{"id" => id, "pinned" => pinned}, socket) do
    {:noreply, done(socket, Access.pin(socket, id, pinned == "true"))}
  end

  def handle_event("ask", %{"id" => id}, socket) do
    {:noreply, assign(socket, :asked, Enum.find(socket.assigns.saved || [], &(&1.id == id)))}
  end

  def handle_event("ask_all", _params, socket), do: {:noreply, assign(socket, :asked, :all)}
  def handle_event("cancel", _params, socket), do: {:noreply, assign(socket, :asked, nil)}

  def handle_event("delete", %{"id" => id}, socket) do
    {:noreply, done(socket, Access.delete(socket, id))}
  end

  def handle_event("clear", _params, %{assigns: %{busy: nil}} = socket) do
    {viewer, where} = {viewer(socket), where(socket)}

    {:noreply,
     socket
     |> assign(asked: nil, busy: "Deleting…")
     |> start_async(:clear, fn -> Access.clear(viewer, where) end)}
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  defp viewer(socket), do: Access.viewer(socket, [:saved, :running, :known, :look, :inside])

  # One that was not there any more is as deleted as it can be.
  defp done(socket, result) do
    socket = socket |> assign(asked: nil, problem: nil) |> load()

    case result do
      {:error, error} -> assign(socket, :problem, error.message)
      _done_or_gone -> socket
    end
  end

  defp path(socket, filter, cursor \\ nil),
    do: Routes.list(socket.assigns.base, Filter.params(filter) ++ Page.params(cursor))

  defp now, do: System.system_time(:millisecond)
  defp renew_later, do: Process.send_after(self(), :renew, LiveNow.renew_ms())

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
    <p :for={message <- [@error, @problem]} :if={message} class="notice error" role="alert">
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
      <.state :if={@saved == nil and @live == []} title="Reading the list…">
        <p></p>
      </.state>
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
        more={@page.next != nil}
        path={@bare}
      />
    </main>
    <Pager.pager
      :if={!@inside}
      page={@page}
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
