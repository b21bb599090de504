defmodule PhoenixReplay.Dashboard.List.Filters do
  @moduledoc false
  # The form above the list. Each field is named as its part of the address is, so that what is entered
  # before the page's script has connected is not lost: the form is sent, and becomes the address.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.List.Filter

  @more ~w(fact release from to shorter)a
  @lengths [{10, "10 s"}, {60, "1 min"}, {600, "10 min"}]

  attr :filter, Filter, required: true
  attr :known, :map, required: true, doc: "names to suggest: views, events, facts, releases"

  attr :searches, :boolean, required: true, doc: "whether recordings can be searched inside"

  attr :open, :boolean,
    required: true,
    doc: "whether the fields that are asked for less are shown"

  attr :path, :string, required: true, doc: "of the list without any filter"

  def form(assigns) do
    assigns = assign(assigns, more: Filter.count(assigns.filter, @more))

    ~H"""
    <form
      id="filters"
      class="filters"
      role="search"
      method="get"
      action={@path}
      phx-change="filter"
      phx-submit="filter"
    >
      <input
        id="filter-text"
        class="search grow"
        type="search"
        name="text"
        value={@filter.text}
        placeholder={
          if @filter.inside,
            do: "Search values: a text, =42 or /regex/",
            else: "Search page, id or person"
        }
        aria-label={
          if @filter.inside, do: "Search inside recordings", else: "Search page, id or person"
        }
        autocomplete="off"
        phx-debounce="300"
      />
      <.switch
        :if={@searches}
        name={:inside}
        title="Inside"
        on={@filter.inside}
        tip="Search the values inside recordings: params, assigns and URLs"
      />
      <.named name={:view} title="View" value={@filter.view} known={@known.views} />
      <.named name={:event} title="Event" value={@filter.event} known={@known.events} />
      <select name="since" class="btn chip roomy" aria-label="When" data-set={@filter.since && "true"}>
        <option value="">Any time</option>
        <option
          :for={{since, text} <- [{"1h", "Last hour"}, {"24h", "Last 24 h"}, {"7d", "Last 7 days"}]}
          value={since}
          selected={@filter.since == since}
        >
          {text}
        </option>
      </select>
      <select
        name="longer"
        class="btn chip roomy"
        aria-label="Length"
        data-set={@filter.longer && "true"}
      >
        <option value="">Any length</option>
        <option
          :for={{seconds, text} <- lengths(@filter.longer)}
          value={seconds}
          selected={@filter.longer == seconds}
        >
          Longer than {text}
        </option>
      </select>
      <.switch name={:errors} title="Errors" on={@filter.errors} />
      <.switch name={:pinned} title="Kept" on={@filter.pinned} />
      <button
        type="button"
        class="btn chip"
        phx-click="more"
        aria-expanded={to_string(@open)}
        aria-controls="filters-more"
        data-set={@more > 0 && "true"}
      >
        More{if @more > 0, do: " (#{@more})"}
      </button>
      <%!-- Always in its place, so that nothing moves under the hand of who sets the first filter. --%>
      <.link patch={@path} class={["btn quiet chip", !Filter.any?(@filter) && "unseen"]}>Clear filters</.link>
      <div id="filters-more" class="fields" hidden={!@open}>
        <.field
          title="Metadata"
          name={:fact}
          filter={@filter}
          list="known-facts"
          placeholder="user_id:7"
        />
        <.field title="Release" name={:release} filter={@filter} list="known-releases" />
        <.field title="From (UTC)" name={:from} filter={@filter} type="datetime-local" />
        <.field title="To (UTC)" name={:to} filter={@filter} type="datetime-local" />
        <.field title="Shorter than (s)" name={:shorter} filter={@filter} type="number" min="0" />
      </div>
      <.list id="known-facts" values={@known.facts} />
      <.list id="known-releases" values={@known.releases} />
    </form>
    """
  end

  attr :name, :atom, required: true
  attr :title, :string, required: true
  attr :value, :string, required: true
  attr :known, :list, required: true

  defp named(assigns) do
    ~H"""
    <label class="btn chip named roomy" data-set={@value && "true"}>
      <span>{@title}</span>
      <input
        id={"filter-#{@name}"}
        type="search"
        name={@name}
        value={@value}
        list={"known-#{@name}"}
        placeholder="any"
        autocomplete="off"
        phx-debounce="300"
        phx-focus="suggest"
      />
    </label>
    <.list id={"known-#{@name}"} values={@known} />
    """
  end

  attr :id, :string, required: true
  attr :values, :list, required: true

  defp list(assigns) do
    ~H"""
    <datalist id={@id}><option :for={value <- @values} value={value}></option></datalist>
    """
  end

  attr :name, :atom, required: true
  attr :title, :string, required: true
  attr :on, :boolean, required: true
  attr :tip, :string, default: nil

  defp switch(assigns) do
    ~H"""
    <label class="btn chip switch" title={@tip} data-set={@on && "true"}>
      <input type="checkbox" name={@name} value="1" checked={@on} />{@title}
    </label>
    """
  end

  attr :name, :atom, required: true
  attr :title, :string, required: true
  attr :filter, Filter, required: true
  attr :type, :string, default: "search"
  attr :rest, :global, include: ~w(list placeholder min)

  defp field(assigns) do
    ~H"""
    <label>
      <span class="muted">{@title}</span>
      <input
        id={"filter-#{@name}"}
        class="search"
        type={@type}
        name={@name}
        value={Filter.text(Map.fetch!(@filter, @name))}
        autocomplete="off"
        phx-debounce="300"
        {@rest}
      />
    </label>
    """
  end

  # One that came by a link is among them too.
  defp lengths(seconds) do
    if seconds == nil or List.keymember?(@lengths, seconds, 0),
      do: @lengths,
      else: Enum.sort([{seconds, Format.clock(seconds * 1_000)} | @lengths])
  end
end
