defmodule PhoenixReplay.Dashboard.Components do
  @moduledoc false
  # What the list and the player are both made of.

  use Phoenix.Component

  alias Phoenix.LiveView.JS
  alias PhoenixReplay.Dashboard.Format

  attr :name, :string, required: true

  @doc "An icon; what it means is said by the button around it."
  def icon(assigns) do
    ~H"""
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={path(@name)} />
    </svg>
    """
  end

  defp path("back"), do: "M10.5 2.5 5 8l5.5 5.5 1.2-1.2L7.4 8l4.3-4.3z"
  defp path("forth"), do: "M5.5 2.5 11 8l-5.5 5.5-1.2-1.2L8.6 8 4.3 3.7z"
  defp path("list"), do: "M2 3h12v1.6H2zM2 7.2h12v1.6H2zM2 11.4h12V13H2z"

  defp path("download"),
    do: "M7.2 2h1.6v6l2.3-2.3 1.1 1.1L8 11 3.8 6.8l1.1-1.1L7.2 8zM3 12.4h10V14H3z"

  defp path("previous"), do: "M3 3h2v10H3zM14 3v10L6 8z"
  defp path("next"), do: "M11 3h2v10h-2zM2 3v10l8-5z"
  defp path("play"), do: "M4 2.5v11l9.5-5.5z"
  defp path("pause"), do: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z"

  defp path("link"),
    do:
      "M7 4.5H4.5a3.5 3.5 0 0 0 0 7H7V10H4.5a2 2 0 0 1 0-4H7zM9 4.5h2.5a3.5 3.5 0 0 1 0 7H9V10h2.5a2 2 0 0 0 0-4H9zM5 7.25h6v1.5H5z"

  defp path("theme"),
    do: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.4v10.2a5.1 5.1 0 0 0 0-10.2z"

  defp path("delete"),
    do:
      "M6 2h4l.6 1H14v1.5H2V3h3.4zM3.2 5.5h9.6L12 14H4zm2.9 1.8.3 5h1.2l-.3-5zm2.6 0-.3 5h1.2l.3-5z"

  defp path("pin"), do: "M8 1.6l1.9 4 4.4.5-3.3 3 .9 4.3L8 11.2l-3.9 2.2.9-4.3-3.3-3 4.4-.5z"

  attr :view, :any, required: true

  @doc "A view's name, its namespace in the background."
  def view_name(assigns) do
    {namespace, name} = Format.view(assigns.view)
    assigns = assign(assigns, namespace: namespace, name: name)

    ~H"""
    <span class="view"><span class="faint namespace">{@namespace}</span>{@name}</span>
    """
  end

  attr :at, :integer, required: true
  attr :now, :integer, required: true

  @doc "When something was; the tip has it in full."
  def ago(assigns) do
    ~H"""
    <time datetime={Format.iso(@at)} title={Format.at(@at)}>
      {Format.ago(@at, @now)}<span :if={time = Format.daytime(@at, @now)} class="wide">{" " <> time}</span>
    </time>
    """
  end

  @doc "The button that changes between light and dark; the browser remembers."
  def theme_button(assigns) do
    ~H"""
    <button
      id="theme"
      type="button"
      class="btn quiet icon"
      phx-hook="Theme"
      aria-label="Light or dark"
      title="Light or dark"
    >
      <.icon name="theme" />
    </button>
    """
  end

  attr :title, :string, required: true
  attr :wait, :boolean, default: false, doc: "whether it is said only once it has taken a while"
  slot :inner_block

  @doc "A whole page that says one thing: nothing here yet, not found, cannot be read."
  def state(assigns) do
    ~H"""
    <section class={["blank", @wait && "wait"]} role="status">
      <span class="mark" aria-hidden="true"></span>
      <h1>{@title}</h1>
      {render_slot(@inner_block)}
    </section>
    """
  end

  attr :id, :string, required: true
  attr :title, :string, required: true
  attr :action, :string, required: true, doc: "what the button that goes ahead says"
  attr :on_confirm, JS, required: true
  attr :on_cancel, :string, required: true, doc: "event that takes the question back"
  slot :inner_block, required: true

  @doc "Asks before something that cannot be undone. The script opens it as a modal dialog."
  def confirm(assigns) do
    ~H"""
    <dialog id={@id} phx-hook="Dialog" data-cancel={@on_cancel} aria-labelledby={@id <> "-title"}>
      <h2 id={@id <> "-title"}>{@title}</h2>
      <p class="muted">{render_slot(@inner_block)}</p>
      <div class="row end">
        <button type="button" class="btn" data-close autofocus>Cancel</button>
        <button type="button" class="btn danger" phx-click={@on_confirm}>{@action}</button>
      </div>
    </dialog>
    """
  end
end
