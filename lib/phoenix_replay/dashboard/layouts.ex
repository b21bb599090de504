defmodule PhoenixReplay.Dashboard.Layouts do
  @moduledoc false
  # The two root layouts. Neither needs anything of the host, nor an inline script or style.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.{Assets, FrameScripts, HostLayout, LiveSocket, Routes}

  @doc "Around the list and the player."
  def root(assigns) do
    assigns = page_assigns(assigns)

    ~H"""
    <!DOCTYPE html>
    <html lang="en" {@live_socket}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="csrf-token" content={Plug.CSRFProtection.get_csrf_token()} />
        <.live_title suffix=" · PhoenixReplay">{assigns[:page_title] || "Recordings"}</.live_title>
        <link rel="icon" href={Assets.path(@base, "icon.svg")} />
        <link
          rel="stylesheet"
          phx-track-static
          nonce={@nonce.style}
          href={Assets.path(@base, "dashboard.css")}
        />
        <script phx-track-static nonce={@nonce.script} src={Assets.path(@base, "dashboard.js")}>
        </script>
        <script defer phx-track-static nonce={@nonce.script} src={Assets.path(@base, "live.js")}>
        </script>
      </head>
      <body>{@inner_content}</body>
    </html>
    """
  end

  @doc "Around a replayed page: the host's own root layout where there is one, else an empty document."
  def frame(assigns) do
    assigns = assigns |> page_assigns() |> with_frame_head()

    case HostLayout.around(assigns) do
      {:ok, page} -> page
      {:error, reason} -> bare_frame(assign(assigns, :layout_error, reason))
    end
  end

  defp with_frame_head(assigns) do
    assign(assigns, :inner_content, frame_content(assigns))
  end

  # The scripts come first and block, so that nothing of the page can be used before they hold it still.
  defp frame_content(assigns) do
    ~H"""
    <link rel="stylesheet" nonce={@nonce} href={Assets.path(@base, "frame.css")} />
    <script
      nonce={@nonce}
      src={Assets.path(@base, "frame.js")}
      {@live_socket}
      data-csrf-token={Plug.CSRFProtection.get_csrf_token()}
    >
    </script>
    <script defer nonce={@nonce} src={Assets.path(@base, "live.js")}>
    </script>
    {inert(@inner_content)}
    """
  end

  # LiveView's client runs no script that a template has, and the policy would keep these from running.
  defp inert(page) do
    html = page |> Phoenix.HTML.Safe.to_iodata() |> IO.iodata_to_binary()
    {:safe, FrameScripts.without(html)}
  end

  defp bare_frame(assigns) do
    ~H"""
    <!DOCTYPE html>
    <html lang="en" data-layout-error={@layout_error}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Replay</title>
      </head>
      <body>{@inner_content}</body>
    </html>
    """
  end

  defp page_assigns(%{conn: conn} = assigns) do
    options = conn.private.phoenix_replay

    assigns
    |> assign(:base, Routes.base(conn, options, conn.params))
    |> assign(:live_socket, LiveSocket.attributes(conn, options))
    |> assign(:nonce, nonce(conn, options))
  end

  # The frame has a policy, and so a nonce, of its own.
  defp nonce(%{private: %{phoenix_replay_nonce: nonce}}, _options), do: nonce

  defp nonce(conn, %{csp_nonce_assign_key: keys}),
    do: %{script: conn.assigns[keys.script], style: conn.assigns[keys.style]}
end
