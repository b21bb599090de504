defmodule PhoenixReplay.LiveNow do
  @moduledoc false
  # Who looks at running sessions sees them join and leave, on this node and on those that share the
  # configured `pubsub`.
  #
  # A looker says what it wants to see, and says so again now and then: each node's `Teller` tells it,
  # every second, and forgets it when it was not heard of for long. So recorded sessions know nothing of
  # it: they are asked, by the teller alone, and only while somebody looks.
  #
  # A looker gets
  #
  #     {:live_now, :running, teller, count, summaries}   all of a node's that it asked for, newest first,
  #                                                       at most `most/0` of them; when they changed and
  #                                                       when it said so again
  #     {:live_now, :saved, summary}                      one of them, or one that nobody saw run, is saved

  alias PhoenixReplay.LiveNow.{Cluster, Teller}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.Query

  @enforce_keys [:key, :pid]
  defstruct [:key, :pid, where: %Query{}]

  # No process of another node is known, see `PhoenixReplay.LiveNow.Cluster`.
  @type t :: %__MODULE__{key: String.t(), pid: pid | nil, where: Query.t()}

  @renew_ms 5_000

  @doc "Begins to look, for the calling process."
  @spec look(Query.t()) :: t
  def look(where) do
    look = %__MODULE__{key: Base.url_encode64(:crypto.strong_rand_bytes(9)), pid: self()}
    Cluster.listen(look.key)
    change(look, where)
  end

  @doc "Looks for something else. Called every `renew_ms/0` with the same, it goes on."
  @spec change(t, Query.t()) :: t
  def change(%__MODULE__{} = look, where) do
    look = %{look | where: where}
    Teller.tell(look)
    Cluster.ask(%{look | pid: nil})
    look
  end

  @spec renew_ms() :: pos_integer
  def renew_ms, do: @renew_ms

  @doc "How long who did not say so again is still taken to be there."
  @spec forget_ms() :: pos_integer
  def forget_ms, do: 4 * @renew_ms

  @doc "The most sessions of a node that are told of."
  @spec most() :: pos_integer
  def most, do: 100

  @doc "A recording has been saved. Costs a look at the size of a table where nobody looks."
  @spec saved(map) :: :ok
  def saved(summary), do: if(Teller.asked?(), do: Teller.saved(summary), else: :ok)

  # How long other nodes have to answer: one that has the session answers within milliseconds.
  @fetch_ms 1_000

  @doc """
  What a session that runs on another node has recorded so far, in the bytes of a recording. `:error` where
  no node says that it has it.
  """
  @spec fetch(String.t()) :: {:ok, binary} | :error
  def fetch(id) do
    key = Base.url_encode64(:crypto.strong_rand_bytes(9))

    with :ok <- Cluster.listen(key) do
      Cluster.ask({:fetch, key, id})
      fetched = receive_fetched(id)
      Cluster.unlisten(key)
      fetched
    end
  end

  defp receive_fetched(id) do
    receive do
      {:live_now, :fetched, ^id, data} -> {:ok, data}
    after
      @fetch_ms -> :error
    end
  end

  @doc "A summary as it was told, which may be by a node that runs another version."
  @spec summary(map, boolean) :: Summary.t()
  def summary(map, active?), do: Summary.from_map(map, active?)
end
