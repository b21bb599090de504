defmodule PhoenixReplay.Dashboard.Player.Overview do
  @moduledoc false
  # A recording at a glance, read once through its rows: when each event was, where the page was, and the
  # marks on the scrubber. It holds no values, and what only the browser needs is not kept.

  alias PhoenixReplay.Timeline

  @rows_at_once 1_000
  # More marks than this run into one another beside the event list.
  @places 240

  defstruct size: 0, duration_ms: 0, offsets: [], urls: [], markers: []

  @type marker :: %{kind: String.t(), at: float, height: pos_integer}
  @type t :: %__MODULE__{
          size: non_neg_integer,
          duration_ms: non_neg_integer,
          offsets: [non_neg_integer],
          urls: [{non_neg_integer, String.t()}],
          markers: [marker]
        }

  @doc "Reads a timeline. Offsets are in milliseconds, each from the one before; URLs newest first."
  @spec new(Timeline.t()) :: t
  def new(timeline) do
    size = Timeline.size(timeline)
    duration = max(Timeline.duration_ms(timeline), 0)
    url = Timeline.recording(timeline).url
    start = %{last: 0, offsets: [], urls: if(url, do: [{0, url}], else: []), places: %{}}

    read =
      timeline
      |> rows(size)
      |> Enum.reduce(start, &read(&1, &2, duration))

    %__MODULE__{
      size: size,
      duration_ms: duration,
      offsets: Enum.reverse(read.offsets),
      urls: read.urls,
      markers: markers(read.places)
    }
  end

  @doc "The page's URL as of an event, `nil` where it is not known."
  @spec url_at([{non_neg_integer, String.t()}], non_neg_integer) :: String.t() | nil
  def url_at(urls, index) do
    Enum.find_value(urls, fn {from, url} -> if from <= index, do: url end)
  end

  @doc "The kind of an event: what its colour means."
  @spec kind(atom) :: String.t()
  def kind(type) when type in [:mount, :handle_params], do: "nav"
  def kind(:event), do: "event"
  def kind(:info), do: "message"
  def kind(:fault), do: "error"
  def kind(_render_or_unknown), do: "render"

  defp rows(timeline, size) do
    0
    |> Stream.iterate(&(&1 + @rows_at_once))
    |> Stream.take_while(&(&1 < size))
    |> Stream.flat_map(&Timeline.rows(timeline, &1, @rows_at_once))
  end

  defp read(row, read, duration) do
    %{
      read
      | last: row.offset_ms,
        offsets: [max(row.offset_ms - read.last, 0) | read.offsets],
        urls: urls(row, read.urls),
        places: place(kind(row.type), row.offset_ms, duration, read.places)
    }
  end

  defp urls(%{type: :handle_params, label: url, index: index}, urls) when is_binary(url),
    do: [{index, url} | urls]

  defp urls(_row, urls), do: urls

  # Renders follow what is marked already.
  defp place("render", _offset, _duration, places), do: places

  defp place(kind, offset, duration, places) do
    at = if duration > 0, do: div(offset * @places, duration), else: 0
    Map.update(places, {min(at, @places), kind}, 1, &(&1 + 1))
  end

  defp markers(places) do
    for {{at, kind}, count} <- Enum.sort(places) do
      %{kind: kind, at: at * 100 / @places, height: height(kind, count)}
    end
  end

  # Pages and errors are landmarks; what users do grows with how much of it there was.
  defp height("nav", _count), do: 34
  defp height("error", _count), do: 38
  defp height("message", count), do: min(6 + 2 * count, 20)
  defp height("event", count), do: min(10 + 3 * count, 30)
end
