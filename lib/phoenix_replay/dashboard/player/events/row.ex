defmodule PhoenixReplay.Dashboard.Player.Events.Row do
  @moduledoc false
  # One event as a line of the list.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.Overview

  attr :row, :map, required: true, doc: "of `PhoenixReplay.Dashboard.Player.Events.Listing`"
  attr :current, :boolean, required: true
  attr :count, :integer, required: true

  @doc "The row, an option of the list."
  def row(assigns) do
    assigns = assign(assigns, :kind, Overview.kind(assigns.row))

    ~H"""
    <div
      id={"event-#{@row.index}"}
      class={["ev", if(@row.head?, do: "group", else: "sub"), @kind == "error" && "err"]}
      role="option"
      data-index={@row.index}
      aria-selected={to_string(@current)}
      aria-posinset={@row.position + 1}
      aria-setsize={@count}
    >
      <span class="t">{Format.moment(@row.offset_ms)}</span>
      <span class={["dot", @kind]} aria-hidden="true"></span>
      <span class="clip">
        <b>{title(@row)}</b>
        <span class="muted mono">{about(@row)}</span>
        <span :if={@row[:caused] not in [nil, []]} class="faint mono">
          → {named(@row.caused)}
        </span>
      </span>
      <span class={["cost", slow?(@row) && "slow"]}>
        <span :if={@row.took_us} title={took(@row)}>{Format.short_time(@row.took_us)}</span>
        <span title="recorded">{Format.bytes(@row.bytes)}</span>
      </span>
    </div>
    """
  end

  # As what somebody waits for is marked when it is recorded.
  @slow_us 100_000

  defp slow?(row), do: row.took_us != nil and row.took_us >= @slow_us

  defp took(%{type: type}) when type in [:event, :handle_params], do: "the callback took"
  defp took(_render), do: "the render took"

  @doc "What kind of thing happened, in a word."
  @spec title(PhoenixReplay.Timeline.row()) :: String.t()
  def title(%{type: :mount}), do: "Mount"
  def title(%{type: :handle_params}), do: "Page"
  def title(%{type: :event, label: name}), do: name || "event"
  def title(%{type: :info}), do: "Message"
  def title(%{type: :assigns}), do: "render"
  def title(%{type: :fault}), do: "Not recorded"
  def title(%{type: :flash}), do: "Flash"
  def title(%{type: :slow}), do: "Slow"
  def title(%{type: :template}), do: "Template"
  def title(%{type: :exception}), do: "Exception"
  def title(%{type: :log, failed?: true}), do: "Error"
  def title(%{type: :log}), do: "Log"
  def title(%{type: :telemetry}), do: "Telemetry"
  def title(%{type: :push_event}), do: "Pushed"
  def title(%{type: :navigate}), do: "Sent to"
  def title(%{type: :stream}), do: "Stream"
  def title(%{type: :upload}), do: "Upload"
  def title(%{type: :component}), do: "Component"
  def title(%{type: type}), do: to_string(type)

  @doc "What it was about: a page, a tag, the assigns that changed."
  @spec about(PhoenixReplay.Timeline.row()) :: String.t() | nil
  def about(%{type: :event}), do: nil

  def about(%{type: type, label: url}) when type in [:handle_params, :navigate],
    do: Format.page(url)

  # A line has no room for all of a module's name, and the last part says most.
  def about(%{type: :component, label: label}) when is_binary(label),
    do: String.replace(label, ~r/\A\S*\./, "")

  def about(%{type: :assigns, keys: keys}), do: named(keys)
  def about(%{label: label}), do: label

  defp named(keys), do: Enum.map_join(keys, ", ", &"@#{&1}")
end
