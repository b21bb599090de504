defmodule PhoenixReplay.Dashboard.FrameLink do
  @moduledoc false
  # How a frame finds the player it belongs to: a signed token in the frame's URL names the player's
  # process. The frame says it is there, and the player answers with what to show; of that the frame tells
  # the title, for the player reads no assigns:
  #
  #     frame -> player   {:frame, pid}
  #     player -> frame   {:show, timeline, index}
  #     frame -> player   {:title, title}
  #
  # A timeline is a reference, so it travels without being copied. A player that reconnects is another
  # process with another token, and its frame is loaded anew.

  alias PhoenixReplay.Timeline

  @salt "phoenix_replay frame"

  @doc "A token that leads to the calling process, for the frame of recording `id`."
  @spec token(Phoenix.LiveView.Socket.t(), String.t()) :: String.t()
  def token(socket, id), do: Phoenix.Token.sign(socket.endpoint, @salt, {id, self()})

  @doc "Tells the player of this token that the calling process is its frame."
  @spec join(Phoenix.LiveView.Socket.t(), String.t(), term) :: {:ok, pid} | :error
  def join(socket, id, token) when is_binary(token) do
    # A page may stay open for days; the token is worth no more than the process it names.
    case Phoenix.Token.verify(socket.endpoint, @salt, token, max_age: :infinity) do
      {:ok, {^id, player}} ->
        send(player, {:frame, self()})
        {:ok, player}

      _other ->
        :error
    end
  end

  def join(_socket, _id, _token), do: :error

  @doc "Tells the player the title of the page that shows, `nil` where it has none."
  @spec title(pid | nil, String.t() | nil) :: :ok
  def title(nil, _title), do: :ok

  def title(player, title) do
    send(player, {:title, title})
    :ok
  end

  @doc "Tells a frame what to show."
  @spec show(pid | nil, Timeline.t(), non_neg_integer) :: :ok
  def show(nil, _timeline, _index), do: :ok

  def show(frame, timeline, index) do
    send(frame, {:show, timeline, index})
    :ok
  end

  @doc """
  The newest of what the player asked to show: `{timeline, index}` or one that came later.

  While someone drags, a frame may be slower than the hand; what was asked for in between is not drawn.
  """
  @spec newest(Timeline.t(), non_neg_integer) :: {Timeline.t(), non_neg_integer}
  def newest(timeline, index) do
    receive do
      {:show, timeline, index} -> newest(timeline, index)
    after
      0 -> {timeline, index}
    end
  end
end
