defmodule PhoenixReplay.Dashboard.HostLayout do
  @moduledoc false
  # The host's root layout around a replayed page, so that its stylesheets apply.
  #
  # The layout is code of the host that expects a page of the host: it may fail here, and then the page is
  # shown without it. A LiveView in the layout itself would be joined by the frame, so it is taken out like
  # one in the page.

  alias Phoenix.HTML.Safe
  alias Phoenix.LiveView.Rendered
  alias PhoenixReplay.Dashboard.FrameScripts
  alias PhoenixReplay.Replay.Tree

  # Where the replayed page goes: the layout is forced without it, for it must stay alive.
  @place "<phoenix-replay-page></phoenix-replay-page>"

  @doc "The layout's HTML around `inner_content`; the error says why there is none."
  @spec around(map) :: {:ok, Phoenix.HTML.safe()} | {:error, String.t() | nil}
  def around(%{conn: conn, inner_content: content} = assigns) do
    case layout(conn) do
      {module, template} ->
        render(module, template, layout_assigns(assigns), content, assigns.nonce)

      _none ->
        {:error, nil}
    end
  end

  defp layout(%{private: private}) do
    case private.phoenix_replay.frame_layout do
      nil -> private[:phoenix_replay_root_layout]
      chosen -> chosen
    end
  end

  # Only a layout that was chosen for frames may ask for scripts, by this nonce.
  defp layout_assigns(%{conn: conn, nonce: nonce} = assigns) do
    assigns =
      assigns |> Map.drop([:base, :live_socket, :nonce]) |> Map.put(:inner_content, place())

    if conn.private.phoenix_replay.frame_layout,
      do: Map.put(assigns, :replay_nonce, nonce),
      else: assigns
  end

  defp render(module, template, assigns, content, nonce) do
    page = Phoenix.Template.render(module, to_string(template), "html", assigns)
    html = page |> inert() |> Safe.to_iodata() |> IO.iodata_to_binary()
    {html, scripts} = FrameScripts.take(html, nonce)

    with [before, rest] <- String.split(html, @place),
         {:ok, before} <- FrameScripts.confine(before, scripts) do
      # Ours are at the beginning of the content.
      {:ok, {:safe, [before, Safe.to_iodata(content), scripts, rest]}}
    else
      :error -> {:error, "#{inspect(module)} has scripts for the frame and no <head>"}
      _other -> {:error, "#{inspect(module)} does not render @inner_content once"}
    end
  rescue
    exception -> {:error, "#{inspect(module)}: #{Exception.message(exception)}"}
  catch
    kind, reason -> {:error, "#{inspect(module)}: #{Exception.format_banner(kind, reason)}"}
  end

  defp place, do: {:safe, @place}

  defp inert(%Rendered{} = rendered), do: Tree.force(rendered)
  defp inert(other), do: other
end
