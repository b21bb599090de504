defmodule PhoenixReplay.Bench.Dashboard.Host do
  @moduledoc "An application with the dashboard in it, and a page of 1,000 rows that is recorded. It listens on any free port, for a browser."

  defmodule RowsLive do
    @moduledoc "1,000 rows and a draft. What is sent of a change of one row is LiveView's own."
    use Phoenix.LiveView

    alias PhoenixReplay.Bench.Task

    @impl true
    def mount(_params, _session, socket), do: {:ok, assign(socket, assigns())}

    @doc "What `mount/3` leaves, of so many rows."
    def assigns(rows \\ 1_000), do: [rows: Task.list(rows), draft: ""]

    @impl true
    def handle_event("rename", %{"id" => id, "title" => title}, socket) do
      rows = Enum.map(socket.assigns.rows, &if(&1.id == id, do: %{&1 | title: title}, else: &1))
      {:noreply, assign(socket, :rows, rows)}
    end

    @impl true
    def render(assigns) do
      ~H"""
      <main>
        <p>{@draft}</p>
        <table>
          <tr :for={row <- @rows} id={"row-#{row.id}"}>
            <td>{row.title}</td>
            <td>{row.description}</td>
            <td>{row.status}</td>
            <td>{row.assignee}</td>
            <td>{row.due_on}</td>
          </tr>
        </table>
      </main>
      """
    end
  end

  defmodule Layouts do
    @moduledoc false
    use Phoenix.Component

    def root(assigns) do
      ~H"""
      <!DOCTYPE html>
      <html lang="en">
        <body>{@inner_content}</body>
      </html>
      """
    end
  end

  defmodule Router do
    @moduledoc false
    use Phoenix.Router

    import Phoenix.LiveView.Router
    import PhoenixReplay.Router

    pipeline :browser do
      plug :accepts, ["html"]
      plug :fetch_session
      plug :put_root_layout, html: {Layouts, :root}
      plug :protect_from_forgery
      plug :put_secure_browser_headers
    end

    scope "/" do
      pipe_through :browser

      live_session :recorded, on_mount: [PhoenixReplay.Recorder] do
        live "/rows", RowsLive
      end

      phoenix_replay "/replay"
    end
  end

  defmodule Endpoint do
    @moduledoc false
    use Phoenix.Endpoint, otp_app: :phoenix_replay

    @session [store: :cookie, key: "_bench", signing_salt: "bench session", same_site: "Lax"]

    socket "/live", Phoenix.LiveView.Socket, websocket: [connect_info: [session: @session]]
    plug Plug.Session, @session
    plug Router
  end

  @doc "Starts it for as long as the calling process lives."
  @spec start() :: :ok
  def start do
    Application.put_env(:phoenix_replay, Endpoint,
      secret_key_base: Base.encode64(:crypto.strong_rand_bytes(48)),
      live_view: [signing_salt: "bench pages"],
      adapter: Bandit.PhoenixAdapter,
      http: [ip: {127, 0, 0, 1}, port: 0],
      server: true,
      check_origin: false
    )

    {:ok, _pid} = Endpoint.start_link()
    :ok
  end

  @doc "Where it is."
  @spec address() :: String.t()
  def address do
    {:ok, {_address, port}} = Endpoint.server_info(:http)
    "http://127.0.0.1:#{port}"
  end
end
