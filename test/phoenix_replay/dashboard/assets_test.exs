defmodule PhoenixReplay.Dashboard.AssetsTest do
  use PhoenixReplay.Case, async: false

  alias PhoenixReplay.Dashboard.Assets
  alias PhoenixReplay.DashboardHost

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  setup do
    DashboardHost.start()
    :ok
  end

  test "are served at paths that name their content, to be kept for ever" do
    for {name, type} <- [
          {"live.js", "text/javascript"},
          {"dashboard.js", "text/javascript"},
          {"frame.js", "text/javascript"},
          {"dashboard.css", "text/css"},
          {"frame.css", "text/css"},
          {"icon.svg", "image/svg+xml"}
        ] do
      conn = get(build_conn(), Assets.path("/replay", name))
      assert conn.status == 200
      assert conn |> get_header("content-type") |> String.starts_with?(type)
      assert get_header(conn, "cache-control") =~ "immutable"
      assert byte_size(conn.resp_body) > 100
    end
  end

  test "are compressed for who takes it" do
    path = Assets.path("/replay", "live.js")
    plain = get(build_conn(), path)

    small =
      build_conn()
      |> Plug.Conn.put_req_header("accept-encoding", "gzip, br")
      |> get(path)

    assert get_header(small, "content-encoding") == "gzip"
    assert :zlib.gunzip(small.resp_body) == plain.resp_body
    assert byte_size(small.resp_body) < byte_size(plain.resp_body)
  end

  test "hold LiveView's own client, and our script is small" do
    live = get(build_conn(), Assets.path("/replay", "live.js")).resp_body
    assert live =~ "LiveSocket"
    refute live =~ "sourceMappingURL"

    own = get(build_conn(), Assets.path("/replay", "dashboard.js")).resp_body
    assert byte_size(:zlib.gzip(own)) < 20_000
  end

  test "of another version are not there" do
    assert get(build_conn(), "/replay/assets/dashboard-0000.js").status == 404
  end

  defp get_header(conn, name), do: conn |> Plug.Conn.get_resp_header(name) |> List.first()
end
