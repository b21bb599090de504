defmodule PhoenixReplay.Dashboard.ListLive do
  @moduledoc false
  # The list of recordings: sessions that still run on top, then the saved ones, a page of them at a time.
  # It is made of summaries; no recording is opened for it.

  use Phoenix.LiveView, log: false

  import PhoenixReplay.Dashboard.Components

  alias Phoenix.LiveView.JS
  alias PhoenixReplay.Dashboard.{Access, ListRows, Routes}

  @page_size 50
  # Running sessions are looked at again while somebody looks at the list.
  @refresh_ms 2_000

  @impl true
  def mount(_params, _session, socket) do
    if connected?(socket), do: refresh_later()

    {:ok,
     assign(socket,
       page_title: "Recordings",
       asked: nil,
       error: nil,
       running: [],
       page_size: @page_size
     )}
  end

  @impl true
  def handle_params(params, _uri, socket) do
    {:noreply, socket |> assign(:page, page(params["page"])) |> load()}
  end

  @impl true
  def handle_info(:refresh, socket) do
    refresh_later()
    running = Access.running(socket.assigns.options)

    # A session that is gone from the running ones has been saved, or thrown away.
    if ids(running) == ids(socket.assigns.running) do
      {:noreply, assign(socket, running: running, now: now())}
    else
      {:noreply, load(socket)}
    end
  end

  def handle_info(_message, socket), do: {:noreply, socket}

  @impl true
  def handle_event("ask", %{"id" => id}, socket) do
    {:noreply, assign(socket, :asked, Enum.find(socket.assigns.saved, &(&1.id == id)))}
  end

  def handle_event("ask_all", _params, socket), do: {:noreply, assign(socket, :asked, :all)}
  def handle_event("cancel", _params, socket), do: {:noreply, assign(socket, :asked, nil)}

  def handle_event("delete", %{"id" => id}, socket) do
    {:noreply, done(socket, Access.delete(socket.assigns.options, id))}
  end

  def handle_event("clear", _params, socket) do
    {:noreply, done(socket, Access.clear(socket.assigns.options))}
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  # One that was not there any more is as deleted as it can be.
  defp done(socket, result) do
    socket = socket |> assign(:asked, nil) |> load()

    case result do
      {:error, error} -> assign(socket, :error, error.message)
      _done_or_gone -> socket
    end
  end

  defp load(socket) do
    %{options: options, page: page} = socket.assigns

    {saved, error} =
      case Access.saved(options) do
        {:ok, saved} -> {saved, nil}
        {:error, error} -> {[], error.message}
      end

    total = length(saved)
    page = min(page, last_page(total))

    assign(socket,
      error: error,
      running: Access.running(options),
      saved: Enum.slice(saved, (page - 1) * @page_size, @page_size),
      total: total,
      page: page,
      now: now()
    )
  end

  defp page(nil), do: 1

  defp page(text) do
    case Integer.parse(text) do
      {page, ""} when page > 0 -> page
      _other -> 1
    end
  end

  defp last_page(total), do: max(1, div(total + @page_size - 1, @page_size))
  defp ids(summaries), do: Enum.map(summaries, & &1.id)
  defp now, do: System.system_time(:millisecond)
  defp refresh_later, do: Process.send_after(self(), :refresh, @refresh_ms)

  @impl true
  def render(assigns) do
    ~H"""
    <header class="bar">
      <span class="mark" aria-hidden="true"></span>
      <h1>Recordings</h1>
      <span :if={@total > 0} class="badge">{PhoenixReplay.Dashboard.Format.count(@total)}</span>
      <span class="grow"></span>
      <button :if={@total > 0} type="button" class="btn quiet" phx-click="ask_all">Clear all</button>
      <.theme_button />
    </header>
    <p :if={@error} class="notice error" role="alert">{@error}</p>
    <main>
      <ListRows.table
        :if={@running != [] or @saved != []}
        running={@running}
        saved={@saved}
        base={@base}
        now={@now}
      />
      <.empty :if={@running == [] and @saved == [] and @error == nil} />
    </main>
    <ListRows.pager
      :if={@total > @page_size}
      page={@page}
      page_size={@page_size}
      total={@total}
      path={&Routes.list(@base, page: &1)}
    />
    <.question asked={@asked} total={@total} />
    """
  end

  defp empty(assigns) do
    ~H"""
    <.state title="No recordings yet">
      <p>
        Record a live session by naming the recorder in your router, then use one of its pages: each visit
        with at least one event is saved here when it ends.
      </p>
      <pre><code>live_session :default, on_mount: [PhoenixReplay.Recorder] do
      <span class="faint">  live "/", MyAppWeb.HomeLive</span>
    end</code></pre>
      <p>Or one view alone, in its <code>mount/3</code>:</p>
      <pre><code>&lbrace;:ok, PhoenixReplay.Recorder.attach(socket, params, session)&rbrace;</code></pre>
    </.state>
    """
  end

  defp question(%{asked: nil} = assigns), do: ~H""

  defp question(%{asked: :all} = assigns) do
    ~H"""
    <.confirm
      id="confirm-clear"
      title="Clear all recordings?"
      action="Clear all"
      on_confirm={JS.push("clear")}
      on_cancel="cancel"
    >
      Every saved recording you can see ({PhoenixReplay.Dashboard.Format.count(@total)}) is deleted for good.
      Sessions that still run go on.
    </.confirm>
    """
  end

  defp question(assigns) do
    ~H"""
    <.confirm
      id="confirm-delete"
      title="Delete this recording?"
      action="Delete"
      on_confirm={JS.push("delete", value: %{id: @asked.id})}
      on_cancel="cancel"
    >
      <.view_name view={@asked.view} />
      of {PhoenixReplay.Dashboard.Format.at(@asked.connected_at)} is deleted
      for good.
    </.confirm>
    """
  end
end
