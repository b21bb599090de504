defmodule PhoenixReplay.DashboardHost do
  @moduledoc false
  # A small host application for the tests of the dashboard: an endpoint, a router with the dashboard
  # mounted in several ways, a root layout and views to replay.

  defmodule Layouts do
    @moduledoc false
    use Phoenix.Component

    def root(assigns) do
      ~H"""
      <!DOCTYPE html>
      <html lang="en" data-host-layout>
        <head>
          <link rel="stylesheet" href="/host.css" /><script src="/host.js">
          </script>
        </head>
        <body>{@inner_content}</body>
      </html>
      """
    end

    # What it asks for runs, and nothing else of it.
    def drawing(assigns) do
      ~H"""
      <html lang="en">
        <head>
          <script defer nonce={@replay_nonce} src="/draw.js">
          </script>
          <script src="/host.js">
          </script>
        </head>
        <body>{@inner_content}</body>
      </html>
      """
    end

    def headless(assigns),
      do: ~H|<body>
  <script nonce={@replay_nonce}>
  </script>
  {@inner_content}
</body>|

    def failing(assigns), do: ~H"<body>{@current_user.name}{@inner_content}</body>"

    def app(assigns), do: ~H|<div id="app-layout">{@inner_content}</div>|
  end

  defmodule Policy do
    @moduledoc false
    def authorize(recording), do: not String.starts_with?(recording.id, "secret")
    def raises(_recording), do: raise("no")
  end

  defmodule Actions do
    @moduledoc false
    # Refuses what the test named, as an action or with the id it is done to.
    def authorize(action, subject, %Phoenix.LiveView.Socket{}) do
      refused = Application.get_env(:phoenix_replay, __MODULE__, [])
      action not in refused and {action, subject && subject.id} not in refused
    end
  end

  defmodule Admin do
    @moduledoc false
    import Phoenix.LiveView

    def on_mount(:deny, _params, _session, socket), do: {:halt, redirect(socket, to: "/denied")}
  end

  defmodule Router do
    @moduledoc false
    use Phoenix.Router
    import Phoenix.LiveView.Router
    import PhoenixReplay.Router

    alias PhoenixReplay.DashboardHost.{Actions, Admin, Layouts, Policy}

    pipeline :browser do
      plug :accepts, ["html"]
      plug :fetch_session
      plug :put_root_layout, html: {Layouts, :root}
      plug :protect_from_forgery
      plug :put_secure_browser_headers
      plug :put_nonce
    end

    scope "/" do
      pipe_through :browser
      phoenix_replay "/replay", csp_nonce_assign_key: :csp_nonce
    end

    scope "/teams/:team" do
      pipe_through :browser

      phoenix_replay "/sessions",
        as: :team_replay,
        authorize: Policy,
        frame_layout: {Layouts, :failing}
    end

    scope "/acting" do
      pipe_through :browser

      phoenix_replay "/",
        as: :acting_replay,
        authorize: Actions,
        frame_layout: {Layouts, :headless}
    end

    scope "/kept" do
      pipe_through :browser

      phoenix_replay "/",
        as: :kept_replay,
        allow_destructive_actions: false,
        frame_layout: {Layouts, :drawing}
    end

    scope "/closed" do
      pipe_through :browser

      phoenix_replay "/",
        as: :closed_replay,
        on_mount: {Admin, :deny}
    end

    scope "/raising" do
      pipe_through :browser

      phoenix_replay "/", as: :raising_replay, authorize: &Policy.raises/1
    end

    # As strict as a host can be while the dashboard works.
    defp put_nonce(conn, _opts) do
      conn
      |> assign(:csp_nonce, "host-nonce")
      |> put_resp_header(
        "content-security-policy",
        "default-src 'none'; script-src 'nonce-host-nonce'; style-src 'nonce-host-nonce'; " <>
          "img-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
      )
    end
  end

  defmodule Endpoint do
    @moduledoc false
    use Phoenix.Endpoint, otp_app: :phoenix_replay

    @session [store: :cookie, key: "_host", signing_salt: "replaying", same_site: "Lax"]

    socket "/live", Phoenix.LiveView.Socket, websocket: [connect_info: [session: @session]]
    plug Plug.Parsers, parsers: [:urlencoded]
    plug Plug.Session, @session
    plug PhoenixReplay.DashboardHost.Router
  end

  alias PhoenixReplay.{Recording, Replayed, Store}

  import Phoenix.ConnTest, only: [get: 2]
  import Phoenix.LiveViewTest, only: [live: 2, put_connect_params: 2]

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  @doc "Saves a recording. `fields` are those of `PhoenixReplay.Recording`; it has a session of its own."
  def record(id, fields) do
    run(id, fields)
    {:ok, recording} = Store.finalize(id)
    recording
  end

  @doc "Starts a session of the same that goes on."
  def run(id, fields) do
    recording =
      struct(
        %Recording{
          view: Replayed.RowsLive,
          url: "https://host.test/rows",
          connected_at: System.system_time(:millisecond),
          events: [
            {0, :mount, %{assigns: %{title: "Rows", rows: [%{id: 1, name: "Ann", tags: []}]}}},
            {500, :event, %{name: "rename", params: %{"title" => "Two rows"}}},
            {501, :assigns, %{delta: %{title: "Two rows"}}},
            {901, :handle_params, %{params: %{}, url: "https://host.test/rows?page=2"}},
            {1_000, :info, %{tag: :tick}}
          ]
        },
        fields
      )

    :ok = Store.start_recording(id, recording)
  end

  @doc "The frame of a player's page, which its script would connect with the token that is there."
  def frame(conn, html) do
    {src, params} = framed(html)
    {:ok, frame, _html} = conn |> put_connect_params(params) |> live(src)
    frame
  end

  @doc "The address of a player's frame, and what it connects with."
  def framed(html) do
    [_all, src] = Regex.run(~r/<iframe[^>]*src="([^"]*)"/, html)
    [_all, token] = Regex.run(~r/data-token="([^"]*)"/, html)
    {src, %{"player" => token}}
  end

  @doc "Starts the endpoint, without a server, for as long as the calling test runs."
  def start do
    Application.put_env(:phoenix_replay, Endpoint,
      secret_key_base: String.duplicate("dashboard", 8),
      live_view: [signing_salt: "replaying"],
      render_errors: [formats: [html: PhoenixReplay.DashboardHost.Layouts]],
      http: false,
      server: false
    )

    ExUnit.Callbacks.start_supervised!(Endpoint)
  end
end
