defmodule PhoenixReplay.Native do
  @moduledoc false
  # The seam to `native/phoenix_replay_nif`. Only the Recorder, Sanitizer, Store, Timeline, Storage and
  # Persister call it, and Store alone turns what comes back into structs and errors.
  #
  # An append works within a budget, so that it never holds a normal scheduler for more than a
  # millisecond. Past it the NIF undoes what it wrote and answers `:again`; the same append is then
  # made on a dirty scheduler. Everything else that may be long is dirty from the start.

  version = Mix.Project.config()[:version]

  # Until a release with prebuilt NIFs is published there are no checksums, and the crate is built.
  checksums = Path.expand("../../checksum-Elixir.PhoenixReplay.Native.exs", __DIR__)

  unless File.exists?(checksums) or System.find_executable("cargo") do
    raise "PhoenixReplay builds its native part with Rust, and there is no cargo on the PATH: " <>
            "install Rust 1.91 or newer, for example with rustup"
  end

  use RustlerPrecompiled,
    otp_app: :phoenix_replay,
    crate: "phoenix_replay_nif",
    base_url: "#{Mix.Project.config()[:source_url]}/releases/download/v#{version}",
    version: version,
    nif_versions: ["2.17"],
    force_build: not File.exists?(checksums)

  @type session :: reference()
  @type timeline :: reference()
  @type sanitizer :: reference()
  @type query :: reference()
  @type search :: reference()
  @type index :: reference()
  @type appended :: :ok | :truncated | :dropped | :refused
  @type keep :: %{errors: boolean, slower_than: pos_integer | nil, rate: 0..1_000_000}
  @type limits :: %{
          optional(:max_events) => pos_integer,
          optional(:max_bytes) => pos_integer,
          optional(:max_memory) => non_neg_integer | nil,
          optional(:keep) => keep | nil
        }
  @type of_view ::
          {view :: atom, connected_at :: integer, head :: binary, {params :: map, session :: map},
           place :: {pid, pid | nil, binary | nil} | nil,
           visit :: {secret :: binary, token :: binary} | nil}
  @type limits_of_view ::
          {max_events :: pos_integer | nil, max_bytes :: pos_integer | nil,
           max_memory :: non_neg_integer | nil, keep | nil}
  @type field :: {key :: atom, role :: :plain | :assigns | :params | :diff, term}

  ## Sanitizer

  @spec sanitizer_new(%{filter_keys: [binary], discard: [binary], keep: [binary] | nil}) ::
          sanitizer
  def sanitizer_new(_options), do: not_loaded()

  @spec sanitize(sanitizer, term, :assigns | :params) :: term
  def sanitize(_sanitizer, _term, _place), do: not_loaded()

  @spec sanitize_url(sanitizer, binary) :: binary
  def sanitize_url(_sanitizer, _url), do: not_loaded()

  @doc "How a text begins, up to 4,000 bytes of it, without what follows a sensitive name in it."
  @spec sanitize_text(sanitizer, binary) :: binary
  def sanitize_text(_sanitizer, _text), do: not_loaded()

  ## A session and its log

  @doc """
  Starts a session and registers it under `id`.

  With a `pid` it is bound to that process: when the process dies, however it dies, the attached
  persister gets `{:phoenix_replay, :down, id}`. `facts` holds `:view`, `:connected_at`, `:url` (or
  `nil`), `:head` (a map in external term format), `:params`, `:session` and, of a LiveView, `:place`; with a
  sanitizer of `nil` every term is recorded as it is given.

  `limits` are those of the session, and `:max_memory`: once all sessions together hold that many
  bytes, none starts. A limit left out or `nil` is core's default, of memory none. Their `:keep`, with its
  rate in parts of a million, says which sessions are `kept` in the end (`session_state/1`), by default all.
  """
  @spec session_start(binary, pid | nil, map, sanitizer | nil, limits) ::
          {:ok, session} | {:error, :exists | :max_memory}
  def session_start(id, pid, facts, sanitizer, limits) do
    case session_start_now(id, pid, facts, sanitizer, limits) do
      :again -> session_start_dirty(id, pid, facts, sanitizer, limits)
      started -> started
    end
  end

  @doc false
  def session_start_now(_id, _pid, _facts, _sanitizer, _limits), do: not_loaded()
  @doc false
  def session_start_dirty(_id, _pid, _facts, _sanitizer, _limits), do: not_loaded()

  @doc """
  As `session_start/5` for the calling process, under an id made for it: 128 random bits, URL-safe. It is
  called in every LiveView, so what it takes is in tuples.

  The place of a LiveView is `{connection, parent, DOM id}`: two processes, the second `nil` where it is
  sticky, and `nil` for the id where it is the page itself. What is around it is found by these processes,
  and `"nested_in"`, `"sticky_in"` and `"nested_id"` become facts of its metadata. Where there is a visit, a
  code of its token under its secret becomes `"visit"`.

  `watcher` is who learns why that process ends, with a term for it, and gets
  `{:watch, pid, {id, session, term}}` in the same call. It then tells the persister, which hears of the end
  by itself only if the watcher is gone by then, or there was none.
  """
  @spec session_begin(of_view, {watcher :: pid | nil, term}, sanitizer | nil, limits_of_view) ::
          {:ok, id :: binary, session} | {:error, :max_memory}
  def session_begin(facts, watcher, sanitizer, limits) do
    case session_begin_now(facts, watcher, sanitizer, limits) do
      :again -> session_begin_dirty(facts, watcher, sanitizer, limits)
      started -> started
    end
  end

  @doc false
  def session_begin_now(_facts, _watcher, _sanitizer, _limits), do: not_loaded()
  @doc false
  def session_begin_dirty(_facts, _watcher, _sanitizer, _limits), do: not_loaded()

  @doc """
  Appends what a LiveView begins with, its assigns. `:refused` where all sessions have come to hold its
  `:max_memory` since it started: of a thousand that start at once none holds anything yet.
  """
  @spec append_mount(session, map) :: appended
  def append_mount(session, assigns), do: append(session, :mount, assigns)

  @spec append_event(session, term, term) :: appended
  def append_event(session, name, params) do
    case append_event_now(session, name, params) do
      :again -> append_dirty(session, :event, {name, params})
      appended -> appended
    end
  end

  @spec append_params(session, term, binary | nil) :: appended
  def append_params(session, params, url), do: append(session, :handle_params, {params, url})

  @spec append_info(session, atom | nil) :: appended
  def append_info(session, tag), do: append(session, :info, tag)

  @doc """
  Appends what changed between `seen` and `next`, two maps of assigns, looking only at the keys of
  `changed`. A key of `changed` that `next` lacks was removed. Nothing changed, nothing is appended.
  """
  @spec append_assigns(session, map, map, map) :: appended
  def append_assigns(session, seen, next, changed) do
    case append_assigns_now(session, seen, next, changed) do
      :again -> append_dirty(session, :assigns, {seen, next, changed})
      appended -> appended
    end
  end

  @doc "Appends that something of the recording was lost: the stage it was lost in and why."
  @spec append_fault(session, atom, binary) :: appended
  def append_fault(session, stage, reason), do: append(session, :fault, {stage, reason})

  @doc """
  Appends an event of any kind, its payload field by field. The role of a field says what becomes of its
  value: `:plain` stays as it is, `:assigns` and `:params` go through the sanitizer, and of a `:diff`,
  which is `{seen, next, changed}`, only what changed is written, as a patch.

  `:unchanged` when a `:diff` found nothing: then there is no event.
  """
  @spec append_fields(session, atom, [field]) :: appended | :unchanged
  def append_fields(session, type, fields), do: append(session, :fields, {type, fields})

  @doc "Appends an event of a session that is recorded by id, at an offset of the caller's."
  @spec append_by_id(session, non_neg_integer, atom, term) :: appended
  def append_by_id(session, offset_ms, type, payload),
    do: append(session, :by_id, {offset_ms, type, payload})

  @doc """
  Appends, as `append_fields/3` does, what is known only when the session has ended. One that left memory
  takes nothing, and what is being sealed meanwhile may lack it.
  """
  @spec append_last(session, atom, [field]) :: appended | :unchanged
  def append_last(session, type, fields), do: append(session, :last, {type, fields})

  defp append(session, kind, payload) do
    case append_now(session, kind, payload) do
      :again -> append_dirty(session, kind, payload)
      appended -> appended
    end
  end

  @doc false
  def append_now(_session, _kind, _payload), do: not_loaded()
  @doc false
  def append_event_now(_session, _name, _params), do: not_loaded()
  @doc false
  def append_assigns_now(_session, _seen, _next, _changed), do: not_loaded()
  @doc false
  def append_dirty(_session, _kind, _payload), do: not_loaded()

  @doc """
  Puts facts into the summary of a session, sanitized as params are. A later one replaces an earlier of
  the same name. Gives how many were left out: what is no scalar, too long, or past the number a session
  takes. One that has ended takes nothing, and leaves nothing out.
  """
  @spec session_put_metadata(session, map) :: non_neg_integer
  def session_put_metadata(session, facts) do
    case session_put_metadata_now(session, facts) do
      :again -> session_put_metadata_dirty(session, facts)
      left_out -> left_out
    end
  end

  @doc false
  def session_put_metadata_now(_session, _facts), do: not_loaded()
  @doc false
  def session_put_metadata_dirty(_session, _facts), do: not_loaded()

  @doc "Ends a session: how (an atom of `PhoenixReplay.Recording.Summary`) and the error, if any."
  @spec session_close(session, atom, binary | nil) :: :ok
  def session_close(_session, _ended, _error), do: not_loaded()

  @doc """
  Says how many microseconds the last callback or render took, which is put into its event. Whether that
  is still at hand: one that is about to be sealed stays as it is.
  """
  @spec session_took(session, :handled | :rendered, non_neg_integer) :: boolean
  def session_took(_session, _step, _micros), do: not_loaded()

  @doc "Opens an ended session again, where storage refused it and the caller may go on with it."
  @spec session_reopen(session) :: :ok
  def session_reopen(_session), do: not_loaded()

  @spec session_state(session) :: %{
          ended: atom | nil,
          interacted: boolean,
          bound: boolean,
          journalled: boolean,
          nested_in: binary | nil,
          kept: boolean
        }
  def session_state(_session), do: not_loaded()

  @spec session_summary(session) :: map
  def session_summary(_session), do: not_loaded()

  @doc "Ids of sessions in memory that are nested in one of these recordings, or sticky on a connection."
  @spec sessions_nested([binary]) :: [binary]
  def sessions_nested(_around), do: not_loaded()

  @doc """
  The finished recording of a session, compressed, and what `recording_summary/1` gives of that. The session
  stays as it is.
  """
  @spec session_seal(session, :etf | :json) :: {:ok, binary, map} | {:error, {atom, binary}}
  def session_seal(_session, _format), do: not_loaded()

  @doc "A timeline of what a session has recorded so far."
  @spec session_timeline(session) :: {:ok, timeline} | {:error, {atom, binary}}
  def session_timeline(_session), do: not_loaded()

  @doc "Ids of the sessions that have a part to seal, see `session_seal_next/1`."
  @spec sessions_due() :: [binary]
  def sessions_due, do: not_loaded()

  @doc """
  Compresses one part of a session's log that has filled up, if there is one, while the session goes on:
  about 128 KiB of events. Says whether there is another.
  """
  @spec session_seal_next(session) :: boolean | {:error, {atom, binary}}
  def session_seal_next(_session), do: not_loaded()

  ## Its journal

  @doc """
  Ids of sessions in memory with at least `events` events that are not in their journal, or with some and
  last flushed, or begun, at least `age_ms` ago. Of those that ended, which are about to be saved, the latter.
  """
  @spec sessions_unflushed(pos_integer, non_neg_integer) :: [binary]
  def sessions_unflushed(_events, _age_ms), do: not_loaded()

  @doc "Whether a session is, by now, one of `sessions_unflushed/2`."
  @spec session_is_unflushed(session, pos_integer, non_neg_integer) :: boolean
  def session_is_unflushed(_session, _events, _age_ms), do: not_loaded()

  @doc "What to add to the journal of a session, and the mark for `session_flushed/3` once it is there."
  @spec session_unflushed(session) ::
          {:ok, binary, mark :: reference} | nil | {:error, {atom, binary}}
  def session_unflushed(_session), do: not_loaded()

  @doc "Gives the system back what the C library keeps of memory that is free. Whether there was any."
  @spec memory_trim() :: boolean
  def memory_trim, do: not_loaded()

  @doc """
  What a session was to add to its journal is there, and the journal is `bytes` long now, `nil` where its
  storage does not say. Whether it has what was written to it; where not, delete it, and what
  `session_unflushed/1` gives is all of it again.
  """
  @spec session_flushed(session, reference, non_neg_integer | nil) :: boolean
  def session_flushed(_session, _mark, _bytes), do: not_loaded()

  @doc "The finished recording of a journal whose session is gone, marked as interrupted."
  @spec journal_finish(binary, :etf | :json) :: {:ok, binary} | {:error, {atom, binary}}
  def journal_finish(_journal, _format), do: not_loaded()

  ## The index of a folder of recordings

  @doc "The index of a folder, of which nothing is known yet."
  @spec index_open(binary) :: index
  def index_open(_folder), do: not_loaded()

  @doc """
  Brings an index up to date with its files, for some milliseconds. Done, it gives files that cannot be
  read, by id, path and why, and files that writers left which must have died.
  """
  @spec index_refresh(index) ::
          :more | {:done, [{binary, binary, binary}], [binary]} | {:error, binary} | :closed
  def index_refresh(_index), do: not_loaded()

  @doc """
  Files that a refresh which said `:more` has to read, at most so many; `nil` when there are none. Several
  processes can read a batch each with `index_read/1`; each has to come back with `index_put/2`.
  """
  @spec index_take(index, pos_integer) :: {:ok, reference | nil} | {:error, binary} | :closed
  def index_take(_index, _count), do: not_loaded()

  @spec index_read(reference) :: :ok
  def index_read(_batch), do: not_loaded()

  @spec index_put(index, reference) :: :ok
  def index_put(_index, _batch), do: not_loaded()

  @doc """
  Puts a file in place, written to another name, synced and renamed, and makes its folder where there is none.
  Then the files `instead_of` are deleted, those that are there.
  """
  @spec disk_put(binary, binary, [binary]) :: :ok | {:error, atom | binary}
  def disk_put(_path, _data, _instead_of), do: not_loaded()

  @doc "Writes what is new of an index beside the files, for some milliseconds."
  @spec index_save(index) :: :more | :done
  def index_save(_index), do: not_loaded()

  @doc """
  The next summaries older than a place of the list that conditions mean, at most so many, looked for for
  some milliseconds; each with whether that is sure, and where to go on. The conditions are the fields of a
  `PhoenixReplay.Storage.Query`, integers of 64 bits.
  """
  @spec index_find(index, map, {integer, binary} | nil, non_neg_integer) ::
          {:ok, [{map, boolean}], {integer, binary} | nil} | :closed
  def index_find(_index, _query, _after, _count), do: not_loaded()

  @doc """
  How many recordings older than a place of the list conditions mean for sure, and summaries of those that
  they may mean, counted for some milliseconds; and where to go on.
  """
  @spec index_count(index, map, {integer, binary} | nil) ::
          {:ok, non_neg_integer, [map], {integer, binary} | nil} | :closed
  def index_count(_index, _query, _after), do: not_loaded()

  @doc "What the files of places of the list say: the same, nothing any more, or another summary."
  @spec index_check(index, [{integer, binary}]) :: {:ok, [:same | :gone | map]} | :closed
  def index_check(_index, _places), do: not_loaded()

  @spec index_size(index) :: non_neg_integer
  def index_size(_index), do: not_loaded()

  @spec index_close(index) :: :ok
  def index_close(_index), do: not_loaded()

  ## The registry

  @spec session_lookup(binary) :: session | nil
  def session_lookup(_id), do: not_loaded()

  @spec session_remove(binary) :: :ok
  def session_remove(_id), do: not_loaded()

  @doc "Ids of the sessions that are still running, or that ended and wait to be stored."
  @spec session_ids(:open | :ended) :: [binary]
  def session_ids(_state), do: not_loaded()

  @doc "Names the process that is told when a recorded process dies."
  @spec persister_attach(pid) :: :ok
  def persister_attach(_pid), do: not_loaded()

  @spec info() :: %{sessions: integer, events: integer, bytes: integer}
  def info, do: not_loaded()

  ## Recordings

  @doc "Head and summary of a stored recording, from the beginning of its bytes (64 KB are enough)."
  @spec recording_summary(binary) :: {:ok, map} | {:error, {atom, binary}}
  def recording_summary(_prefix), do: not_loaded()

  @spec recording_open(binary) :: {:ok, timeline} | {:error, {atom, binary}}
  def recording_open(_data), do: not_loaded()

  @doc "Everything of a recording but its events: head, context and summary in one map."
  @spec timeline_head(timeline) :: map
  def timeline_head(_timeline), do: not_loaded()

  @spec timeline_size(timeline) :: non_neg_integer
  def timeline_size(_timeline), do: not_loaded()

  @doc "Bytes of memory that seeking in a timeline costs, besides what the recording holds."
  @spec timeline_keyframe_bytes(timeline) :: non_neg_integer
  def timeline_keyframe_bytes(_timeline), do: not_loaded()

  @doc "`count` events from index `from`, as `{offset_ms, type, payload}` in the form users are shown."
  @spec timeline_events(timeline, non_neg_integer, non_neg_integer) ::
          {:ok, [{non_neg_integer, atom, map}]} | {:error, {atom, binary}}
  def timeline_events(_timeline, _from, _count), do: not_loaded()

  @doc "The same without values: `{offset_ms, type, label, failed?, changed_keys}`."
  @spec timeline_rows(timeline, non_neg_integer, non_neg_integer) ::
          [{non_neg_integer, atom, binary | nil, boolean, [term]}]
  def timeline_rows(_timeline, _from, _count), do: not_loaded()

  @doc "What events cost: `{microseconds | nil, bytes}`."
  @spec timeline_costs(timeline, non_neg_integer, non_neg_integer) ::
          [{non_neg_integer | nil, non_neg_integer}]
  def timeline_costs(_timeline, _from, _count), do: not_loaded()

  @doc "The assigns as of event `index`: `:stripped` of sensitive keys, or `:shown` with them as \"[FILTERED]\"."
  @spec timeline_assigns(timeline, non_neg_integer, :stripped | :shown) ::
          {:ok, map} | {:error, {atom, binary}}
  def timeline_assigns(_timeline, _index, _form), do: not_loaded()

  @doc """
  What the user saw when event `index` had happened: the assigns, and the other parts of the page by
  the keys the recorder gave them. Events of one render are one moment.
  """
  @spec timeline_seen(timeline, non_neg_integer, :stripped | :shown) ::
          {:ok, {assigns :: map, parts :: map}} | {:error, {atom, binary}}
  def timeline_seen(_timeline, _index, _form), do: not_loaded()

  @doc "Index of the last event at or before an offset in milliseconds; `nil` before the first."
  @spec timeline_index_at(timeline, integer) :: non_neg_integer | nil
  def timeline_index_at(_timeline, _offset_ms), do: not_loaded()

  ## Retention

  @doc """
  Which of `{id, connected_at, bytes, pinned}` a policy `{count, age_ms, bytes}` gives up: the oldest
  beyond a limit, `nil` being none. What is pinned stays and does not count.
  """
  @spec retention_expired(
          [{binary, integer, non_neg_integer, boolean}],
          {non_neg_integer | nil, non_neg_integer | nil, non_neg_integer | nil},
          integer
        ) :: [binary]
  def retention_expired(_recordings, _policy, _now_ms), do: not_loaded()

  ## Search

  @spec search_query(:text | :number | :regex, binary, boolean) ::
          {:ok, query} | {:error, {:invalid_query, binary}}
  def search_query(_kind, _text, _ignore_case), do: not_loaded()

  # Of all searches on the node at most `at_once` of these two run at a time; another is `:busy`.

  @spec search_open(binary, query, non_neg_integer, pos_integer) ::
          {:ok, search} | :busy | {:error, {atom, binary}}
  def search_open(_data, _query, _most, _at_once), do: not_loaded()

  @doc "Goes on for about 15 ms."
  @spec search_step(search, pos_integer) ::
          :more
          | :busy
          | {:done, [{non_neg_integer, non_neg_integer, binary, binary}], more? :: boolean}
  def search_step(_search, _at_once), do: not_loaded()

  ## For the benchmark

  @doc """
  How long calls have held the thread they were made on, in nanoseconds of its CPU time, since it was
  switched on, and switches it on or off. Counts from nothing each time.
  """
  @spec cpu_times(boolean) :: [
          %{
            call: binary,
            scheduler: :normal | :dirty | :other,
            calls: non_neg_integer,
            total_ns: non_neg_integer,
            max_ns: non_neg_integer
          }
        ]
  def cpu_times(_on), do: not_loaded()

  defp not_loaded, do: :erlang.nif_error(:nif_not_loaded)
end
