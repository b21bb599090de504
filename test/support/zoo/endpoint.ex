defmodule PhoenixReplay.Zoo.Endpoint do
  @moduledoc false
  # The host application of the tests: a real endpoint, reached through Phoenix.LiveViewTest.
  use Phoenix.Endpoint, otp_app: :phoenix_replay

  @session [store: :cookie, key: "_zoo", signing_salt: "zoo salt", same_site: "Lax"]

  socket "/live", Phoenix.LiveView.Socket, websocket: [connect_info: [session: @session]]

  plug Plug.Parsers, parsers: [:urlencoded, :multipart], pass: ["*/*"]
  plug Plug.MethodOverride
  plug Plug.Head
  plug Plug.Session, @session
  plug PhoenixReplay.Zoo.Router

  @doc "Starts it, on no port."
  def start do
    Application.put_env(:phoenix_replay, __MODULE__,
      secret_key_base: String.duplicate("zoo", 30),
      live_view: [signing_salt: "zoo live salt"],
      pubsub_server: PhoenixReplay.Zoo.PubSub,
      server: false,
      render_errors: [formats: [html: PhoenixReplay.Zoo.Errors], layout: false]
    )

    {:ok, _pubsub} =
      Supervisor.start_link([{Phoenix.PubSub, name: PhoenixReplay.Zoo.PubSub}],
        strategy: :one_for_one
      )

    start_link()
  end
end

defmodule PhoenixReplay.Zoo.Errors do
  @moduledoc false
  def render(template, _assigns), do: Phoenix.Controller.status_message_from_template(template)
end
