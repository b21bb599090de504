defmodule PhoenixReplay.Storage do
  @moduledoc """
  Where recordings are kept: a behaviour.

  A storage keeps and returns recordings as opaque bytes, each with a summary. It never needs to read
  what is in them: a summary is a map of plain terms and given with every save, and
  `read_summary/1` tells it from the first 64 KB of the bytes.

  The summary's keys are those of `PhoenixReplay.Recording.Summary` without `:active?`. There may be
  more: keep what you know. A storage adds `:bytes`, how many it keeps of it, and `:pinned`.

  A storage is called in the process that needs it, several at a time. It may raise: what it
  raises becomes an error with the reason `:storage`, and a session that could not be saved is kept.

  ## Journals

  A running session is journalled: what is sealed of it is appended as it goes, so that a node that is
  killed loses seconds of it. A journal is bytes that only grow, and it belongs to an owner: one start
  of one node, see `PhoenixReplay.Storage.Owner`. An owner gives a sign of life now and then; a node
  that starts takes over, by `c:journal_claim/4`, the journals of owners that have been silent for long.

  The callbacks for it are optional, all or none: without them nothing is journalled.

  ## Your own

  `PhoenixReplay.Storage.Contract` is the test of all of this, to be used in a test of a storage.
  """

  alias PhoenixReplay.Storage.Query

  @type id :: String.t()
  @type opts :: keyword
  @type summary :: %{
          required(:id) => id,
          required(:connected_at) => integer,
          optional(atom) => term
        }

  @typedoc "Whose a journal is, as `PhoenixReplay.Storage.Owner.this/0` names it."
  @type owner :: String.t()

  @typedoc "Where a page of a list ended, to go on from there."
  @type cursor :: {connected_at :: integer, id}

  @typedoc """
  What of a list is asked for.

    * `:where` - which recordings
    * `:limit` - at most so many, `nil` for all
    * `:after` - what the page before gave as `:next`, `nil` for the first
  """
  @type request :: %{where: Query.t(), limit: pos_integer | nil, after: cursor | nil}

  @typedoc "Summaries, newest first, and where the next page begins; `nil` when there is none."
  @type page :: %{entries: [summary], next: cursor | nil}

  @typedoc "A journal: its size, and for how long its owner has given no sign of life."
  @type journal :: %{
          id: id,
          owner: owner,
          bytes: non_neg_integer,
          silent_ms: non_neg_integer
        }

  @doc """
  Keeps a recording, in place of one of the same id, which stays pinned if it was.

  `:ok` promises that `c:fetch/2` has it from now on, whole, even if the machine loses its power: a
  reader must never meet half of one.
  """
  @callback save(id, data :: binary, summary, opts) :: :ok | {:error, term}

  @doc "The bytes of a recording, `:error` when there is none."
  @callback fetch(id, opts) :: {:ok, binary} | :error | {:error, term}

  @doc "The summary of one recording, `:error` when there is none."
  @callback summary(id, opts) :: {:ok, summary} | :error | {:error, term}

  @doc """
  Summaries, newest first by `:connected_at`, then by `:id`. Recordings that cannot be read are passed
  over. A page may be shorter than its limit only where it is the last, or `:next` says so.
  """
  @callback list(request, opts) :: {:ok, page} | {:error, term}

  @doc "How many recordings there are."
  @callback count(Query.t(), opts) :: {:ok, non_neg_integer} | {:error, term}

  @doc "Deletes recordings. One that is not there is no error."
  @callback delete([id], opts) :: :ok | {:error, term}

  @doc "Deletes every recording."
  @callback clear(opts) :: :ok | {:error, term}

  @doc "Pins a recording, so that retention passes it over, or lets go of it. `:error` when there is none."
  @callback pin(id, boolean, opts) :: :ok | :error | {:error, term}

  @doc "Checks the options at boot; the message says what the storage takes."
  @callback validate(opts) :: :ok | {:error, String.t()}

  @doc """
  Runs `task` while no other node that shares this storage runs one of the same name; `:busy` where
  another does. Without this callback every node runs its own.
  """
  @callback alone(name :: atom, task :: (-> result), opts) ::
              {:ok, result} | :busy | {:error, term}
            when result: term

  @doc """
  How many recordings may be given to it at a time, where that is more than there are schedulers: waiting
  for a disk takes nobody's place. Without this callback it is as many as there are schedulers, two at least.
  """
  @callback at_once(opts) :: pos_integer

  @doc "Whether journals can be kept with these options. Without this callback they can."
  @callback journal?(opts) :: boolean

  @doc """
  Adds bytes to the end of a journal, which is made with the first. It is a sign of life too.

  `{:ok, bytes}` says how long the journal is now, where that costs little to know: one that is not as long as
  what was written to it, as it was deleted meanwhile, is then begun anew, from what is in memory.
  What is refused may be there all the same: it comes again, and is read once.
  """
  @callback journal_append(id, owner, data :: binary, opts) ::
              :ok | {:ok, bytes :: non_neg_integer} | {:error, term}

  @doc "A sign of life of an owner."
  @callback journal_beat(owner, opts) :: :ok | {:error, term}

  @doc "All journals, of all owners."
  @callback journals(opts) :: {:ok, [journal]} | {:error, term}

  @doc "The bytes of a journal, `:error` when there is none. The last append may be cut short."
  @callback journal_fetch(id, owner, opts) :: {:ok, binary} | :error | {:error, term}

  @doc """
  Takes a journal over. Of several that try exactly one gets `:ok`, the others `:error`, as does who
  comes when it is gone.
  """
  @callback journal_claim(id, from :: owner, to :: owner, opts) :: :ok | :error | {:error, term}

  @doc "Deletes journals of an owner. One that is not there is no error."
  @callback journal_delete([id], owner, opts) :: :ok | {:error, term}

  @optional_callbacks validate: 1,
                      alone: 3,
                      at_once: 1,
                      journal?: 1,
                      journal_append: 4,
                      journal_beat: 2,
                      journals: 1,
                      journal_fetch: 3,
                      journal_claim: 4,
                      journal_delete: 3

  @doc """
  The summary of a recording, from its bytes or the first 64 KB of them.

  Recordings of version 0.1 and 0.2 of the package tell it only with all of their bytes.
  `{:error, %PhoenixReplay.Error{reason: :unreadable}}` when they are not those of a recording.
  """
  @spec read_summary(binary) :: {:ok, summary} | {:error, PhoenixReplay.Error.t()}
  def read_summary(prefix) do
    case PhoenixReplay.Native.recording_summary(prefix) do
      {:ok, summary} -> {:ok, summary}
      {:error, {reason, message}} -> PhoenixReplay.Error.new(:unreadable, "#{reason}: #{message}")
    end
  end

  @doc """
  A page out of all summaries there are, for a storage that has them at hand.

  ## Examples

      iex> summaries = for n <- 1..3, do: %{id: "r\#{n}", connected_at: n}
      iex> request = %{where: %PhoenixReplay.Storage.Query{}, limit: 2, after: nil}
      iex> PhoenixReplay.Storage.page(summaries, request)
      %{entries: [%{id: "r3", connected_at: 3}, %{id: "r2", connected_at: 2}], next: {2, "r2"}}
  """
  @spec page([summary], request) :: page
  def page(summaries, %{where: where, limit: limit, after: last}) do
    asked =
      for summary <- Enum.sort_by(summaries, &cursor/1, :desc),
          last == nil or cursor(summary) < last,
          Query.matches?(where, summary),
          do: summary

    {entries, more} = if limit, do: Enum.split(asked, limit), else: {asked, []}
    %{entries: entries, next: if(more != [], do: entries |> List.last() |> cursor())}
  end

  @doc "The place of a summary in a list."
  @spec cursor(summary) :: cursor
  def cursor(%{connected_at: connected_at, id: id}), do: {connected_at, id}
end
