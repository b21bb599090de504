defmodule PhoenixReplay.Demo.Router do
  @moduledoc false
  use Phoenix.Router

  import Phoenix.LiveView.Router
  import PhoenixReplay.Router

  alias PhoenixReplay.Demo.{CheckoutLive, CounterLive, Layouts, NotesLive, SafeLive, TasksLive}

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :fetch_live_flash
    plug :put_root_layout, html: {Layouts, :root}
    plug :protect_from_forgery
    plug :put_secure_browser_headers
    plug :put_policy
  end

  scope "/" do
    pipe_through :browser

    # Everything in this live session is recorded.
    live_session :default, on_mount: [PhoenixReplay.Recorder] do
      live "/", TasksLive
      live "/tasks", TasksLive
      live "/checkout", CheckoutLive
      live "/counter", CounterLive
      live "/notes", NotesLive
      live "/safe", SafeLive
    end

    # A real application puts this behind its own sign-in.
    phoenix_replay "/replay",
      frame_layout: {Layouts, :frame},
      csp_nonce_assign_key: :csp_nonce
  end

  # The same recordings for people who may see fewer of them.
  scope "/desks/:desk" do
    pipe_through :browser

    phoenix_replay "/replay",
      as: :desk_replay,
      authorize: PhoenixReplay.Demo.DeskPolicy,
      csp_nonce_assign_key: :csp_nonce
  end

  # As strict as an application can be, and the dashboard works: nothing inline, nothing from elsewhere.
  defp put_policy(conn, _options) do
    nonce = 18 |> :crypto.strong_rand_bytes() |> Base.url_encode64()

    conn
    |> assign(:csp_nonce, nonce)
    |> put_resp_header(
      "content-security-policy",
      "default-src 'none'; script-src 'nonce-#{nonce}'; style-src 'nonce-#{nonce}'; " <>
        "img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
    )
  end
end
