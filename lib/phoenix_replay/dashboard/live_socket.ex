defmodule PhoenixReplay.Dashboard.LiveSocket do
  @moduledoc false
  # Where the pages find LiveView's socket, and what the host's endpoint speaks there: they connect as the
  # host's own do. Falling back to long polling where there is none would only lose the connection for good.

  alias PhoenixReplay.Dashboard.Options

  @doc """
  What the script is told, as attributes: `data-live-socket`, the path, and `data-long-poll`, `"only"` or
  `"fallback"`, where the endpoint polls.
  """
  @spec attributes(Plug.Conn.t(), Options.t()) :: %{atom => String.t() | nil}
  def attributes(conn, %Options{live_socket_path: path} = options) do
    %{
      "data-live-socket": path(conn, options),
      "data-long-poll": long_poll(conn.private.phoenix_endpoint, path)
    }
  end

  @doc "The path as a browser asks for it."
  @spec path(Plug.Conn.t(), Options.t()) :: String.t()
  def path(conn, %Options{live_socket_path: path}),
    do: Enum.map_join(conn.script_name, &("/" <> &1)) <> path

  defp long_poll(endpoint, path) do
    with {_path, _socket, options} <- List.keyfind(endpoint.__sockets__(), path, 0),
         true <- options[:longpoll] not in [nil, false] do
      if options[:websocket] == false, do: "only", else: "fallback"
    else
      _no_long_poll -> nil
    end
  end
end
