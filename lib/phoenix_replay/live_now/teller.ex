defmodule PhoenixReplay.LiveNow.Teller do
  @moduledoc false
  # Tells those who look of this node's running sessions. While nobody does it sleeps.
  #
  #   looks   {key, look, until}, a table so that whoever saves a recording sees whether anybody looks
  #   told    key => what was told last, so that nothing is told twice
  #   lone    for how many seconds the host's PubSub was not there

  use GenServer

  alias PhoenixReplay.{Config, LiveNow, Native}
  alias PhoenixReplay.LiveNow.Cluster
  alias PhoenixReplay.Storage.{Owner, Query}
  alias PhoenixReplay.Telemetry.Once

  @tick_ms 1_000
  # The host starts it after this application, and soon.
  @soon 30

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "Tells `look` from now on."
  def tell(look), do: GenServer.cast(__MODULE__, {:look, look})

  @doc "A recording of this summary has been saved."
  def saved(summary), do: GenServer.cast(__MODULE__, {:saved, summary})

  @doc "Whether anybody looks."
  def asked?, do: :ets.info(__MODULE__, :size) not in [0, :undefined]

  @doc false
  # For tests: tells what there is to tell without waiting for the next second.
  def tick, do: GenServer.call(__MODULE__, :tick)

  @impl true
  def init([]) do
    # A subscription links us to the host's PubSub, whose end is not ours.
    Process.flag(:trap_exit, true)
    :ets.new(__MODULE__, [:named_table, :protected, :set, read_concurrency: true])
    {:ok, join(%{told: %{}, pubsub: nil, tick: nil, lone: 0})}
  end

  @impl true
  def handle_cast({:look, look}, state), do: {:noreply, look(state, look)}

  def handle_cast({:saved, summary}, state) do
    for {_key, look, _until} <- :ets.tab2list(__MODULE__), Query.matches?(look.where, summary) do
      say(look, {:live_now, :saved, summary})
    end

    {:noreply, state}
  end

  @impl true
  def handle_call(:tick, _from, state), do: {:reply, :ok, tell_all(state)}

  @impl true
  def handle_info(:tick, state) do
    state = state |> forget() |> tell_all()
    {:noreply, if(asked?(), do: later(state), else: %{state | tick: nil})}
  end

  def handle_info({:live_now, :asked, node, question}, state) do
    # What this node asks it does not ask itself by way of the others.
    if node == Cluster.this(), do: {:noreply, state}, else: {:noreply, asked(state, question)}
  end

  def handle_info({:DOWN, monitor, :process, _pid, _reason}, %{pubsub: monitor} = state) do
    # Who looked from another node is not heard any more, nor hears.
    for {key, %{pid: nil}, _until} <- :ets.tab2list(__MODULE__), do: :ets.delete(__MODULE__, key)
    {:noreply, join(%{forget(state) | pubsub: nil})}
  end

  def handle_info({:DOWN, _monitor, :process, pid, _reason}, state) do
    for {key, %{pid: ^pid}, _until} <- :ets.tab2list(__MODULE__), do: :ets.delete(__MODULE__, key)
    {:noreply, forget(state)}
  end

  def handle_info(:join, state), do: {:noreply, join(state)}
  def handle_info(_other, state), do: {:noreply, state}

  defp join(%{pubsub: nil} = state) do
    case Cluster.join() do
      {:ok, pid} ->
        %{state | pubsub: Process.monitor(pid), lone: 0}

      :none ->
        if pubsub = Config.get(:pubsub), do: wait(pubsub, state.lone)
        %{state | lone: state.lone + 1}
    end
  end

  defp join(state), do: state

  defp wait(pubsub, lone) do
    Process.send_after(self(), :join, @tick_ms)
    if lone == @soon, do: Once.warn({:pubsub, pubsub}, fn -> missing(pubsub) end)
  end

  defp missing(pubsub) do
    "PhoenixReplay: there is no Phoenix.PubSub #{inspect(pubsub)}, which the configuration names as `pubsub`: the " <>
      "dashboard shows the running sessions of its own node alone"
  end

  defp asked(state, %LiveNow{} = look), do: look(state, look)

  defp asked(state, {:fetch, key, id}) do
    if session = Native.session_lookup(id),
      do: Task.start(fn -> send_session(session, key, id) end)

    state
  end

  defp asked(state, _of_a_later_version), do: state

  # Compressing takes long.
  defp send_session(session, key, id) do
    with %{ended: nil} <- Native.session_state(session),
         {:ok, data, _summary} <- Native.session_seal(session, :etf) do
      Cluster.tell(key, {:live_now, :fetched, id, data})
    end
  end

  defp look(state, %LiveNow{key: key, pid: pid} = look) do
    if pid != nil and not :ets.member(__MODULE__, key), do: Process.monitor(pid)
    :ets.insert(__MODULE__, {key, look, now() + LiveNow.forget_ms()})
    # Whoever asks again is told again: it is how it knows that this node is there.
    state = tell_one(%{state | told: Map.delete(state.told, key)}, look, running())
    if state.tick, do: state, else: later(state)
  end

  defp later(state), do: %{state | tick: Process.send_after(self(), :tick, @tick_ms)}

  # A looker of this node is monitored; one of another is forgotten when it is silent.
  defp forget(state) do
    for {key, _look, until} <- :ets.tab2list(__MODULE__), until < now() do
      :ets.delete(__MODULE__, key)
    end

    told = Map.filter(state.told, fn {key, _told} -> :ets.member(__MODULE__, key) end)
    %{state | told: told}
  end

  defp tell_all(state) do
    running = if asked?(), do: running(), else: []

    Enum.reduce(:ets.tab2list(__MODULE__), state, fn {_key, look, _until}, state ->
      tell_one(state, look, running)
    end)
  end

  defp tell_one(state, look, running) do
    meant = Enum.filter(running, &Query.matches?(look.where, &1))
    message = {:live_now, :running, Owner.this(), length(meant), Enum.take(meant, LiveNow.most())}
    hash = :erlang.phash2(message, 4_294_967_296)

    if state.told[look.key] == hash do
      state
    else
      say(look, message)
      %{state | told: Map.put(state.told, look.key, hash)}
    end
  end

  defp say(%LiveNow{pid: nil, key: key}, message), do: Cluster.tell(key, message)
  defp say(%LiveNow{pid: pid}, message), do: send(pid, message)

  defp running do
    for id <- Native.session_ids(:open),
        session = Native.session_lookup(id),
        summary = Native.session_summary(session),
        summary.interacted do
      summary
    end
    |> Enum.sort_by(&{&1.connected_at, &1.id}, :desc)
  end

  defp now, do: System.monotonic_time(:millisecond)
end
