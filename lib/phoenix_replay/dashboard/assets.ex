defmodule PhoenixReplay.Dashboard.Assets do
  @moduledoc false
  # The dashboard's scripts and stylesheets, held in this module and served at paths that name their
  # content, so that a browser asks for each once. LiveView's client is the one the host runs: the files
  # come from its own versions of phoenix and phoenix_live_view.

  @behaviour Plug
  import Plug.Conn

  # Minified where the version ships it. The source map stays behind.
  client =
    Enum.map_join([:phoenix, :phoenix_live_view], "\n", fn app ->
      static = Application.app_dir(app, "priv/static")
      path = Enum.find([".min.js", ".js"], &File.exists?(Path.join(static, "#{app}#{&1}")))
      file = Path.join(static, "#{app}#{path}")
      Module.put_attribute(__MODULE__, :external_resource, file)
      file |> File.read!() |> String.replace(~r{^//# sourceMappingURL=.*$}m, "")
    end)

  # The dashboard's own are kept in parts, one idea each, and go out as one file. The parts of a script are
  # not modules but pieces of one function, in the order in which each finds what it needs.
  scripts =
    ~w(theme dialog clipboard download tree newest) ++
      ~w(player/timeline player/clock player/scrubber player/events player/keys player/player start)

  parts = %{
    "dashboard.js" => Enum.map(scripts, &"dashboard/#{&1}.js"),
    "dashboard.css" => ~w(dashboard/base.css dashboard/list.css dashboard/player.css)
  }

  own =
    for name <- ~w(dashboard.js dashboard.css frame.js frame.css icon.svg) do
      content =
        Enum.map_join(Map.get(parts, name, [name]), "\n", fn part ->
          file = Path.expand("../../../priv/static/#{part}", __DIR__)
          Module.put_attribute(__MODULE__, :external_resource, file)
          File.read!(file)
        end)

      if name == "dashboard.js",
        do: {name, ~s|"use strict";\n(() => {\n#{content}\n})();\n|},
        else: {name, content}
    end

  types = %{".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml"}

  assets =
    for {name, content} <- [{"live.js", client} | own], into: %{} do
      extension = Path.extname(name)
      hash = :sha256 |> :crypto.hash(content) |> Base.encode16(case: :lower) |> binary_part(0, 16)

      {name,
       %{
         file: "#{Path.rootname(name)}-#{hash}#{extension}",
         type: types[extension] <> "; charset=utf-8",
         content: content,
         gzip: :zlib.gzip(content)
       }}
    end

  @assets assets
  @by_file Map.new(assets, fn {_name, asset} -> {asset.file, asset} end)

  @doc "Path of an asset (`\"dashboard.js\"`) below the dashboard's own."
  @spec path(String.t(), String.t()) :: String.t()
  def path(base, name), do: "#{base}/assets/#{Map.fetch!(@assets, name).file}"

  @impl true
  def init(opts), do: opts

  @impl true
  def call(%Plug.Conn{path_params: %{"file" => file}} = conn, _opts) do
    case @by_file do
      %{^file => asset} -> conn |> serve(asset) |> halt()
      %{} -> conn |> send_resp(404, "not found") |> halt()
    end
  end

  # A script from our own origin asked for by our own page: CSRF protection would refuse it for lack of a
  # header that a script tag cannot send.
  defp serve(conn, asset) do
    conn =
      conn
      |> put_private(:plug_skip_csrf_protection, true)
      |> put_resp_header("content-type", asset.type)
      |> put_resp_header("cache-control", "public, max-age=31536000, immutable")
      |> put_resp_header("vary", "accept-encoding")
      |> put_resp_header("x-content-type-options", "nosniff")

    if gzip?(conn),
      do: conn |> put_resp_header("content-encoding", "gzip") |> send_resp(200, asset.gzip),
      else: send_resp(conn, 200, asset.content)
  end

  defp gzip?(conn) do
    conn
    |> get_req_header("accept-encoding")
    |> Enum.any?(&String.contains?(&1, "gzip"))
  end
end
