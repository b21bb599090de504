defmodule PhoenixReplay.Dashboard.FrameElsewhere do
  @moduledoc false
  # A frame and its player are two connections of a browser, and behind a load balancer they may end on two
  # nodes. What the player tells comes through; a timeline is a reference that means nothing here, so the
  # recording is opened here too, and again when the player has more of it.

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.Timeline

  @type opened :: %{String.t() => Timeline.t()}

  @doc """
  A timeline that can be read here in the place of one of the player's, with those that were opened for it by
  recording. `:error` where this node does not find the recording, or not as much of it.
  """
  @spec here(Timeline.t(), opened, Socket.t()) :: {:ok, Timeline.t(), opened} | :error
  def here(%Timeline{reference: reference} = timeline, opened, _socket)
      when node(reference) == node(),
      do: {:ok, timeline, opened}

  def here(%Timeline{recording: %{id: id}, size: size}, opened, socket) do
    case opened do
      %{^id => %Timeline{size: enough} = known} when enough >= size -> {:ok, known, opened}
      _less -> open(id, size, opened, socket)
    end
  end

  # A running session may have been told further than the node it runs on has said.
  defp open(id, size, opened, socket) do
    case Access.open(socket, id) do
      {:ok, %Timeline{size: enough} = timeline} when enough >= size ->
        {:ok, timeline, Map.put(opened, id, timeline)}

      _gone_or_less ->
        :error
    end
  end
end
