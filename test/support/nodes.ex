defmodule PhoenixReplay.Nodes do
  @moduledoc """
  Nodes beside the one the tests run in, which stays as it is: they know each other and not it.
  """
  import ExUnit.Callbacks, only: [on_exit: 1]

  @doc "A name server of their own on a free port, which it gives. It goes with the test that asked for it."
  @spec epmd() :: :inet.port_number()
  def epmd do
    {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
    {:ok, free} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    epmd = System.find_executable("epmd")
    args = ["-port", "#{free}", "-address", "127.0.0.1"]
    server = Port.open({:spawn_executable, epmd}, [:binary, args: args])
    {:os_pid, pid} = Port.info(server, :os_pid)
    on_exit(fn -> System.cmd("kill", ["#{pid}"]) end)
    free
  end

  @doc "Starts a node that has the application with this configuration. Gives it, and its name."
  @spec start(String.t(), :inet.port_number(), keyword) :: {:peer.server_ref(), node}
  def start(name, port, config) do
    {:ok, peer, node} =
      :peer.start(%{
        name: String.to_charlist("replay_#{name}_#{port}"),
        host: ~c"127.0.0.1",
        longnames: true,
        connection: :standard_io,
        env: env(port),
        args: code()
      })

    on_exit(fn -> :peer.stop(peer) end)
    :ok = :peer.call(peer, Application, :put_all_env, [[phoenix_replay: config]])
    {:ok, _started} = :peer.call(peer, Application, :ensure_all_started, [:phoenix_replay])
    :ok = :peer.call(peer, Logger, :configure, [[level: :warning]])
    {peer, node}
  end

  @doc "What a node needs to find the others."
  def env(port), do: [{~c"ERL_EPMD_PORT", Integer.to_charlist(port)}]

  @doc "What it needs to find the code."
  def code, do: Enum.flat_map(:code.get_path(), &[~c"-pa", &1])
end
