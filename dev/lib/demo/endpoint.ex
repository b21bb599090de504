defmodule PhoenixReplay.Demo.Endpoint do
  @moduledoc false
  use Phoenix.Endpoint, otp_app: :phoenix_replay

  @session [
    store: :cookie,
    key: "_phoenix_replay_demo",
    signing_salt: "demo session",
    same_site: "Lax"
  ]

  socket "/live", Phoenix.LiveView.Socket,
    websocket: [connect_info: [session: @session]],
    longpoll: [connect_info: [session: @session]]

  # No asset pipeline: the two scripts every Phoenix application has are served as they come.
  plug Plug.Static,
    at: "/assets/phoenix",
    from: {:phoenix, "priv/static"},
    only: ["phoenix.min.js"]

  plug Plug.Static,
    at: "/assets/live_view",
    from: {:phoenix_live_view, "priv/static"},
    only: ["phoenix_live_view.min.js"]

  plug Plug.Static, at: "/assets", from: Path.expand("../../static", __DIR__)

  plug Plug.Parsers, parsers: [:urlencoded, :multipart, :json], pass: ["*/*"], json_decoder: Jason
  plug Plug.MethodOverride
  plug Plug.Head
  plug Plug.Session, @session
  plug PhoenixReplay.Demo.Router

  @doc "What the endpoint is started with: everything is given here, the repository holds no secret."
  def options(options) do
    [
      adapter: Bandit.PhoenixAdapter,
      http: [ip: {127, 0, 0, 1}, port: Keyword.get(options, :port, 0), startup_log: false],
      server: Keyword.get(options, :server, true),
      url: [
        host: "localhost",
        port: Keyword.get(options, :port, 4000),
        path: Keyword.get(options, :path, "/")
      ],
      check_origin: ["//localhost", "//127.0.0.1"],
      secret_key_base: Base.encode64(:crypto.strong_rand_bytes(48)),
      live_view: [signing_salt: Base.encode64(:crypto.strong_rand_bytes(9))],
      pubsub_server: PhoenixReplay.Demo.PubSub,
      render_errors: [formats: [html: PhoenixReplay.Demo.ErrorHTML], layout: false]
    ]
  end
end
