defmodule PhoenixReplay.Dashboard.FramePolicy do
  @moduledoc false
  # The frame's own Content Security Policy.
  #
  # The frame needs scripts and its origin for LiveView's client, and an iframe's sandbox with both is no
  # wall. This is: only our two scripts carry the nonce, and those a `frame_layout` asks for, no form is sent,
  # nothing is framed or embedded, and the one thing that can be connected to is LiveView's socket, which
  # knows this page alone. The page's look is let through, for it is what is replayed.

  @behaviour Plug
  import Plug.Conn

  alias PhoenixReplay.Dashboard.LiveSocket

  @impl true
  def init(opts), do: opts

  @impl true
  def call(conn, _opts) do
    nonce = 18 |> :crypto.strong_rand_bytes() |> Base.url_encode64()

    conn
    |> put_private(:phoenix_replay_nonce, nonce)
    |> put_private(:phoenix_replay_root_layout, root_layout(conn))
    |> put_resp_header("content-security-policy", policy(nonce, connections(conn)))
    |> delete_resp_header("content-security-policy-report-only")
    |> put_resp_header("x-frame-options", "SAMEORIGIN")
    # A moment of the recording is in it.
    |> put_resp_header("cache-control", "no-store")
    |> put_resp_header("referrer-policy", "no-referrer")
  end

  defp policy(nonce, connections) do
    Enum.join(
      [
        "default-src 'none'",
        "script-src 'nonce-#{nonce}'",
        "style-src * data: 'unsafe-inline'",
        "img-src * data: blob:",
        "font-src * data:",
        "media-src * data: blob:",
        "connect-src #{connections}",
        "frame-ancestors 'self'",
        "form-action 'none'",
        "base-uri 'none'"
      ],
      "; "
    )
  end

  # A host that is no plain name cannot be written down with a path.
  defp connections(conn) do
    path = LiveSocket.path(conn, conn.private.phoenix_replay)

    if conn.host =~ ~r/\A[a-zA-Z0-9.\-]+\z/,
      do:
        "ws://#{conn.host}:*#{path}/websocket wss://#{conn.host}:*#{path}/websocket " <>
          "#{conn.host}:*#{path}/longpoll",
      else: "'self'"
  end

  # The live session puts its own; what the host's pipeline had put is the page's look.
  defp root_layout(conn), do: Phoenix.Controller.root_layout(conn, "html")
end
