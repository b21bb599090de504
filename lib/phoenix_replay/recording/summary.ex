defmodule PhoenixReplay.Recording.Summary do
  @moduledoc """
  What is known of a recording without reading its events.

    * `:id`, `:view`, `:url`, `:connected_at` - as in `PhoenixReplay.Recording`
    * `:event_count` - how many events there are
    * `:duration_ms` - from the first event to the last
    * `:active?` - whether the session is still running
    * `:ended` - how it ended: `:closed` (the connection is gone), `:left` (navigated away),
      `:redirected`, `:crashed`, `:drained` (the node was being shut down), `:killed`, `:finished` (by
      `PhoenixReplay.Store.finalize/1`), `:stopped` (the application stopped, the mount was refused, or a
      session recorded by id was idle for too long), `:unknown`; `nil` while it runs
    * `:error` - the exception's module where it crashed, as a string
    * `:errors` - how many errors there were: lines of the log that are errors, where those are recorded, and a crash
    * `:dropped` - events that came after `max_events` or `max_session_bytes` and are not there
    * `:faults` - events of which something was lost
    * `:truncated`, `:interrupted` - whether the end of it is missing
    * `:interacted` - whether the user did anything
    * `:event_names` - how often each `handle_event` came, `%{"save" => 2}`
    * `:metadata` - facts put there by the host, `%{"user_id" => 7}`, see `PhoenixReplay.put_metadata/2`
    * `:activity` - how much happened when: a number from 0 to 255 for each of up to 32 stretches of time, of
      equal length and 128 ms or twice that as often as it takes; `[]` where nobody counted
    * `:inflated_bytes` - size of the recording before compression
    * `:node`, `:release` - where it was recorded
    * `:connection` - a code for the connection of the page, the same for all LiveViews on it; `nil` where
      nobody recorded it, and while it runs
    * `:bytes` - how many the storage keeps of it; 0 while it runs
    * `:pinned` - whether it is kept whatever its age
  """

  defstruct [
    :id,
    :view,
    :url,
    :connected_at,
    :ended,
    :error,
    :node,
    :release,
    :connection,
    event_count: 0,
    duration_ms: 0,
    active?: false,
    errors: 0,
    dropped: 0,
    faults: 0,
    truncated: false,
    interrupted: false,
    interacted: false,
    event_names: %{},
    metadata: %{},
    activity: [],
    inflated_bytes: 0,
    bytes: 0,
    pinned: false
  ]

  @type t :: %__MODULE__{
          id: String.t(),
          view: module,
          url: String.t() | nil,
          connected_at: integer,
          ended: atom,
          error: String.t() | nil,
          node: String.t() | nil,
          release: String.t() | nil,
          connection: String.t() | nil,
          event_count: non_neg_integer,
          duration_ms: non_neg_integer,
          active?: boolean,
          errors: non_neg_integer,
          dropped: non_neg_integer,
          faults: non_neg_integer,
          truncated: boolean,
          interrupted: boolean,
          interacted: boolean,
          event_names: %{String.t() => pos_integer},
          metadata: map,
          activity: [0..255],
          inflated_bytes: non_neg_integer,
          bytes: non_neg_integer,
          pinned: boolean
        }

  @doc false
  # From a map as the core writes it and a storage hands it back. Fields this version does not know
  # are passed over: the recording may be from a later one.
  @spec from_map(map, boolean) :: t
  def from_map(map, active?), do: %{struct(__MODULE__, map) | active?: active?}

  @doc false
  # What an `authorize` function is asked about.
  @spec recording(t) :: PhoenixReplay.Recording.t()
  def recording(%__MODULE__{} = summary) do
    struct(
      PhoenixReplay.Recording,
      Map.take(summary, [:id, :view, :url, :connected_at, :metadata])
    )
  end
end
