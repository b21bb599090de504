defmodule PhoenixReplay.Dashboard.Player.State do
  @moduledoc false
  # The assigns as of the event shown: a line each, opened one by one, what this event changed marked.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format

  attr :state, :any, required: true, doc: "`{:ok, assigns}` or `{:error, error}`"
  attr :changed, :list, required: true
  attr :expanded, :any, required: true

  def panel(%{state: {:ok, state}} = assigns) do
    assigns = assign(assigns, :lines, Enum.sort_by(state, &to_string(elem(&1, 0))))

    ~H"""
    <div id="panel-state" class="panel scroll state" role="tabpanel" aria-labelledby="tab-state">
      <p class="faint">
        {Enum.count(@lines)} assigns{if @changed != [], do: ", #{length(@changed)} changed here"}
      </p>
      <.line
        :for={{key, value} <- @lines}
        key={to_string(key)}
        value={value}
        changed={key in @changed}
        open={to_string(key) in @expanded}
      />
    </div>
    """
  end

  def panel(%{state: {:error, error}} = assigns) do
    assigns = assign(assigns, :error, error)

    ~H"""
    <div id="panel-state" class="panel scroll state" role="tabpanel" aria-labelledby="tab-state">
      <p>{@error.message}</p>
    </div>
    """
  end

  attr :key, :string, required: true
  attr :value, :any, required: true
  attr :changed, :boolean, required: true
  attr :open, :boolean, required: true

  defp line(assigns) do
    ~H"""
    <div class={["line", @changed && "chg"]}>
      <button
        type="button"
        class="clip"
        phx-click="expand"
        phx-value-key={@key}
        aria-expanded={to_string(@open)}
      >
        <span class="faint" aria-hidden="true">{if @open, do: "▾", else: "▸"}</span>
        <span class="k">{@key}</span>
        <span :if={!@open}>{Format.brief(@value)}</span>
        <span :if={@changed} class="hidden">changed here</span>
      </button>
      <pre :if={@open}>{Format.term(@value)}</pre>
    </div>
    """
  end
end
