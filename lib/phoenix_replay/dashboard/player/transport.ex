defmodule PhoenixReplay.Dashboard.Player.Transport do
  @moduledoc false
  # The bar of the address above the frame, the buttons under it and the scrubber. What is under the frame is
  # the script's once it is there: LiveView leaves it alone until the recording grows, when its id changes and
  # it is drawn anew.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components, only: [icon: 1]

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.Overview

  # Seconds without an event that are a rest, to be skipped.
  @rests [1, 3, 10, 30]

  attr :title, :string, required: true, doc: "of the page at this moment, nil where it has none"
  attr :url, :string, required: true
  attr :pages, :integer, required: true, doc: "how many pages there are to go between"

  @doc "What the recorded page was called and where it was, and the ways to the pages before and after."
  def address(assigns) do
    ~H"""
    <div id="address" class="url">
      <span class="dot nav" aria-hidden="true"></span>
      <b :if={@title} id="page-title" class="clip" title={@title}>{@title}</b>
      <span id="url" class="mono clip grow">{@url}</span>
      <span :if={@pages > 1} class="row tight">
        <.button id="previous-page" name="back" title="Previous page" quiet />
        <.button id="next-page" name="forth" title="Next page" quiet />
      </span>
    </div>
    """
  end

  attr :size, :integer, required: true
  attr :duration_ms, :integer, required: true
  attr :markers, :list, required: true
  attr :errors, :integer, required: true
  attr :live, :boolean, required: true

  def bar(assigns) do
    assigns = assign(assigns, lanes: Overview.lanes(), speeds: ~w(0.5 1 2 4 8 16), rests: @rests)

    ~H"""
    <div id={"transport-#{@size}"} class="transport" phx-update="ignore">
      <div class="row controls">
        <.button id="previous" name="previous" title="Previous event" />
        <button id="play" type="button" class="btn icon" aria-label="Play" title="Play">
          <.icon name="play" /><.icon name="pause" />
        </button>
        <.button id="next" name="next" title="Next event" />
        <span class="time">
          <span id="time">{Format.moment(0)}</span>
          <span class="faint">/ {Format.moment(@duration_ms)}</span>
        </span>
        <span :if={@errors > 0} class="row tight">
          <.button id="previous-error" name="back" title="Previous error" quiet />
          <button id="next-error" type="button" class="btn quiet small" title="Next error">
            <span class="dot error" aria-hidden="true"></span>
            {Format.counted(@errors, "error")}<span class="hidden">, go to the next</span>
            <.icon name="forth" />
          </button>
        </span>
        <button :if={@live} id="live" type="button" class="btn quiet small" hidden>
          <span class="dot live" aria-hidden="true"></span>Back to live
        </button>
        <span class="row pace">
          <select id="rests" class="btn" aria-label="Rests" title="Rests">
            <option value="">Play rests</option>
            <option :for={seconds <- @rests} value={seconds * 1000}>Skip over {seconds} s</option>
          </select>
          <span class="speeds" role="group" aria-label="Speed">
            <button
              :for={speed <- @speeds}
              type="button"
              class="btn quiet"
              data-speed={speed}
              aria-pressed={to_string(speed == "1")}
            >
              {speed}×
            </button>
          </span>
          <button
            id="keys-button"
            type="button"
            class="btn quiet icon wide"
            aria-label="Keys"
            title="Keys"
          >
            <kbd>?</kbd>
          </button>
        </span>
      </div>
      <div
        id="track"
        class="track"
        role="slider"
        tabindex="0"
        aria-label="Timeline"
        aria-valuemin="0"
        aria-valuemax={@duration_ms}
        aria-valuenow="0"
        aria-valuetext={Format.moment(0)}
      >
        <div class="lane">
          <span class="done"></span>
          <svg class="rests" width="100%" height={@lanes.height} aria-hidden="true"></svg>
          <svg class="marks" width="100%" height={@lanes.height} aria-hidden="true">
            <rect class="between" y={@lanes.line} width="100%" height="1" />
            <rect
              :for={marker <- @markers}
              class={marker.kind}
              x={"#{Float.round(marker.at, 2)}%"}
              y={marker.y}
              width="3"
              height={marker.height}
            />
          </svg>
          <span class="head"></span>
          <span class="tip" aria-hidden="true" hidden></span>
        </div>
      </div>
    </div>
    """
  end

  attr :id, :string, required: true
  attr :name, :string, required: true
  attr :title, :string, required: true
  attr :quiet, :boolean, default: false

  defp button(assigns) do
    ~H"""
    <button
      id={@id}
      type="button"
      class={["btn icon", @quiet && "quiet small"]}
      aria-label={@title}
      title={@title}
    >
      <.icon name={@name} />
    </button>
    """
  end

  @doc "The list of keys, opened by `?`."
  def keys(assigns) do
    assigns =
      assign(assigns, :keys, [
        {"Space", "play or pause"},
        {"← →", "previous, next event"},
        {"Shift ← →", "five seconds back, on"},
        {"Home End", "first, last event"},
        {"[ ]", "slower, faster"},
        {"e E", "next, previous error"},
        {"n N", "next, previous page"},
        {"/", "find in the open tab"},
        {"?", "these keys"}
      ])

    ~H"""
    <dialog id="keys" phx-update="ignore" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        <div :for={{key, does} <- @keys}>
          <dt><kbd :for={part <- String.split(key, " ")}>{part}</kbd></dt>
          <dd>{does}</dd>
        </div>
      </dl>
      <form method="dialog" class="row end"><button class="btn" autofocus>Close</button></form>
    </dialog>
    """
  end
end
