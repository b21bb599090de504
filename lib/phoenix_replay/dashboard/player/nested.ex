defmodule PhoenixReplay.Dashboard.Player.Nested do
  @moduledoc false
  # The recordings of what is nested in the page that plays: found once, beside the player, and again as
  # long as its session goes on. The frame is handed them and draws each in its place.
  #
  #   nested  as `Replay.Nested`, those of the page's own places first; nil until they are found
  #   lasts   the millisecond of the last change in them

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, FrameLink}
  alias PhoenixReplay.Dashboard.Player.Nested.Changes
  alias PhoenixReplay.Dashboard.Player.Opened
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Replay.Nested
  alias PhoenixReplay.{Store, Timeline}

  # Each is opened whole: a page that has more of them has placeholders for the rest.
  @most 30
  @deepest 4

  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket |> assign(nested: nil, lasts: 0) |> attach_hook(:nested, :handle_async, &found/3)
  end

  @doc "Looks for them. What was found before and did not go on since is not opened again."
  @spec find(Socket.t()) :: Socket.t()
  def find(%{assigns: %{summary: summary, nested: known}} = socket) do
    viewer = Opened.viewer(socket)
    same = Enum.reject(known || [], &grown?(&1.timeline))

    start_async(socket, :nested, fn ->
      nested = search([{summary, 0}], same, viewer, [])
      {nested, Changes.of(nested, summary)}
    end)
  end

  defp found(:nested, {:ok, {nested, _changes}}, %{assigns: %{nested: nested}} = socket),
    do: {:halt, socket}

  defp found(:nested, {:ok, {nested, changes}}, socket) do
    FrameLink.nested(socket.assigns.frame, nested)

    {:halt,
     socket
     |> assign(nested: nested, lasts: changes.last)
     |> Opened.stretch()
     |> push_event("nested", %{offsets: changes.offsets})}
  end

  defp found(:nested, {:exit, _reason}, %{assigns: %{nested: known}} = socket) do
    nested = known || []
    FrameLink.nested(socket.assigns.frame, nested)
    {:halt, assign(socket, :nested, nested)}
  end

  defp found(_name, _result, socket), do: {:cont, socket}

  defp grown?(timeline), do: Timeline.summary(timeline).active? and Store.grown?(timeline)

  # What is in the page, then what is in that. A recording may say of itself what it likes, so there is an
  # end to it.
  defp search([], _known, _viewer, found), do: found
  defp search(_more, _known, _viewer, found) when length(found) >= @most, do: found

  defp search([{summary, depth} | rest], known, viewer, found) do
    inside = summary |> inside(depth, viewer) |> Enum.reject(&found?(found, &1))
    opened = Enum.flat_map(inside, &opened(&1, known, viewer))
    next = for summary <- inside, do: {summary, depth + 1}
    search(rest ++ next, known, viewer, Enum.take(found ++ opened, @most))
  end

  defp found?(found, %{id: id}), do: Enum.any?(found, &(&1.recording.id == id))

  defp inside(_summary, @deepest, _viewer), do: []

  defp inside(summary, _depth, viewer) do
    case Store.nested(summary) do
      {:ok, nested} -> Access.visible(viewer, nested)
      {:error, _unreadable} -> []
    end
  end

  defp opened(%Summary{id: id, metadata: %{"nested_id" => place}}, known, viewer) do
    with nil <- Enum.find(known, &(&1.recording.id == id)),
         {:ok, timeline} <- Access.open(viewer, id) do
      [Nested.new(place, timeline)]
    else
      %Nested{} = one -> [one]
      _refused_or_gone -> []
    end
  end

  defp opened(_without_a_place, _known, _viewer), do: []
end
