defmodule PhoenixReplay.Dashboard.Routes do
  @moduledoc false
  # The dashboard's routes and the paths to them. Every path starts at where the host mounted it, below
  # its scopes (their dynamic segments filled in), the endpoint's path and the script name.

  alias PhoenixReplay.Dashboard.{Access, Layouts, Options}

  @doc "Options of the two live sessions and of the routes."
  @spec options(Options.t()) :: {keyword, keyword, keyword}
  def options(%Options{} = options) do
    on_mount = options.on_mount ++ [{Access, options}]

    {
      [on_mount: on_mount, root_layout: {Layouts, :root}],
      [on_mount: on_mount, root_layout: {Layouts, :frame}],
      [as: options.as, private: %{phoenix_replay: options}]
    }
  end

  @doc "Where the dashboard is, as the browser sees it, without a slash at its end."
  @spec base(Plug.Conn.t() | Phoenix.LiveView.Socket.t(), Options.t(), map) :: String.t()
  def base(context, %Options{path: path}, params) do
    path =
      path
      |> String.split("/")
      |> Enum.map_join("/", &segment(&1, params))

    context
    |> Phoenix.VerifiedRoutes.unverified_path(router(context), path)
    |> String.trim_trailing("/")
  end

  @doc "The list's path."
  @spec list(String.t(), keyword) :: String.t()
  def list(base, query \\ []), do: with_query(if(base == "", do: "/", else: base), query)

  @doc "The player's path; `at:` says at which millisecond it begins."
  @spec player(String.t(), String.t(), keyword) :: String.t()
  def player(base, id, query \\ []), do: with_query("#{base}/#{encode(id)}", query)

  defp with_query(path, []), do: path
  defp with_query(path, query), do: path <> "?" <> URI.encode_query(query)

  @doc "The frame's path; `at:` says at which millisecond the player begins."
  @spec frame(String.t(), String.t(), keyword) :: String.t()
  def frame(base, id, query), do: with_query("#{base}/#{encode(id)}/frame", query)

  @doc "The path of the recording as a file."
  @spec download(String.t(), String.t(), String.t()) :: String.t()
  def download(base, id, token), do: "#{base}/#{encode(id)}/download?token=#{token}"

  defp segment(":" <> name, params), do: params |> Map.get(name, "") |> encode()
  defp segment(segment, _params), do: segment

  defp encode(segment), do: URI.encode(segment, &URI.char_unreserved?/1)

  defp router(%Plug.Conn{private: %{phoenix_router: router}}), do: router
  defp router(%{router: router}), do: router
end
