defmodule PhoenixReplay.Demo.Layouts do
  @moduledoc false
  use Phoenix.Component

  alias PhoenixReplay.Demo.Endpoint

  @doc "The page around every view of the shop."
  def root(assigns) do
    ~H"""
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="csrf-token" content={Plug.CSRFProtection.get_csrf_token()} />
        <.live_title suffix=" · Fernhill">{assigns[:page_title] || "Demo"}</.live_title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" nonce={@csp_nonce} href={Endpoint.path("/assets/demo.css")} />
        <script defer nonce={@csp_nonce} src={Endpoint.path("/assets/phoenix/phoenix.min.js")}>
        </script>
        <script
          defer
          nonce={@csp_nonce}
          src={Endpoint.path("/assets/live_view/phoenix_live_view.min.js")}
        >
        </script>
        <script defer nonce={@csp_nonce} src={Endpoint.path("/assets/trend.js")}>
        </script>
        <script
          defer
          nonce={@csp_nonce}
          src={Endpoint.path("/assets/demo.js")}
          data-socket={Endpoint.path("/live")}
        >
        </script>
      </head>
      <body>
        {@inner_content}
      </body>
    </html>
    """
  end

  @doc "The page around a replayed view: the shop's looks, and what its hooks draw."
  def frame(assigns) do
    ~H"""
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={Endpoint.path("/assets/demo.css")} />
        <script defer nonce={@replay_nonce} src={Endpoint.path("/assets/trend.js")}>
        </script>
      </head>
      <body>
        {@inner_content}
      </body>
    </html>
    """
  end

  attr :current, :atom, required: true
  slot :inner_block, required: true

  @doc "Navigation and main column, around the content of each view."
  def app(assigns) do
    ~H"""
    <header class="bar">
      <span class="brand">Fernhill</span>
      <nav aria-label="Main">
        <.link navigate="/tasks" aria-current={@current == :tasks && "page"}>Tasks</.link>
        <.link navigate="/checkout" aria-current={@current == :checkout && "page"}>Checkout</.link>
        <.link navigate="/counter" aria-current={@current == :counter && "page"}>Counter</.link>
        <.link navigate="/notes" aria-current={@current == :notes && "page"}>Notes</.link>
      </nav>
      <a class="replay" href="/replay">Recordings</a>
    </header>
    <main>{render_slot(@inner_block)}</main>
    """
  end
end
