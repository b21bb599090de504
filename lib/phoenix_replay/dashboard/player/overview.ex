defmodule PhoenixReplay.Dashboard.Player.Overview do
  @moduledoc false
  # A recording at a glance, read once through its rows: when each event was, where the page was, and the
  # marks on the scrubber. It holds no values, and what only the browser needs is not kept.

  alias PhoenixReplay.Dashboard.Player.Events.Row
  alias PhoenixReplay.Timeline

  @rows_at_once 1_000
  # More marks than this run into one another beside the event list.
  @places 240

  @height 44
  @line 31

  # The scrubber names events under the pointer; past so many different ones, by their kind alone.
  @names 500

  defstruct size: 0,
            duration_ms: 0,
            offsets: [],
            names: [],
            named: [],
            errors: [],
            urls: [],
            pages: [],
            markers: []

  @type marker :: %{kind: String.t(), at: float, y: non_neg_integer, height: pos_integer}
  @type t :: %__MODULE__{
          size: non_neg_integer,
          duration_ms: non_neg_integer,
          offsets: [non_neg_integer],
          names: [[String.t()]],
          named: [non_neg_integer],
          errors: [non_neg_integer],
          urls: [{non_neg_integer, String.t()}],
          pages: [non_neg_integer],
          markers: [marker]
        }

  @doc """
  Reads a timeline. Offsets are in milliseconds, each from the one before; URLs newest first. `named` says
  for each event which of `names`, pairs of a kind and a text, it goes by; `errors` are indexes, and `pages`
  those at which another page was there to see. What is nested in the page may go on when the page's own events have ended: it is `at_least` so many ms long.
  """
  @spec new(Timeline.t(), non_neg_integer) :: t
  def new(timeline, at_least \\ 0) do
    size = Timeline.size(timeline)
    duration = max(Timeline.duration_ms(timeline), at_least)
    url = Timeline.recording(timeline).url

    start = %{
      last: 0,
      offsets: [],
      names: %{},
      named: [],
      errors: [],
      urls: if(url, do: [{0, url}], else: []),
      pages: if(url, do: [{0, url, :shown}], else: []),
      places: %{}
    }

    read =
      timeline
      |> rows(size)
      |> Enum.reduce(start, &read(&1, &2, duration))
      |> crash(Timeline.summary(timeline), size)

    %__MODULE__{
      size: size,
      duration_ms: duration,
      offsets: Enum.reverse(read.offsets),
      names: read.names |> Enum.sort_by(&elem(&1, 1)) |> Enum.map(&Tuple.to_list(elem(&1, 0))),
      named: Enum.reverse(read.named),
      errors: Enum.reverse(read.errors),
      urls: read.urls,
      pages: for({index, _url, _shown} <- Enum.reverse(read.pages), do: index),
      markers: markers(read.places)
    }
  end

  @doc "The page's URL as of an event, `nil` where it is not known."
  @spec url_at([{non_neg_integer, String.t()}], non_neg_integer) :: String.t() | nil
  def url_at(urls, index) do
    Enum.find_value(urls, fn {from, url} -> if from <= index, do: url end)
  end

  @doc "The kind of an event: what its colour means."
  @spec kind(Timeline.row()) :: String.t()
  def kind(%{failed?: true}), do: "error"
  def kind(%{type: type}) when type in [:mount, :handle_params, :navigate], do: "nav"
  def kind(%{type: :event}), do: "event"

  def kind(%{type: type}) when type in [:info, :push_event, :slow, :log, :telemetry],
    do: "message"

  def kind(_render_or_unknown), do: "render"

  defp rows(timeline, size) do
    0
    |> Stream.iterate(&(&1 + @rows_at_once))
    |> Stream.take_while(&(&1 < size))
    |> Stream.flat_map(&Timeline.rows(timeline, &1, @rows_at_once))
  end

  # A crash is no event of its own: it is where the recording ends.
  defp crash(read, %{ended: :crashed}, size) when size > 0 do
    errors = Enum.uniq([size - 1 | read.errors])
    %{read | errors: errors, places: Map.update(read.places, {@places, "error"}, 1, & &1)}
  end

  defp crash(read, _summary, _size), do: read

  defp read(row, read, duration) do
    kind = kind(row)
    {names, name} = name(read.names, {kind, text(kind, row)}, {kind, ""})

    %{
      read
      | names: names,
        named: [name | read.named],
        errors: if(kind == "error", do: [row.index | read.errors], else: read.errors),
        last: row.offset_ms,
        offsets: [max(row.offset_ms - read.last, 0) | read.offsets],
        urls: urls(row, read.urls),
        pages: pages(row, read.pages),
        places: place(kind, row.offset_ms, duration, read.places)
    }
  end

  defp text("render", _row), do: "render"
  defp text("event", row), do: Row.title(row)
  defp text(_kind, row), do: String.trim("#{Row.title(row)} #{Row.about(row)}")

  defp name(names, name, _kind) when is_map_key(names, name), do: {names, names[name]}

  defp name(names, name, _kind) when map_size(names) < @names,
    do: {Map.put(names, name, map_size(names)), map_size(names)}

  defp name(names, _name, kind),
    do: {Map.put_new(names, kind, map_size(names)), names[kind] || map_size(names)}

  defp urls(%{type: :handle_params, label: url, index: index}, urls) when is_binary(url),
    do: [{index, url} | urls]

  defp urls(_row, urls), do: urls

  # A page that was patched to where it was is no other. What it was until then is seen until it renders.
  defp pages(%{type: :handle_params, label: url}, [{_index, url, _shown} | _] = pages), do: pages

  defp pages(%{type: :handle_params, label: url, index: index}, pages) when is_binary(url),
    do: [{index, url, :handled} | pages]

  defp pages(%{type: :assigns, index: index}, [{_index, url, :handled} | before]),
    do: [{index, url, :shown} | before]

  defp pages(_row, pages), do: pages

  # Renders follow what is marked already.
  defp place("render", _offset, _duration, places), do: places

  defp place(kind, offset, duration, places) do
    at = if duration > 0, do: div(offset * @places, duration), else: 0
    Map.update(places, {min(at, @places), kind}, 1, &(&1 + 1))
  end

  defp markers(places) do
    for {{at, kind}, count} <- Enum.sort(places) do
      {y, height} = lane(kind, count)
      %{kind: kind, at: at * 100 / @places, y: y, height: height}
    end
  end

  # Two lanes: what users do stands on the line between them and grows with how much of it there was, what
  # messages brought hangs from it. Pages and errors are landmarks, through both.
  defp lane("event", count), do: up(min(8 + 3 * count, @line - 3))
  defp lane("message", count), do: {@line + 2, min(2 + count, @height - @line - 4)}
  defp lane(_landmark, _count), do: {3, @height - 6}

  defp up(height), do: {@line - height, height}

  @doc "How high the scrubber's picture is, and where the line between its lanes is, in pixels."
  @spec lanes() :: %{height: pos_integer, line: pos_integer}
  def lanes, do: %{height: @height, line: @line}
end
