defmodule PhoenixReplay.LiveNow.Cluster do
  @moduledoc false
  # The other nodes, by way of the host's PubSub where one is configured. Nothing here knows a process of
  # another node: a PubSub need not run on connected nodes.

  alias Phoenix.PubSub
  alias PhoenixReplay.{Config, LiveNow}

  @tellers "phoenix_replay:live_now"

  @doc "Hears what is asked, as `{:live_now, :asked, node, question}`. Gives the process to monitor."
  @spec join() :: {:ok, pid} | :none
  def join do
    with_pubsub(:none, fn pubsub, pid ->
      :ok = PubSub.subscribe(pubsub, @tellers)
      {:ok, pid}
    end)
  end

  @doc "Asks the tellers of other nodes."
  @spec ask(LiveNow.t() | {:fetch, key :: String.t(), id :: String.t()}) :: :ok
  def ask(question), do: broadcast(@tellers, {:live_now, :asked, this(), question})

  @doc "Hears what is told to one who looks. `:error` where there are no other nodes to hear."
  @spec listen(String.t()) :: :ok | :error
  def listen(key),
    do: with_pubsub(:error, fn pubsub, _pid -> PubSub.subscribe(pubsub, topic(key)) end)

  @spec unlisten(String.t()) :: :ok | :error
  def unlisten(key),
    do: with_pubsub(:error, fn pubsub, _pid -> PubSub.unsubscribe(pubsub, topic(key)) end)

  @doc "Tells one who looks, wherever it runs."
  @spec tell(String.t(), term) :: :ok
  def tell(key, message), do: broadcast(topic(key), message)

  @doc "This start of this node."
  @spec this() :: String.t()
  def this, do: PhoenixReplay.Storage.Owner.this()

  defp broadcast(topic, message) do
    with_pubsub(:ok, fn pubsub, _pid -> PubSub.broadcast(pubsub, topic, message) end)
    :ok
  end

  # The host's PubSub starts after this application, and may stop or be started again at any moment.
  defp with_pubsub(none, fun) do
    with pubsub when pubsub != nil <- Config.get(:pubsub),
         pid when is_pid(pid) <- Process.whereis(pubsub) do
      fun.(pubsub, pid)
    else
      _none -> none
    end
  rescue
    ArgumentError -> none
  end

  defp topic(key), do: "#{@tellers}:#{key}"
end
