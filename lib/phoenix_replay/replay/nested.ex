defmodule PhoenixReplay.Replay.Nested do
  @moduledoc """
  LiveViews nested in a replayed page: what each showed at the moment of the page around it.

  Each is a recording of its own, which knows the DOM id of its element. Two recordings have no event in
  common but the same clock, so a moment of the page is one of the other at the same wall-clock time.

    * `:place` - DOM id of its element
    * `:recording` - without its events
    * `:timeline` - of it
  """

  alias Phoenix.LiveView.{Rendered, Socket}
  alias PhoenixReplay.{Recording, Replay, Timeline}
  alias PhoenixReplay.Replay.Placeholder

  @enforce_keys [:place, :recording, :timeline]
  defstruct [:place, :recording, :timeline]

  @type t :: %__MODULE__{place: String.t(), recording: Recording.t(), timeline: Timeline.t()}

  # What a browser takes to join what a page has for it. Until then it shows of that what the page was
  # first rendered with: the first page of the session that begins.
  @joining_ms 5_000

  @doc "Of the timeline of a nested session."
  @spec new(String.t(), Timeline.t()) :: t
  def new(place, timeline),
    do: %__MODULE__{place: place, recording: Timeline.recording(timeline), timeline: timeline}

  @doc """
  Draws what stands in a place at a moment, for `PhoenixReplay.Replay.render/4`: a function of the place.

  `at` is Unix milliseconds. A recording for which `allowed?` does not hold looks as one that is not there.
  """
  @spec drawn([t], integer, Socket.t(), (Recording.t() -> boolean)) :: Replay.nested()
  def drawn(nested, at, socket, allowed?) do
    fn place ->
      with %__MODULE__{} = shown <- shown(nested, place, at),
           true <- allowed?.(shown.recording),
           {:ok, moment} <- moment(shown, at) do
        # One that is inside of another is not inside of itself.
        inside = nested |> List.delete(shown) |> drawn(at, socket, allowed?)
        page(shown.recording.view, moment, socket, inside)
      else
        _nothing -> nil
      end
    end
  end

  @doc "The session that a place shows at a moment: the one that was the last to begin, or is about to."
  @spec shown([t], String.t(), integer) :: t | nil
  def shown(nested, place, at) do
    here = Enum.filter(nested, &(&1.place == place))

    case Enum.split_with(here, &(&1.recording.connected_at <= at)) do
      {[], later} ->
        later
        |> Enum.filter(&(&1.recording.connected_at <= at + @joining_ms))
        |> Enum.min_by(& &1.recording.connected_at, fn -> nil end)

      {begun, _later} ->
        Enum.max_by(begun, & &1.recording.connected_at)
    end
  end

  defp moment(%{recording: recording, timeline: timeline}, at) do
    Timeline.page(timeline, Timeline.index_at(timeline, at - recording.connected_at) || 0)
  end

  # A template that fails is a note in its own place, not the end of the page.
  defp page(view, moment, socket, inside) do
    case Replay.render(view, moment, socket, inside) do
      {:ok, %Rendered{} = page} -> page
      {:error, failure} -> Placeholder.failure(failure)
    end
  end
end
