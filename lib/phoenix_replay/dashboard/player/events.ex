defmodule PhoenixReplay.Dashboard.Player.Events do
  @moduledoc false
  # The events beside the frame, by interaction and a window of them at a time, and the one that is shown
  # in full below.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.Events.{Filter, Row}

  @window 80

  @doc "How many rows are in the browser at once."
  @spec window() :: pos_integer
  def window, do: @window

  attr :rows, :list, required: true
  attr :listing, :map, required: true
  attr :shown, :integer, required: true, doc: "index of the row that stands for the event shown"
  attr :index, :integer, required: true
  attr :size, :integer, required: true
  attr :event, :any, required: true

  def panel(assigns) do
    ~H"""
    <div id="panel-events" class="panel" role="tabpanel" aria-labelledby="tab-events">
      <.filter filter={@listing.filter} count={@listing.count} size={@size} />
      <div
        :if={@listing.count > 0}
        id="events"
        class="list"
        role="listbox"
        tabindex="0"
        aria-label="Events"
        aria-activedescendant={@shown && "event-#{@shown}"}
      >
        <div id="events-height" role="presentation">
          <div id="events-rows" role="presentation">
            <Row.row
              :for={row <- @rows}
              row={row}
              current={row.index == @shown}
              count={@listing.count}
            />
          </div>
        </div>
      </div>
      <p :if={@listing.count == 0} class="list pad muted">No event like that in this recording.</p>
      <.inspector :if={@event} event={@event} index={@index} size={@size} />
    </div>
    """
  end

  defp filter(assigns) do
    assigns = assign(assigns, :kinds, Enum.zip(Filter.kinds(), names()))

    ~H"""
    <form
      id="events-filter"
      class="find"
      role="search"
      aria-label="Filter events"
      phx-change="filter"
      phx-submit="filter"
    >
      <input
        id="events-find"
        type="search"
        name="text"
        value={@filter.text}
        class="search"
        placeholder="Filter events"
        aria-label="Text in an event"
        autocomplete="off"
        spellcheck="false"
        phx-debounce="150"
        data-search
      />
      <fieldset class="kinds">
        <legend class="hidden">Kinds of event</legend>
        <label :for={{kind, name} <- @kinds} class="kind">
          <input type="checkbox" name="kinds[]" value={kind} checked={kind not in @filter.hidden} />
          <span class={["dot", kind]} aria-hidden="true"></span>{name}
        </label>
      </fieldset>
      <p class="hidden" role="status">
        {unless Filter.open?(@filter),
          do: "#{Format.count(@count)} of #{Format.counted(@size, "event")}"}
      </p>
    </form>
    """
  end

  defp names, do: ["Events", "Pages", "Messages", "Renders", "Errors"]

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
    do: [
      {"url", Format.text(payload[:url] || "unknown")},
      {"params", Format.term(payload[:params])}
    ]

  defp parts(_type, payload) when payload == %{}, do: []

  defp parts(_type, %{} = payload) do
    for {key, value} <- Enum.sort(payload), do: {Format.key(key), said(key, value)}
  end

  # A file from elsewhere may have a list that does not end as one.
  defp said(:stack, [_first | _more] = stack) do
    if List.improper?(stack),
      do: Format.term(stack),
      else: Enum.map_join(stack, "\n", &Format.text/1)
  end

  defp said(_key, value), do: Format.text(value)

  defp named(assigns) do
    for {name, value} <- Enum.sort(for({key, value} <- assigns, do: {Format.key(key), value})),
        do: {"@#{name}", Format.term(value)}
  end
end
