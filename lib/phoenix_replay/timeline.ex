defmodule PhoenixReplay.Timeline do
  @moduledoc """
  A recording opened for reading: its events piece by piece, and the assigns at any moment.

  What was recorded stays in Rust; a timeline holds a reference to it. It can be sent to another
  process of the node without being copied, and must not be stored: it means nothing elsewhere.

      {:ok, timeline} = PhoenixReplay.Store.open(id)
      index = PhoenixReplay.Timeline.index_at(timeline, 12_500)
      {:ok, assigns} = PhoenixReplay.Timeline.assigns(timeline, index)

  An index counts events from 0. A timeline of a running session is what there was when it was opened.
  """

  alias PhoenixReplay.{Error, Native, Recording}
  alias PhoenixReplay.Recording.Summary

  @enforce_keys [:reference, :recording, :summary, :size]
  defstruct [:reference, :recording, :summary, :size, code: %{modules: %{}, versions: %{}}]

  @type t :: %__MODULE__{
          reference: reference,
          recording: Recording.t(),
          summary: Summary.t(),
          size: non_neg_integer,
          code: code
        }

  @typedoc "MD5 of the modules of its view and components, and versions of the libraries, that a recording was made with."
  @type code :: %{modules: %{module => binary}, versions: %{atom => String.t()}}

  @type row :: %{
          index: non_neg_integer,
          offset_ms: non_neg_integer,
          type: atom,
          label: String.t() | nil,
          failed?: boolean,
          keys: [term]
        }

  @type cost :: %{took_us: non_neg_integer | nil, bytes: non_neg_integer}

  @doc false
  def new(reference, active?) do
    head = Native.timeline_head(reference)
    summary = Summary.from_map(head, active?)

    %__MODULE__{
      reference: reference,
      size: Native.timeline_size(reference),
      recording: %{Summary.recording(summary) | params: head.params, session: head.session},
      summary: summary,
      code: %{
        modules: Map.get(head, :modules, %{}),
        versions: Map.get(head, :versions, %{})
      }
    }
  end

  @doc "How many events there are."
  @spec size(t) :: non_neg_integer
  def size(%__MODULE__{size: size}), do: size

  @doc "The recording without its events."
  @spec recording(t) :: Recording.t()
  def recording(%__MODULE__{recording: recording}), do: recording

  @doc "The summary."
  @spec summary(t) :: Summary.t()
  def summary(%__MODULE__{summary: summary}), do: summary

  @doc """
  What the recording was made with, empty where that is not known:

      %{modules: %{MyAppWeb.CartLive => <<...>>}, versions: %{phoenix_live_view: "1.2.10"}}

  A module's MD5 is that of `module.module_info(:md5)`; where it differs today, the code has changed.
  """
  @spec code(t) :: code
  def code(%__MODULE__{code: code}), do: code

  @doc "Milliseconds from the first event to the last."
  @spec duration_ms(t) :: non_neg_integer
  def duration_ms(%__MODULE__{summary: summary}), do: summary.duration_ms

  @doc "Up to `count` events from the one at `from`, as in `PhoenixReplay.Recording`."
  @spec events(t, non_neg_integer, non_neg_integer) ::
          {:ok, [Recording.event()]} | {:error, Error.t()}
  def events(%__MODULE__{reference: reference}, from, count),
    do: readable(Native.timeline_events(reference, from, count))

  @doc """
  The same without values, for a list to show: `label` is the name of an event, the URL, or the tag of
  a message, `failed?` whether it is an error, and `keys` are the assigns that changed.
  """
  @spec rows(t, non_neg_integer, non_neg_integer) :: [row]
  def rows(%__MODULE__{reference: reference}, from, count) do
    reference
    |> Native.timeline_rows(from, count)
    |> Enum.with_index(fn {offset_ms, type, label, failed?, keys}, nth ->
      %{
        index: from + nth,
        offset_ms: offset_ms,
        type: type,
        label: label,
        failed?: failed?,
        keys: keys
      }
    end)
  end

  @doc """
  What up to `count` events from the one at `from` on cost.

  `took_us` is how many microseconds the callback of an event took, or the render that brought it; `nil` where
  it was less than a millisecond, or is not known: LiveView measures neither `handle_info` nor
  `handle_async`. `bytes` is how long its payload is, for a render the difference it made, before compression.

      PhoenixReplay.Timeline.costs(timeline, 1, 2)
      #=> [%{took_us: 12_400, bytes: 61}, %{took_us: nil, bytes: 30}]
  """
  @spec costs(t, non_neg_integer, non_neg_integer) :: [cost]
  def costs(%__MODULE__{reference: reference}, from, count) do
    for {took_us, bytes} <- Native.timeline_costs(reference, from, count),
        do: %{took_us: took_us, bytes: bytes}
  end

  @doc "The assigns as of the event at `index`, without sensitive keys."
  @spec assigns(t, non_neg_integer) :: {:ok, map} | {:error, Error.t()}
  def assigns(%__MODULE__{reference: reference}, index),
    do: readable(Native.timeline_assigns(reference, index, :stripped))

  @doc ~S'The same with sensitive keys there, their values `"[FILTERED]"`.'
  @spec replayed(t, non_neg_integer) :: {:ok, map} | {:error, Error.t()}
  def replayed(%__MODULE__{reference: reference}, index),
    do: readable(Native.timeline_assigns(reference, index, :shown))

  @doc """
  What the user saw when the event at `index` had happened: what a template renders.

  It differs from `assigns/2` in two ways. Sensitive keys are there, their values `"[FILTERED]"`. And
  nobody saw what one render had only half brought: where it made several events, the page is the same
  at each of them, and from the mount on it is that of the first render.

  Besides the assigns there are `parts`, what else the page is made of: see `PhoenixReplay.Replay`; and
  `recorded`, what is known of the code and the time of the recording, for a `PhoenixReplay.Migration`.
  """
  @spec page(t, non_neg_integer) ::
          {:ok, %{assigns: map, parts: PhoenixReplay.Replay.parts(), recorded: map}}
          | {:error, Error.t()}
  def page(%__MODULE__{reference: reference} = timeline, index) do
    with {:ok, {assigns, parts}} <- readable(Native.timeline_seen(reference, index, :shown)),
         do: {:ok, %{assigns: assigns, parts: parts, recorded: recorded(timeline)}}
  end

  defp recorded(%__MODULE__{code: code, summary: summary}),
    do: Map.merge(code, %{release: summary.release, connected_at: summary.connected_at})

  @doc "Index of the last event at or before an offset in milliseconds; `nil` before the first."
  @spec index_at(t, integer) :: non_neg_integer | nil
  def index_at(%__MODULE__{reference: reference}, offset_ms),
    do: Native.timeline_index_at(reference, offset_ms)

  defp readable({:ok, value}), do: {:ok, value}

  defp readable({:error, {_reason, message}}), do: Error.new(:unreadable, message)
end
