defmodule PhoenixReplay.Dashboard.LiveSocketTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Dashboard.{LiveSocket, Options}

  defmodule Endpoint do
    def __sockets__ do
      [
        {"/live", Phoenix.LiveView.Socket, websocket: [], longpoll: []},
        {"/only/sockets", Phoenix.LiveView.Socket, websocket: true, longpoll: false},
        {"/only/polling", Phoenix.LiveView.Socket, websocket: false, longpoll: true}
      ]
    end
  end

  defp attributes(path, script_name \\ []) do
    conn = %Plug.Conn{script_name: script_name, private: %{phoenix_endpoint: Endpoint}}
    LiveSocket.attributes(conn, Options.new!("/", [live_socket_path: path], "/"))
  end

  test "polling is fallen back to where the host's endpoint polls, and used where it does nothing else" do
    assert attributes("/live") == %{"data-live-socket": "/live", "data-long-poll": "fallback"}
    assert attributes("/only/sockets")[:"data-long-poll"] == nil
    assert attributes("/only/polling")[:"data-long-poll"] == "only"
    assert attributes("/not/there")[:"data-long-poll"] == nil
  end

  test "the socket is below the path of a proxy" do
    assert attributes("/live", ["shop", "one"])[:"data-live-socket"] == "/shop/one/live"
  end
end
