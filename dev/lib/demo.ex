defmodule PhoenixReplay.Demo do
  @moduledoc """
  A small shop that shows PhoenixReplay at work: its LiveViews are recorded, and `/replay` plays
  them back. It is compiled in `:dev` and `:test` only and is no part of the package.

      PhoenixReplay.Demo.start(port: 4000, recordings: "/tmp/recordings")
      #=> {:ok, %{pid: #PID<0.1.0>, app: "http://127.0.0.1:4000", dashboard: "http://127.0.0.1:4000/replay"}}
  """

  alias PhoenixReplay.Demo.Endpoint

  @doc """
  Starts the application, PhoenixReplay included, and answers with its two addresses.

  Options: `:recordings`, the folder recordings are kept in (needed); `:port`, 0 for any free one
  (the default); `:path`, the one it has at a proxy; `:server`, `false` to listen on no port at all,
  for tests that need only the endpoint. Gives `{:error, reason}` where the port is taken.
  """
  @spec start(keyword) :: {:ok, map} | {:error, term}
  def start(options) do
    Application.put_env(:phoenix_replay, :storage_opts,
      path: Keyword.fetch!(options, :recordings),
      format: :etf
    )

    # What the shop has to say besides its pages.
    Application.put_env(:phoenix_replay, :logs, level: :error)
    Application.put_env(:phoenix_replay, :collect, [[:demo, :order, :stop]])

    # Phoenix warns of an endpoint it finds no configuration for; this one's comes with its start.
    Application.put_env(:phoenix_replay, Endpoint, [])

    with {:ok, _started} <- Application.ensure_all_started([:phoenix_replay, :bandit]),
         {:ok, pid} <- start_endpoint(options) do
      app = address(Keyword.get(options, :server, true))
      {:ok, %{pid: pid, app: app, dashboard: app <> "/replay"}}
    end
  end

  defp start_endpoint(options) do
    Supervisor.start_link(
      [
        {Phoenix.PubSub, name: PhoenixReplay.Demo.PubSub},
        {Endpoint, Endpoint.options(options)}
      ],
      strategy: :one_for_one
    )
  end

  # Asked for port 0, the system chose one: only the listener knows which.
  defp address(false), do: Endpoint.url()

  defp address(true) do
    {:ok, {_address, port}} = Endpoint.server_info(:http)
    "http://127.0.0.1:#{port}"
  end
end
