defmodule PhoenixReplay.Dashboard.Player.Events do
  @moduledoc false
  # The events beside the frame, a window of them at a time, and the one that is shown in full below.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.Overview

  @window 80

  @doc "How many rows are in the browser at once."
  @spec window() :: pos_integer
  def window, do: @window

  attr :rows, :list, required: true
  attr :index, :integer, required: true
  attr :size, :integer, required: true
  attr :event, :any, required: true

  def panel(assigns) do
    ~H"""
    <div id="panel-events" class="panel" role="tabpanel" aria-labelledby="tab-events">
      <div
        id="events"
        class="list"
        role="listbox"
        tabindex="0"
        aria-label="Events"
        aria-activedescendant={"event-#{@index}"}
      >
        <div id="events-height" role="presentation">
          <div id="events-rows" role="presentation">
            <.row :for={row <- @rows} row={row} current={row.index == @index} size={@size} />
          </div>
        </div>
      </div>
      <.inspector :if={@event} event={@event} index={@index} size={@size} />
    </div>
    """
  end

  attr :row, :map, required: true
  attr :current, :boolean, required: true
  attr :size, :integer, required: true

  defp row(assigns) do
    assigns = assign(assigns, :kind, Overview.kind(assigns.row.type))

    ~H"""
    <div
      id={"event-#{@row.index}"}
      class={["ev", @kind == "render" && "sub", @kind == "error" && "err"]}
      role="option"
      data-index={@row.index}
      aria-selected={to_string(@current)}
      aria-posinset={@row.index + 1}
      aria-setsize={@size}
    >
      <span class="t">{Format.moment(@row.offset_ms)}</span>
      <span class={["dot", @kind]} aria-hidden="true"></span>
      <span class="clip"><b>{title(@row)}</b> <span class="muted mono">{about(@row)}</span></span>
    </div>
    """
  end

  defp title(%{type: :mount}), do: "Mount"
  defp title(%{type: :handle_params}), do: "Page"
  defp title(%{type: :event, label: name}), do: name
  defp title(%{type: :info}), do: "Message"
  defp title(%{type: :assigns}), do: "render"
  defp title(%{type: :fault}), do: "Not recorded"
  defp title(%{type: type}), do: to_string(type)

  defp about(%{type: :event}), do: nil
  defp about(%{type: :handle_params, label: url}), do: Format.page(url)
  defp about(%{type: :assigns, keys: keys}), do: keys |> Enum.map_join(", ", &"@#{&1}")
  defp about(%{label: label}), do: label

  attr :event, :any, required: true
  attr :index, :integer, required: true
  attr :size, :integer, required: true

  defp inspector(assigns) do
    {offset_ms, type, payload} = assigns.event
    assigns = assign(assigns, offset_ms: offset_ms, parts: parts(type, payload))

    ~H"""
    <section class="state" aria-label="The event shown" tabindex="0">
      <p class="faint">
        event {Format.count(@index + 1)} of {Format.count(@size)} at {Format.moment(@offset_ms)}
      </p>
      <dl>
        <div :for={{name, text} <- @parts} class={String.contains?(text, "\n") && "long"}>
          <dt class="k">{name}</dt>
          <dd><pre>{text}</pre></dd>
        </div>
      </dl>
    </section>
    """
  end

  # What an event is about, in the words of the view it happened in.
  defp parts(:assigns, %{delta: changed}), do: named(changed)
  defp parts(:assigns, %{snapshot: all}), do: named(all)
  defp parts(:mount, %{assigns: assigns}), do: named(assigns)

  defp parts(:handle_params, payload),
    do: [{"url", payload[:url] || "unknown"}, {"params", Format.term(payload[:params])}]

  defp parts(_type, payload) when payload == %{}, do: []

  defp parts(_type, %{} = payload) do
    for {key, value} <- Enum.sort(payload),
        do: {to_string(key), if(is_binary(value), do: value, else: Format.term(value))}
  end

  defp named(assigns) do
    for {key, value} <- Enum.sort_by(assigns, &to_string(elem(&1, 0))),
        do: {"@#{key}", Format.term(value)}
  end
end
