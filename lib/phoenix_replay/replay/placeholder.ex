defmodule PhoenixReplay.Replay.Placeholder do
  @moduledoc false
  # What stands in a replayed page for what is not replayed. Its look is in priv/static/frame.css.

  use Phoenix.Component

  alias PhoenixReplay.Replay.Failure

  @doc "In place of a LiveComponent."
  @spec component(module, term) :: Phoenix.LiveView.Rendered.t()
  def component(module, id) do
    assigns = %{name: inspect(module), id: id(id)}

    ~H"""
    <div class="phoenix-replay-placeholder" title="Nothing of this LiveComponent is recorded">
      <b>{@name}</b> <span>LiveComponent, id {@id}. Nothing of it is recorded at this moment.</span>
    </div>
    """
  end

  @doc "In place of a LiveView nested with `live_render`."
  @spec nested(String.t() | nil) :: Phoenix.LiveView.Rendered.t()
  def nested(id) do
    assigns = %{id: id || "without an id"}

    ~H"""
    <div
      class="phoenix-replay-placeholder"
      title="A nested LiveView is recorded where its own module attaches the recorder"
    >
      <b>{@id}</b>
      <span>
        Nested LiveView. There is no recording of it at this moment: its module has to attach the
        recorder, with <code>on_mount PhoenixReplay.Recorder</code>.
      </span>
    </div>
    """
  end

  @doc "In place of a nested LiveView of which it is not known yet whether there is a recording."
  @spec nothing() :: Phoenix.LiveView.Rendered.t()
  def nothing do
    assigns = %{}
    ~H""
  end

  @doc "The page, and beside it the assigns that its template reads and the recording lacks."
  @spec missing(Phoenix.LiveView.Rendered.t(), [atom]) :: Phoenix.LiveView.Rendered.t()
  def missing(page, names) do
    assigns = %{page: page, names: Enum.map_join(names, ", ", &"@#{&1}")}

    ~H"""
    {@page}
    <div class="phoenix-replay-missing" role="status">
      The recording has no {@names} at this moment: nil stands in its place.
    </div>
    """
  end

  @doc "In place of the page, where it could not be rendered."
  @spec failure(Failure.t()) :: Phoenix.LiveView.Rendered.t()
  def failure(%Failure{} = failure) do
    names = Enum.map_join(failure.filtered, ", ", &"@#{&1}")
    assigns = %{failure: failure, title: title(failure.reason), filtered: names}

    ~H"""
    <div class="phoenix-replay-failure" role="status">
      <h1>{@title}</h1>
      <p>{@failure.message}</p>
      <p :if={@failure.where}><code>{@failure.where}</code></p>
      <p :if={@filtered != ""}>
        It may be for want of {@filtered}: the value is kept out of recordings, and "[FILTERED]" stands in its place.
      </p>
      <p class="phoenix-replay-quiet">
        The rest of the session still plays: step on, or look at the state beside this frame.
      </p>
    </div>
    """
  end

  @doc "In place of the page, where there is nothing to show yet."
  @spec note(String.t()) :: Phoenix.LiveView.Rendered.t()
  def note(text) do
    assigns = %{text: text}

    ~H"""
    <div class="phoenix-replay-note" role="status">{@text}</div>
    """
  end

  defp title(:gone), do: "This view is no longer here"
  defp title(:no_template), do: "This view's template was not recorded"
  defp title(:missing_assign), do: "An assign is missing at this moment"
  defp title(:not_recorded), do: "This moment needs state that is not recorded yet"
  defp title(:migration), do: "The migration failed at this moment"
  defp title(_raised), do: "The template failed at this moment"

  defp id(id) when is_binary(id), do: id
  defp id(id), do: inspect(id)
end
