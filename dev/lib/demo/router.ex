defmodule PhoenixReplay.Demo.Router do
  @moduledoc false
  use Phoenix.Router

  import Phoenix.LiveView.Router
  import PhoenixReplay.Router

  alias PhoenixReplay.Demo.{CheckoutLive, CounterLive, Layouts, TasksLive}

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :fetch_live_flash
    plug :put_root_layout, html: {Layouts, :root}
    plug :protect_from_forgery
    plug :put_secure_browser_headers
  end

  scope "/" do
    pipe_through :browser

    # Everything in this live session is recorded.
    live_session :default, on_mount: [PhoenixReplay.Recorder] do
      live "/", TasksLive
      live "/tasks", TasksLive
      live "/checkout", CheckoutLive
      live "/counter", CounterLive
    end

    # A real application puts this behind its own sign-in.
    phoenix_replay "/replay", frame_layout: {Layouts, :frame}
  end
end
