defmodule PhoenixReplay.Persister.Queue do
  @moduledoc false
  # Which session is where on its way to storage. No processes and no clock in here.

  defstruct limit: 1,
            queue: :queue.new(),
            places: %{},
            tasks: %{},
            sealed: MapSet.new(),
            callers: []

  @type id :: binary
  @type place ::
          {:queued | :running, attempt :: pos_integer}
          | {:ending | :waiting, attempt :: pos_integer, timer :: reference}
  @type t :: %__MODULE__{
          limit: pos_integer,
          queue: :queue.queue(id),
          places: %{id => place},
          tasks: %{reference => id},
          sealed: MapSet.t(id),
          callers: [term]
        }

  @doc "At most `limit` tasks that seal, two at least."
  @spec new(pos_integer) :: t
  def new(limit), do: %__MODULE__{limit: max(limit, 2)}

  @doc "Queues ids. One that awaits its reason goes in at once; one that is on its way already stays where it is."
  @spec add(t, [id], pos_integer) :: t
  def add(queue, ids, attempt \\ 1), do: Enum.reduce(ids, queue, &add_one(&1, attempt, &2))

  defp add_one(id, attempt, queue) do
    case queue.places do
      %{^id => {:ending, _first, timer}} ->
        Process.cancel_timer(timer)
        enqueue(queue, id, attempt)

      %{^id => _on_its_way} ->
        queue

      _new ->
        enqueue(queue, id, attempt)
    end
  end

  @doc "Lets an id wait for the timer that `start` starts, unless it is on its way already."
  @spec hold(t, id, :ending | :waiting, pos_integer, (-> reference)) :: t
  def hold(%{places: places} = queue, id, _as, _attempt, _start) when is_map_key(places, id),
    do: queue

  def hold(queue, id, as, attempt, start),
    do: %{queue | places: Map.put(queue.places, id, {as, attempt, start.()})}

  @doc "The timer of an id has come."
  @spec due(t, id) :: t
  def due(queue, id) do
    case queue.places do
      %{^id => {as, attempt, _timer}} when as in [:ending, :waiting] ->
        enqueue(queue, id, attempt)

      _no_longer_held ->
        queue
    end
  end

  defp enqueue(queue, id, attempt) do
    %{
      queue
      | queue: :queue.in(id, queue.queue),
        places: Map.put(queue.places, id, {:queued, attempt})
    }
  end

  @doc """
  The next id to work on, if there may be another task. Those that only wait for storage leave room for
  others, as long as there are fewer than `at_once`.
  """
  @spec next(t, pos_integer) :: {{id, pos_integer} | nil, t}
  def next(%{tasks: tasks, sealed: sealed, limit: limit} = queue, at_once) do
    waiting = min(MapSet.size(sealed), max(at_once - limit, 0))
    if map_size(tasks) - waiting < limit, do: first(queue), else: {nil, queue}
  end

  defp first(queue) do
    case :queue.out(queue.queue) do
      {{:value, id}, rest} ->
        {:queued, attempt} = Map.fetch!(queue.places, id)
        {{id, attempt}, %{queue | queue: rest}}

      {:empty, _queue} ->
        {nil, queue}
    end
  end

  @spec running(t, reference, id, pos_integer) :: t
  def running(queue, task, id, attempt) do
    %{
      queue
      | tasks: Map.put(queue.tasks, task, id),
        places: Map.put(queue.places, id, {:running, attempt})
    }
  end

  @doc "The session of an id is sealed: what is left of its task is waiting for storage."
  @spec sealed(t, id) :: t
  def sealed(queue, id) do
    case queue.places do
      %{^id => {:running, _attempt}} -> %{queue | sealed: MapSet.put(queue.sealed, id)}
      _done_meanwhile -> queue
    end
  end

  @spec pop_running(t, reference) :: {{id, pos_integer} | nil, t}
  def pop_running(queue, task) do
    case Map.pop(queue.tasks, task) do
      {nil, _tasks} ->
        {nil, queue}

      {id, tasks} ->
        {{:running, attempt}, places} = Map.pop!(queue.places, id)
        sealed = MapSet.delete(queue.sealed, id)
        {{id, attempt}, %{queue | tasks: tasks, places: places, sealed: sealed}}
    end
  end

  @doc "Remembers a caller to be told when nothing is on its way any more."
  @spec notify(t, term) :: t
  def notify(queue, caller), do: %{queue | callers: [caller | queue.callers]}

  @doc "Who is to be told now."
  @spec idle(t) :: {[term], t}
  def idle(%{places: places} = queue) when places == %{},
    do: {queue.callers, %{queue | callers: []}}

  def idle(queue), do: {[], queue}
end
