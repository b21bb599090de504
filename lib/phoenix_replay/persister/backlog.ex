defmodule PhoenixReplay.Persister.Backlog do
  @moduledoc false
  # Sessions that storage refused as often as they are tried in a row. They stay in memory and go on: one
  # of them at a time tries whether storage takes it, the longest refused first, after a delay that grows
  # as they fail. When one is saved others follow, several abreast, for a storage that was down may be down
  # again in a moment. One that fails for a reason of its own comes last again, so that nobody waits behind
  # it. No processes and no clock in here.
  #   waiting  those that are not tried now, the next one first
  #   out      those that are
  #   known    all of them
  #   rounds   how many probes in a row have failed
  #   error    why the last one was refused

  alias PhoenixReplay.Error

  defstruct waiting: :queue.new(), out: MapSet.new(), known: MapSet.new(), rounds: 0, error: nil

  @type id :: binary
  @type entry :: {id, attempt :: pos_integer}
  @type t :: %__MODULE__{
          waiting: :queue.queue(entry),
          out: MapSet.t(id),
          known: MapSet.t(id),
          rounds: non_neg_integer,
          error: Error.t() | nil
        }

  @abreast 16
  @shortest_ms 1_000
  @longest_ms 30_000

  @spec new() :: t
  def new, do: %__MODULE__{}

  @doc "Keeps an id whose next attempt is `attempt`; `error` says why it is here."
  @spec keep(t, id, pos_integer, Error.t() | nil) :: t
  def keep(backlog, id, attempt, error) do
    %{
      backlog
      | waiting: :queue.in({id, attempt}, backlog.waiting),
        out: MapSet.delete(backlog.out, id),
        known: MapSet.put(backlog.known, id),
        error: error || backlog.error
    }
  end

  @doc "Whether an id is kept, or being tried again."
  @spec member?(t, id) :: boolean
  def member?(backlog, id), do: MapSet.member?(backlog.known, id)

  @spec size(t) :: non_neg_integer
  def size(backlog), do: MapSet.size(backlog.known)

  @doc "An id is saved, so storage takes them again. Who may be tried now, and is out from then on."
  @spec saved(t, id) :: {[entry], t}
  def saved(backlog, id) do
    if member?(backlog, id),
      do: take(%{forget(backlog, id) | rounds: 0}, @abreast),
      else: {[], backlog}
  end

  @doc "There was nothing to save of an id, which says nothing about storage: the next one may try."
  @spec none(t, id) :: {[entry], t}
  def none(backlog, id) do
    if member?(backlog, id), do: probe(forget(backlog, id)), else: {[], backlog}
  end

  defp forget(backlog, id) do
    known = MapSet.delete(backlog.known, id)

    if MapSet.size(known) == 0,
      do: new(),
      else: %{backlog | known: known, out: MapSet.delete(backlog.out, id)}
  end

  @doc "The one that tries whether storage takes it, if none is at it already."
  @spec probe(t) :: {[entry], t}
  def probe(backlog), do: take(backlog, 1)

  @doc "All of them, whatever became of the others."
  @spec all(t) :: {[entry], t}
  def all(backlog), do: take(backlog, :infinity)

  # Numbers are below atoms.
  defp take(backlog, abreast), do: take(backlog, abreast, [])

  defp take(backlog, abreast, taken) do
    with true <- MapSet.size(backlog.out) < abreast,
         {{:value, {id, _attempt} = entry}, waiting} <- :queue.out(backlog.waiting) do
      take(%{backlog | waiting: waiting, out: MapSet.put(backlog.out, id)}, abreast, [
        entry | taken
      ])
    else
      _none_or_enough -> {Enum.reverse(taken), backlog}
    end
  end

  @doc """
  How long to wait for the next probe, in milliseconds, once for each round that fails: twice as long each
  time, from `delay_ms` and a second on, up to half a minute. `nil` where somebody is out, or nobody there.
  """
  @spec next_round(t, non_neg_integer) :: {pos_integer | nil, t}
  def next_round(backlog, delay_ms) do
    if :queue.is_empty(backlog.waiting) or MapSet.size(backlog.out) > 0 do
      {nil, backlog}
    else
      first = max(delay_ms, @shortest_ms)
      # Doubled so often, any first delay is past the longest.
      delay = first * Integer.pow(2, min(backlog.rounds, 10))
      {min(delay, max(first, @longest_ms)), %{backlog | rounds: backlog.rounds + 1}}
    end
  end
end
