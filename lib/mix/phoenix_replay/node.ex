defmodule Mix.PhoenixReplay.Node do
  @moduledoc false
  # A running node that a task asks to do something, for sessions are in the memory of theirs. The task is a
  # hidden node meanwhile: the application's cluster does not take it for one of its own.

  @answer_ms 60_000

  @doc "Calls a function of `PhoenixReplay.Store` there, or ends with why not."
  @spec store(String.t(), String.t() | nil, atom, [term]) :: term
  def store(name, cookie, function, args) do
    node = connect(name, cookie)
    :erpc.call(node, PhoenixReplay.Store, function, args, @answer_ms)
  catch
    :error, {:exception, :undef, _stack} -> Mix.raise("there is no PhoenixReplay on #{name}")
    :error, {:erpc, reason} -> Mix.raise("#{name} did not answer: #{inspect(reason)}")
  end

  defp connect(name, cookie) do
    unless Node.alive?(), do: start(name)
    node = String.to_atom(name)
    if cookie, do: Node.set_cookie(node, String.to_atom(cookie))

    if Node.connect(node) == true,
      do: node,
      else: Mix.raise("#{name} cannot be reached: is that its name, and the cookie its own?")
  end

  # Names are long where the host has a dot in it, which both nodes must agree on.
  defp start(name) do
    case String.split(name, "@") do
      [_name, host] -> start("phoenix_replay_task_#{System.pid()}", host)
      _no_host -> Mix.raise("#{name} is no name of a node: those are like my_app@localhost")
    end
  end

  defp start(task, host) do
    domain = if host =~ ".", do: :longnames, else: :shortnames
    task = if host in ["localhost", "127.0.0.1"], do: "#{task}@#{host}", else: task

    with {:error, reason} <-
           :net_kernel.start(String.to_atom(task), %{name_domain: domain, hidden: true}),
         do: Mix.raise("no node could be started here, is epmd running? #{inspect(reason)}")
  end
end
