defmodule PhoenixReplay.Dashboard.DownloadTest do
  use PhoenixReplay.Case, async: false

  import Plug.Conn, only: [get_resp_header: 2]

  alias PhoenixReplay.Dashboard.Download
  alias PhoenixReplay.DashboardHost
  alias PhoenixReplay.DashboardHost.Actions

  @endpoint PhoenixReplay.DashboardHost.Endpoint
  @action [:phoenix_replay, :dashboard, :action]

  setup do
    DashboardHost.start()
    DashboardHost.record("one", [])
    :ok
  end

  # A browser that has been at the dashboard has a session.
  defp browser, do: build_conn() |> get("/acting")

  defp url(browser, id \\ "one") do
    {:ok, view, _html} = live(browser, "/acting/" <> id)
    assert has_element?(view, "#download")
    render_hook(view, "download", %{})
    assert_reply(view, %{url: url})
    url
  end

  test "gives what the storage keeps, which can be read again", %{folder: folder} do
    browser = browser()
    listen(@action)
    conn = browser |> recycle() |> get(url(browser))
    assert conn.status == 200
    assert [~s(attachment; filename="one.etf.gz")] = get_resp_header(conn, "content-disposition")
    assert conn.resp_body == folder |> stored("one.etf.gz") |> File.read!()

    assert_receive {@action, _count,
                    %{action: :download, id: "one", result: :ok, socket: %Plug.Conn{}}}
  end

  test "a running session as it is now, and one in JSON by its name" do
    DashboardHost.run("running", [])
    browser = browser()
    conn = browser |> recycle() |> get(url(browser, "running"))

    assert {:ok, %{id: "running", event_count: 5}} =
             PhoenixReplay.Storage.read_summary(conn.resp_body)

    configure(storage_opts: Keyword.put(PhoenixReplay.Config.get(:storage_opts), :format, :json))
    DashboardHost.record("json", [])
    conn = browser |> recycle() |> get(url(browser, "json"))

    assert [~s(attachment; filename="json.json.gz")] =
             get_resp_header(conn, "content-disposition")
  end

  test "to nobody without a token of their own for it" do
    browser = browser()
    url = url(browser)
    other = build_conn() |> get("/acting")
    assert other |> recycle() |> get(url) |> response(404)
    assert browser |> recycle() |> get(String.replace(url, "one", "two")) |> response(404)
    assert browser |> recycle() |> get("/acting/one/download") |> response(404)
    assert browser |> recycle() |> get("/acting/one/download?token=x") |> response(404)

    forged = Download.token(@endpoint, "", "one")
    assert browser |> recycle() |> get("/acting/one/download?token=" <> forged) |> response(404)
  end

  test "not where authorize refuses it" do
    configure([{Actions, [download: "one"]}])
    {:ok, view, _html} = live(browser(), "/acting/one")
    refute has_element?(view, "#download")

    configure([{Actions, []}])
    browser = browser()
    url = url(browser)
    configure(authorize: fn _recording -> false end)
    assert browser |> recycle() |> get(url) |> response(404)
  end
end
