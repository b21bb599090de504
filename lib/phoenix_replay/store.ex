defmodule PhoenixReplay.Store do
  @moduledoc """
  Recordings: those that are saved, and those still running.

  Errors are `{:error, %PhoenixReplay.Error{}}`. A recording that `authorize` refuses looks in every
  call as if it were not there, `cleanup/0`, `clear_all/0` and `delete_recordings/1` excepted: they see
  to the storage, not to a viewer.

  ## Recording something that is not a LiveView

      :ok = Store.start_recording("import-42", %PhoenixReplay.Recording{view: MyApp.Import})
      :ok = Store.append_event("import-42", {0, :mount, %{assigns: %{rows: 0}}})
      :ok = Store.append_event("import-42", {120, :event, %{name: "start", params: %{}}})
      {:ok, recording} = Store.finalize("import-42")

  From any process, and bound to none. A session that gets no event for an hour is ended and saved by
  the next timed cleanup.
  """

  alias PhoenixReplay.{Error, Persister, Recording, Timeline}
  alias PhoenixReplay.Persister.Retention
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.{Configured, Query}
  alias PhoenixReplay.Store.{ById, Changing, Erasing, Listing, Nested, Opening, Running, Search}

  @type id :: String.t()

  @typedoc "A place where `search/2` found what it looked for."
  @type hit :: %{
          id: String.t(),
          view: module,
          index: non_neg_integer,
          offset_ms: non_neg_integer,
          path: String.t(),
          excerpt: String.t()
        }

  @typedoc "What `search/2` found."
  @type found :: %{
          hits: [hit],
          searched: non_neg_integer,
          unreadable: non_neg_integer,
          truncated?: boolean
        }

  ## Saved

  @doc """
  Summaries of all saved recordings, newest first. No recording is read for it.

  Where the storage cannot be read the list is empty; `summaries/1` tells the two apart.
  """
  @spec list_recording_summaries() :: [Summary.t()]
  def list_recording_summaries do
    case summaries() do
      {:ok, %{entries: entries}} -> entries
      {:error, _error} -> []
    end
  end

  @doc """
  A page of summaries of saved recordings, newest first: `%{entries: summaries, next: next}`.

  Takes

    * `:where` - conditions, see `PhoenixReplay.Storage.Query`
    * `:limit` - how many at most
    * `:after` - the `next` of the page before, which is `nil` on the last
    * `:only` - a function of a summary; recordings for which it is not true are left out

  What `authorize` refuses is left out too. So that a page reads a bounded number of recordings, it may be
  shorter than its limit then, or empty, and still have a `next`.

  ## Examples

      {:ok, %{entries: newest, next: next}} = Store.summaries(limit: 20)
      {:ok, %{entries: older}} = Store.summaries(limit: 20, after: next)
  """
  @spec summaries(
          where: keyword | map,
          limit: pos_integer,
          after: term,
          only: (Summary.t() -> as_boolean(term))
        ) ::
          {:ok, %{entries: [Summary.t()], next: term | nil}} | {:error, Error.t()}
  def summaries(request \\ []) do
    {where, request} = Keyword.pop(request, :where, [])

    with {:ok, where} <- Query.new(where),
         do: request |> Map.new() |> Map.put(:where, where) |> Listing.page()
  end

  @doc """
  A page of summaries of the saved recordings that meet all conditions of `where`, newest first. The same
  as `summaries/1` with them, which says what `opts` and the result are.

  An error of the reason `:invalid_query` says which condition is wrong.

  ## Examples

      {:ok, %{entries: failed}} = Store.filter([view: MyApp.CartLive, errors: true], limit: 50)
      {:ok, %{entries: of_user}} = Store.filter(metadata: %{user_id: 7})
  """
  @spec filter(keyword | map, limit: pos_integer, after: term) ::
          {:ok, %{entries: [Summary.t()], next: term | nil}} | {:error, Error.t()}
  def filter(where, opts \\ []), do: summaries(Keyword.put(opts, :where, where))

  @doc """
  How many saved recordings meet all conditions of `where`, by default all there are. With an `authorize`
  those it allows, each of which it is asked about.

  ## Examples

      {:ok, count} = Store.count(errors: true)
  """
  @spec count(keyword | map) :: {:ok, non_neg_integer} | {:error, Error.t()}
  def count(where \\ []) do
    with {:ok, where} <- Query.new(where), do: Listing.count(where)
  end

  @doc """
  Finds when something appears in saved recordings: in the names and params of events, in URLs and in
  the assigns, also where it was typed letter by letter.

  `query` is a text that values contain, a number that they equal exactly, or a `Regex` (with no option
  but `i` and `u`; it is matched by Rust's `regex`, in linear time, so it has no look-around and no
  back-references). Options:

    * `:where` - only in recordings that meet these conditions, see `PhoenixReplay.Storage.Query`
    * `:ignore_case` - whether letters of another case match a text
    * `:per_recording` - at most so many hits of each recording, 20 by default
    * `:limit` - at most so many hits, 1,000 by default
    * `:only` - a function of a summary; recordings for which it is not true are not searched
    * `:on_hit` - a function that is called with each hit as it is found
    * `:on_progress` - a function that is called after each recording with how many were searched

  Gives `{:ok, %{hits: hits, searched: count, unreadable: count, truncated?: boolean}}`, hits of the newest
  recording first, and `truncated?` where a limit was reached. A hit is a map:

    * `:id`, `:view` - of the recording
    * `:index`, `:offset_ms` - of the event with which the value appears
    * `:path` - where it is, as `"assigns.form.params[\"email\"]"`
    * `:excerpt` - what is around it, at most 120 bytes of a text

  What is sensitive was never recorded or is hidden, and is not found. Recordings that `authorize` refuses
  are not searched. All searches together take half of the dirty CPU schedulers at most. To cancel one,
  end the process that called: it stops within about 20 ms, or when the recording being read is read.

  An error of the reason `:invalid_query` says what is wrong with the query or an option.

  ## Examples

      {:ok, %{hits: hits}} = Store.search("ann@example.com")
      {:ok, %{hits: [%{id: id, index: index} | _]}} = Store.search(~r/order-\d+/, where: [errors: true])
      {:ok, _found} = Store.search(4711, on_hit: &IO.inspect/1)
  """
  @spec search(String.t() | number | Regex.t(), keyword) ::
          {:ok, found} | {:error, Error.t()}
  def search(query, opts \\ []), do: Search.run(query, opts)

  @doc """
  All saved recordings with their events, newest first. Reads every one of them: for a list to show,
  take `list_recording_summaries/0`. One that cannot be read is left out.
  """
  @spec list_recordings() :: [Recording.t()]
  def list_recordings do
    for %{id: id} <- list_recording_summaries(), {:ok, recording} <- [get_recording(id)] do
      recording
    end
  end

  @doc """
  A saved recording.

  `:error` when there is none; `{:error, %PhoenixReplay.Error{}}` when it is there and cannot be read.
  """
  @spec get_recording(id) :: {:ok, Recording.t()} | :error | {:error, Error.t()}
  def get_recording(id),
    do: with({:ok, timeline} <- Opening.saved(id), do: Opening.recording(timeline))

  @doc """
  A timeline of a recording, saved or still running, to read it piece by piece. Returns as
  `get_recording/1` does.
  """
  @spec open(id) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def open(id), do: Opening.any(id)

  @doc """
  The beginning of a saved recording, to show something of it before all of it is read: what its first 256 kB
  tell. Returns as `get_recording/1` does, `:error` also where that is nothing, or the session still runs.
  """
  @spec open_beginning(id) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def open_beginning(id), do: Opening.beginning(id)

  @doc """
  Whether a running session has gone on, or ended, since this timeline of it was opened. One that runs on
  another node may have.
  """
  @spec grown?(Timeline.t()) :: boolean
  def grown?(timeline), do: Opening.grown?(timeline)

  @doc """
  A timeline of a session that runs on another node of those that share the configured `pubsub`, as it is
  now. Returns as `get_recording/1` does; `:error` after a second in which none said that it has it.
  """
  @spec open_elsewhere(id) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def open_elsewhere(id), do: Opening.elsewhere(id)

  @doc """
  The bytes of a recording as the storage keeps them, or of a running session as they would be kept. See
  `docs/FORMAT.md` for what is in them. Returns as `get_recording/1` does.
  """
  @spec export(id) :: {:ok, binary} | :error | {:error, Error.t()}
  def export(id), do: Opening.export(id)

  @doc """
  The summary of a saved recording. Returns as `get_recording/1` does.
  """
  @spec get_summary(id) :: {:ok, Summary.t()} | :error | {:error, Error.t()}
  def get_summary(id), do: Opening.summary(id)

  @doc """
  Summaries of the LiveViews that were nested in the one of a summary, the first to connect first: saved ones
  and those still in memory, with interaction of their own or without; also sticky ones that were on its
  connection before or after it. At most 100 of either kind. Their `metadata` says where each was:
  `"nested_id"` is the DOM id of its element.

  ## Examples

      {:ok, summary} = Store.get_summary(id)
      {:ok, nested} = Store.nested(summary)
  """
  @spec nested(Summary.t()) :: {:ok, [Summary.t()]} | {:error, Error.t()}
  def nested(%Summary{} = summary), do: Nested.summaries(summary)

  @doc """
  Deletes a saved recording. One that is not there is `:ok`, and so is one that `authorize` refuses,
  which stays.
  """
  @spec delete_recording(id) :: :ok | {:error, Error.t()}
  def delete_recording(id), do: Changing.delete(id)

  @doc """
  Deletes the saved recordings of summaries that `summaries/1` or `filter/2` gave. Which of them `authorize`
  allows was asked then, and is not asked again.

  ## Examples

      {:ok, %{entries: failed}} = Store.filter([errors: true], limit: 200)
      :ok = Store.delete_listed(failed)
  """
  @spec delete_listed([Summary.t()]) :: :ok | {:error, Error.t()}
  def delete_listed(summaries), do: Changing.delete_listed(summaries)

  @doc """
  Deletes every recording that meets all conditions of `where`, whatever `authorize` says: saved ones,
  pinned or not, and sessions that still run, here and on connected nodes, which are ended and are not
  saved.

  Gives how many. It works through them in batches, so one that fails may have deleted some before.
  Without any condition it is an error, of the reason `:invalid_query`: that is `clear_all/0`. Where a
  connected node does not answer it is one too, of the reason `:unreachable`, and what is saved stays.

  ## Examples

      {:ok, count} = Store.delete_recordings(metadata: %{user_id: 7})
      {:ok, count} = Store.delete_recordings([metadata: %{user_id: 7}], dry_run: true)

  With `dry_run: true` it deletes nothing and counts only. Nodes that are not connected, or that have a
  storage of their own, keep what is theirs: call it there too.
  """
  @spec delete_recordings(keyword | map, dry_run: boolean) ::
          {:ok, non_neg_integer} | {:error, Error.t()}
  def delete_recordings(where, opts \\ []) do
    with {:ok, where} <- Query.new(where),
         do: if(opts[:dry_run], do: Erasing.count(where), else: Erasing.run(where))
  end

  @doc """
  Pins a saved recording, so that retention never takes it, or with `false` lets go of it. `:error` when
  there is none.
  """
  @spec pin(id, boolean) :: :ok | :error | {:error, Error.t()}
  def pin(id, pinned) when is_boolean(pinned), do: Changing.pin(id, pinned)

  @doc "Deletes every saved recording, pinned or not, whatever `authorize` says. Running sessions go on."
  @spec clear_all() :: :ok | {:error, Error.t()}
  def clear_all, do: Configured.clear()

  @doc """
  Deletes what `max_recordings`, `max_recording_age_ms` and `max_bytes` give up, pinned recordings
  excepted. Runs by itself every `cleanup_interval_ms`. Where another node that shares the storage is at
  it, nothing is done here.
  """
  @spec cleanup() :: :ok | {:error, Error.t()}
  def cleanup, do: Retention.run()

  ## Running

  @doc """
  What a session has recorded so far: one that is still running, or has ended and is not saved yet.
  Returns as `get_recording/1` does.
  """
  @spec get_active(id) :: {:ok, Recording.t()} | :error | {:error, Error.t()}
  def get_active(id),
    do: with({:ok, timeline} <- Opening.active(id), do: Opening.recording(timeline))

  @doc "What running sessions have recorded so far, newest first. Those without user interaction are left out."
  @spec list_active() :: [Recording.t()]
  def list_active do
    for %{id: id} <- list_active_summaries(), {:ok, recording} <- [get_active(id)], do: recording
  end

  @doc "Summaries of running sessions, newest first. Those without user interaction are left out."
  @spec list_active_summaries() :: [Summary.t()]
  def list_active_summaries, do: Running.summaries()

  @doc """
  Sessions that ended and that storage refused as often as `persistence_retry_attempts` says: how many of
  this node, and why the last one was refused (`nil` where none is). They stay in memory, can be read with
  `get_active/1`, and are tried again until they are saved.

  ## Examples

      iex> PhoenixReplay.Store.unsaved()
      %{count: 0, error: nil}
  """
  @spec unsaved() :: %{count: non_neg_integer, error: Error.t() | nil}
  def unsaved, do: Persister.unsaved()

  ## By id

  @doc """
  Starts recording by id something that is not a LiveView.

  The recording brings view, URL, params, session, metadata and when it began (now, if `connected_at` is
  `nil`); events it has already are appended. Metadata is taken as `PhoenixReplay.put_metadata/2` does;
  what of it does not fit is left out. An id is 1 to 128 of `A-Z a-z 0-9 _ -`. A saved recording of the
  same id is replaced when this one is finalized.

  Errors: `:exists`, a session of that id is running; `:invalid_id`, `:invalid_recording`,
  `:invalid_event`; `:max_memory`, too much is in memory for another session.
  """
  @spec start_recording(id, Recording.t()) :: :ok | {:error, Error.t()}
  def start_recording(id, recording), do: ById.start(id, recording)

  @doc """
  Appends an event to a session that was started with `start_recording/2`.

  Its payload is sanitized like that of any other event. Past `max_events` or `max_session_bytes` it is
  dropped and counted, which is `:ok` too. `:error` when no such session is running. Errors: `:invalid_event`, and
  `:not_by_id` for the session of a LiveView.
  """
  @spec append_event(id, Recording.event()) :: :ok | :error | {:error, Error.t()}
  def append_event(id, event), do: ById.append(id, event)

  @doc """
  Ends a running session and saves it.

  Whatever is in it: who finalizes a session wants its recording. `:error` for an id that is not
  running. When the storage refuses, the session is kept and goes on; `finalize/1` can be called again.
  """
  @spec finalize(id) :: {:ok, Recording.t()} | :error | {:error, Error.t()}
  def finalize(id), do: Running.finalize(id)
end
