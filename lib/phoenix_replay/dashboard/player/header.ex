defmodule PhoenixReplay.Dashboard.Player.Header do
  @moduledoc false
  # The bar above the player, and what the page is while there is nothing to play.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Format, Routes}

  attr :base, :string, required: true
  attr :summary, :map, required: true
  attr :recording, :map, required: true
  attr :duration_ms, :integer, required: true
  attr :size, :integer, required: true
  attr :downloads, :boolean, required: true
  attr :neighbours, :map, required: true, doc: "see `Player.Neighbours`"

  def bar(assigns) do
    ~H"""
    <header id="bar" class="bar">
      <.back base={@base} />
      <h1 class="clip"><.view_name view={@recording.view} /></h1>
      <span :if={@summary.active?} class="badge live"><span class="dot live"></span>live</span>
      <span :if={@summary.ended == :crashed} class="badge error">crashed</span>
      <span class="muted clip wide">
        {Format.at(@recording.connected_at)} · {Format.clock(@duration_ms)} · {Format.count(@size)} events
      </span>
      <span class="grow"></span>
      <nav
        :if={@neighbours.older || @neighbours.newer}
        class="row"
        aria-label="Sessions of the same person"
      >
        <span class="muted clip wide">{@neighbours.who}</span>
        <.neighbour base={@base} id={@neighbours.older} icon="back" title="Session before" />
        <.neighbour base={@base} id={@neighbours.newer} icon="forth" title="Session after" />
      </nav>
      <button
        id="link"
        type="button"
        class="btn quiet"
        aria-label="Copy link to this moment"
        title="Copy link to this moment"
      >
        <.icon name="link" /><span class="wide">Copy link</span>
      </button>
      <button
        :if={@downloads}
        id="download"
        type="button"
        class="btn quiet icon"
        phx-hook="Download"
        aria-label="Download the recording"
        title="Download the recording"
      >
        <.icon name="download" />
      </button>
      <.theme_button />
    </header>
    """
  end

  attr :base, :string, required: true
  attr :id, :string, required: true, doc: "nil where there is none"
  attr :icon, :string, required: true
  attr :title, :string, required: true

  defp neighbour(%{id: nil} = assigns) do
    ~H"""
    <span class="btn quiet icon off" aria-hidden="true"><.icon name={@icon} /></span>
    """
  end

  defp neighbour(assigns) do
    ~H"""
    <.link
      navigate={Routes.player(@base, @id)}
      class="btn quiet icon"
      aria-label={@title}
      title={@title}
    >
      <.icon name={@icon} />
    </.link>
    """
  end

  attr :base, :string, required: true

  defp back(assigns) do
    ~H"""
    <.link
      navigate={Routes.list(@base)}
      class="btn quiet icon"
      aria-label="All recordings"
      title="All recordings"
    >
      <.icon name="list" />
    </.link>
    """
  end

  attr :tab, :string, required: true

  @doc """
  The tabs beside the frame. On a phone they are under it, and what they show is folded away until the script
  is asked for it.
  """
  def tabs(assigns) do
    ~H"""
    <div class="tabs">
      <div class="row" role="tablist" aria-label="About this moment">
        <button
          :for={{tab, title} <- [{"events", "Events"}, {"state", "State"}, {"details", "Details"}]}
          type="button"
          id={"tab-" <> tab}
          role="tab"
          aria-selected={to_string(@tab == tab)}
          aria-controls={"panel-" <> tab}
          phx-click="tab"
          phx-value-tab={tab}
        >
          {title}
        </button>
      </div>
      <span id="folding" phx-update="ignore">
        <button
          id="fold"
          type="button"
          class="btn quiet icon"
          aria-expanded="false"
          aria-label="Show what is beside the page"
        >
          <.icon name="back" />
        </button>
      </span>
    </div>
    """
  end

  attr :base, :string, required: true
  attr :title, :string, required: true

  @doc "The bar while nothing is known of a recording."
  def bare(assigns) do
    ~H"""
    <header id="bar" class="bar">
      <.back base={@base} />
      <h1>{@title}</h1>
      <span class="grow"></span>
      <.theme_button />
    </header>
    """
  end

  attr :base, :string, required: true
  attr :title, :string, required: true
  attr :phase, :any, required: true, doc: ":missing or {:unreadable, message}"

  @doc "The page where there is nothing to play."
  def nothing(assigns) do
    ~H"""
    <.bare base={@base} title={@title} />
    <main><.phase phase={@phase} base={@base} /></main>
    """
  end

  defp phase(%{phase: :missing} = assigns) do
    ~H"""
    <.state title="There is no such recording">
      <p>It may have been deleted, by hand or because of its age.</p>
      <p><.link navigate={Routes.list(@base)} class="btn">All recordings</.link></p>
    </.state>
    """
  end

  defp phase(%{phase: {:unreadable, message}} = assigns) do
    assigns = assign(assigns, :message, message)

    ~H"""
    <.state title="This recording cannot be read">
      <p class="said">{@message}.</p>
      <p><.link navigate={Routes.list(@base)} class="btn">All recordings</.link></p>
    </.state>
    """
  end
end
