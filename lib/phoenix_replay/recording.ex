defmodule PhoenixReplay.Recording do
  @moduledoc """
  One recorded session.

    * `:id` - an unguessable URL-safe string
    * `:view` - the module of the LiveView
    * `:url` - the page's URL, sanitized; `nil` where it was never known
    * `:params`, `:session` - what the view was mounted with, sanitized
    * `:connected_at` - Unix time in milliseconds
    * `:metadata` - facts about it, see `PhoenixReplay.put_metadata/2`
    * `:events` - a list of `{offset_ms, type, payload}` in order

  | type | payload |
  |---|---|
  | `:mount` | `%{assigns: map}`, the first event, at offset 0 |
  | `:event` | `%{name: name, params: map}`, with `target: {module, id}` where a component handled it |
  | `:handle_params` | `%{params: map, url: url}` |
  | `:info` | `%{}`, with at most a `:tag` naming the kind of message |
  | `:assigns` | `%{delta: map}`, the assigns that changed, or `%{snapshot: map}`, all of them |
  | `:flash` | `%{part: :flash, value: map}`, the flash where it changed |
  | `:stream` | `%{part: {:stream, owner, name}}`, with `rows: %{name => {reset?, deletes, inserts}}` or `gone: true` |
  | `:upload` | `%{part: {:upload, owner, name}}`, with `value: shown`, `delta: shown` or `gone: true`: files chosen, progress, errors |
  | `:component` | `%{part: {:component, module, id}}`, with `value: assigns`, `delta: assigns` or `gone: true` |
  | `:template` | `%{part: {:template, owner} \| :layout, value: term}`, what it is rendered with where that is not its module's own |
  | `:push_event` | `%{name: name, params: map}`, an event pushed to the browser |
  | `:navigate` | `%{kind: :patch \| :navigate \| :redirect, url: url}`, where a callback sent the browser |
  | `:slow` | `%{step: atom, ms: integer}`, a callback or render that took 100 ms or longer |
  | `:exception` | `%{error: name, message: text, stack: [text]}`, what a callback or template raised; the last event |
  | `:log` | `%{level: atom, message: text}`, a line of the log, with `from: text`, the function it was logged in, or `stack: [text]` of a crash; see `logs` in `PhoenixReplay.Config` |
  | `:telemetry` | `%{name: text, measurements: map}`, an event of the host's own, with `us: integer` and `metadata: map`, or of a query `sql`, `source` and `repo`; times are microseconds; see `collect` in `PhoenixReplay.Config` |
  | `:fault` | `%{stage: atom, reason: string}`, something of the recording was lost |

  There may be other kinds of event: take the ones you know and pass over the rest. An event with
  `joined: true` in its payload came with the same render as the one before it.
  """

  defstruct [
    :id,
    :view,
    :url,
    :connected_at,
    params: %{},
    session: %{},
    metadata: %{},
    events: []
  ]

  @type event :: {offset_ms :: non_neg_integer, type :: atom, payload :: map}
  @type t :: %__MODULE__{
          id: String.t() | nil,
          view: module | nil,
          url: String.t() | nil,
          params: map,
          session: map,
          connected_at: integer | nil,
          metadata: %{optional(String.t() | atom) => term},
          events: [event]
        }

  @doc """
  The assigns as of the event at `index`, counted from 0.

  An index past the end gives the last assigns, one below 0 the empty map.

  ## Examples

      iex> recording = %PhoenixReplay.Recording{events: [
      ...>   {0, :mount, %{assigns: %{count: 0, name: "Ada"}}},
      ...>   {900, :event, %{name: "inc", params: %{}}},
      ...>   {901, :assigns, %{delta: %{count: 1}}}
      ...> ]}
      iex> PhoenixReplay.Recording.accumulated_assigns(recording, 1)
      %{count: 0, name: "Ada"}
      iex> PhoenixReplay.Recording.accumulated_assigns(recording, 2)
      %{count: 1, name: "Ada"}
  """
  @spec accumulated_assigns(t, integer) :: map
  def accumulated_assigns(%__MODULE__{}, index) when is_integer(index) and index < 0, do: %{}

  def accumulated_assigns(%__MODULE__{events: events}, index) when is_integer(index) do
    events |> Enum.take(index + 1) |> Enum.reduce(%{}, &accumulate/2)
  end

  defp accumulate({_offset, :mount, %{assigns: assigns}}, _before), do: assigns
  defp accumulate({_offset, :assigns, %{snapshot: assigns}}, _before), do: assigns
  defp accumulate({_offset, :assigns, %{delta: delta}}, before), do: Map.merge(before, delta)
  defp accumulate(_other, before), do: before

  @doc """
  Whether `id` has the form of a recording's id: `[A-Za-z0-9_-]`, 1 to 128 of them.

  ## Examples

      iex> PhoenixReplay.Recording.id?("a-session_1")
      true
      iex> PhoenixReplay.Recording.id?("../etc/passwd")
      false
  """
  @spec id?(term) :: boolean
  def id?(id) when is_binary(id) and byte_size(id) in 1..128, do: id_bytes?(id)
  def id?(_other), do: false

  defp id_bytes?(<<byte, rest::binary>>)
       when byte in ?a..?z or byte in ?A..?Z or byte in ?0..?9 or byte in [?_, ?-],
       do: id_bytes?(rest)

  defp id_bytes?(rest), do: rest == ""

  @doc false
  @spec check_id(term) :: :ok | {:error, PhoenixReplay.Error.t()}
  def check_id(id) do
    if id?(id),
      do: :ok,
      else: PhoenixReplay.Error.new(:invalid_id, "an id is 1 to 128 of A-Z, a-z, 0-9, _ and -")
  end
end
