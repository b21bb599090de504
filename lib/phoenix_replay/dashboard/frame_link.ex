defmodule PhoenixReplay.Dashboard.FrameLink do
  @moduledoc false
  # How a frame finds the player it belongs to: a signed token names the player's process. The player's page
  # has it, and tells it to the page in its frame, which connects with it. The frame says it is there, and the
  # player answers with what to show; of that the frame tells the title, for the player reads no assigns, and
  # that it has been sent to the browser:
  #
  #     frame -> player   {:frame, pid}
  #     player -> frame   {:show, timeline, index, at}
  #     player -> frame   {:nested, nested}
  #     frame -> player   {:title, title}
  #     frame -> player   :drawn
  #
  # What is nested in the page is `Replay.Nested`; it comes when it is found, which may be later.
  #
  # A timeline is a reference, so it travels without being copied; to another node see `FrameElsewhere`. A
  # player that reconnects is another process with another token, and its frame loads anew.

  alias PhoenixReplay.Replay.Nested
  alias PhoenixReplay.Storage.Owner
  alias PhoenixReplay.Timeline

  @salt "phoenix_replay frame"

  @doc "A token that leads to the calling process, for the frame of recording `id`."
  @spec token(Phoenix.LiveView.Socket.t(), String.t()) :: String.t()
  def token(socket, id),
    do: Phoenix.Token.sign(socket.endpoint, @salt, {id, self(), Owner.this()})

  @doc """
  Tells the player of this token that the calling process is its frame. `:unreachable` where it is on a node
  that this one is not connected to.
  """
  @spec join(Phoenix.LiveView.Socket.t(), String.t(), term) :: {:ok, pid} | :error | :unreachable
  def join(socket, id, token) when is_binary(token) do
    # A page may stay open for days; the token is worth no more than the process it names.
    case Phoenix.Token.verify(socket.endpoint, @salt, token, max_age: :infinity) do
      {:ok, {^id, player, owner}} -> tell(player, owner)
      _other -> :error
    end
  end

  def join(_socket, _id, _token), do: :error

  # Nodes without a name are all called the same, and a process of another is then some process of this.
  defp tell(player, owner) do
    if owner == Owner.this() or node(player) in Node.list() do
      send(player, {:frame, self()})
      {:ok, player}
    else
      :unreachable
    end
  end

  @doc "Tells the player the title of the page that shows, `nil` where it has none."
  @spec title(pid | nil, String.t() | nil) :: :ok
  def title(nil, _title), do: :ok

  def title(player, title) do
    send(player, {:title, title})
    :ok
  end

  # A browser gives up joining after ten seconds, and then tries again.
  @first_ms 8_000

  @doc "What the player shows first, once it has opened the recording; `nil` where it does not come."
  @spec first(pid) :: {Timeline.t(), non_neg_integer, non_neg_integer | nil} | nil
  def first(player) do
    monitor = Process.monitor(player)

    receive do
      {:show, timeline, index, at} ->
        Process.demonitor(monitor, [:flush])
        {timeline, index, at}

      {:DOWN, ^monitor, :process, _player, _reason} ->
        nil
    after
      @first_ms ->
        Process.demonitor(monitor, [:flush])
        nil
    end
  end

  @doc "Tells the player that what it asked to show is on its way to the browser."
  @spec drawn(pid | nil) :: :ok
  def drawn(nil), do: :ok

  def drawn(player) do
    send(player, :drawn)
    :ok
  end

  @doc """
  Tells a frame what to show: an event, and the milliseconds it is since the recording began, `nil` for when
  that event was. After it nothing changes in the page but what is nested there.
  """
  @spec show(pid | nil, Timeline.t(), non_neg_integer, non_neg_integer | nil) :: :ok
  def show(frame, timeline, index, at \\ nil)
  def show(nil, _timeline, _index, _at), do: :ok

  def show(frame, timeline, index, at) do
    send(frame, {:show, timeline, index, at})
    :ok
  end

  @doc "Tells a frame what is nested in its page."
  @spec nested(pid | nil, [Nested.t()] | nil) :: :ok
  def nested(frame, nested) when frame == nil or nested == nil, do: :ok

  def nested(frame, nested) do
    send(frame, {:nested, nested})
    :ok
  end

  @doc """
  The newest of what the player asked to show: `{timeline, index, at}` or one that came later.

  While someone drags, a frame may be slower than the hand; what was asked for in between is not drawn.
  """
  @spec newest(shown) :: shown
        when shown: {Timeline.t(), non_neg_integer, non_neg_integer | nil}
  def newest(shown) do
    receive do
      {:show, timeline, index, at} -> newest({timeline, index, at})
    after
      0 -> shown
    end
  end
end
