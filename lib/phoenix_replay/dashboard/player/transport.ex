defmodule PhoenixReplay.Dashboard.Player.Transport do
  @moduledoc false
  # The buttons under the frame and the scrubber. The script owns them once they are there: LiveView leaves
  # them alone until the recording grows, when their id changes and they are drawn anew.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components, only: [icon: 1]

  alias PhoenixReplay.Dashboard.Format

  @track_height 44

  attr :size, :integer, required: true
  attr :duration_ms, :integer, required: true
  attr :markers, :list, required: true

  def bar(assigns) do
    assigns = assign(assigns, height: @track_height, speeds: ~w(0.5 1 2 5 10))

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
        <span class="grow"></span>
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
          <svg class="marks" width="100%" height={@height} aria-hidden="true">
            <rect
              :for={marker <- @markers}
              class={marker.kind}
              x={"#{Float.round(marker.at, 2)}%"}
              y={@height - 3 - marker.height}
              width="3"
              height={marker.height}
            />
          </svg>
          <span class="head"></span>
        </div>
      </div>
    </div>
    """
  end

  attr :id, :string, required: true
  attr :name, :string, required: true
  attr :title, :string, required: true

  defp button(assigns) do
    ~H"""
    <button id={@id} type="button" class="btn icon" aria-label={@title} title={@title}>
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
