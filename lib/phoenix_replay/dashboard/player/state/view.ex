defmodule PhoenixReplay.Dashboard.Player.State.View do
  @moduledoc false
  # How the State panel looks.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.State.Tree
  alias PhoenixReplay.Timeline

  @doc "The panel; its assigns are those of `PhoenixReplay.Dashboard.Player.State`."
  def panel(assigns) do
    ~H"""
    <div id="panel-state" class="panel" role="tabpanel" aria-labelledby="tab-state" hidden={!@active}>
      <.find :if={@active} query={@query} target={@myself} />
      <p :if={@error} class="pad" role="alert">{@error}</p>
      <.results :if={@hits} hits={@hits} target={@myself} />
      <.tree :if={@active and !@hits} lines={@lines} selected={@selected} target={@myself} />
      <.value
        :if={@value}
        value={@value}
        last={@last}
        path={@selected}
        timeline={@timeline}
        index={@index}
        target={@myself}
      />
    </div>
    """
  end

  defp find(assigns) do
    ~H"""
    <form
      id="state-form"
      class="find"
      role="search"
      phx-change="find"
      phx-submit="find"
      phx-target={@target}
    >
      <input
        id="state-find"
        type="search"
        name="text"
        value={@query}
        class="search"
        placeholder="Find a key or value"
        aria-label="Find a key or value in this state"
        autocomplete="off"
        spellcheck="false"
        phx-debounce="150"
        data-search
      />
    </form>
    """
  end

  defp tree(assigns) do
    top = Enum.filter(assigns.lines, &(&1.depth == 1))
    changed = Enum.count(top, & &1.change)
    selected = assigns.selected && Tree.id(assigns.selected)
    # One line takes the focus; the arrow keys go on from there.
    entry = if Enum.any?(assigns.lines, &(&1.id == selected)), do: selected, else: first(top)

    assigns =
      assign(assigns, count: length(top), changed: changed, chosen: selected, entry: entry)

    ~H"""
    <p class="faint pad" id="state-count">
      {Format.counted(@count, "assign")}{if @changed > 0, do: ", #{@changed} changed here"}
    </p>
    <div
      id="tree"
      class="tree"
      role="tree"
      aria-label="Assigns"
      phx-hook="Tree"
      phx-target={@target}
    >
      <.line
        :for={line <- @lines}
        line={line}
        selected={line.id == @chosen}
        entry={line.id == @entry}
        target={@target}
      />
    </div>
    """
  end

  defp first([]), do: nil
  defp first([line | _rest]), do: line.id

  defp line(assigns) do
    ~H"""
    <div
      id={"line-" <> @line.id}
      class={["line", @line.change && "chg", @line.change == :gone && "gone"]}
      role="treeitem"
      tabindex={if @entry, do: "0", else: "-1"}
      aria-level={@line.depth}
      aria-selected={to_string(@selected)}
      aria-expanded={@line.branch? && to_string(@line.open?)}
      data-id={@line.id}
      phx-click="line"
      phx-value-id={@line.id}
      phx-target={@target}
    >
      <i :for={_above <- 2..@line.depth//1} aria-hidden="true"></i>
      <span class="twist" aria-hidden="true">{twist(@line)}</span>
      <span class="clip">
        <span class="k">{@line.label}</span>
        <del :if={@line.was} class="mono"><span class="hidden">was </span>{@line.was}</del>
        <ins :if={@line.was && @line.change == :changed}>
          <span class="hidden">is </span>{@line.brief}
        </ins>
        <span :if={!@line.was}>{@line.brief}</span>
        <span :if={@line.change} class="hidden">{said(@line.change)}</span>
      </span>
    </div>
    """
  end

  defp twist(%{branch?: false}), do: ""
  defp twist(%{open?: true}), do: "▾"
  defp twist(%{open?: false}), do: "▸"

  defp said(:changed), do: "changed here"
  defp said(:new), do: "new here"
  defp said(:gone), do: "taken away here"

  defp results(assigns) do
    {hits, all?} = assigns.hits
    assigns = assign(assigns, hits: hits, all?: all?)

    ~H"""
    <p class="faint pad" role="status">
      {found(length(@hits), @all?)}
    </p>
    <ul class="tree" aria-label="Found">
      <li :for={hit <- @hits}>
        <button
          type="button"
          class="line clip"
          phx-click="reveal"
          phx-value-id={Tree.id(hit.path)}
          phx-target={@target}
        >
          <span class="k">{Tree.written(hit.path)}</span> {hit.brief}
        </button>
      </li>
    </ul>
    """
  end

  defp found(0, true), do: "Not in this state"
  defp found(0, false), do: "Not in the part of this state that was searched; it is large"
  defp found(count, true), do: "Found in #{Format.counted(count, "place")}"
  defp found(count, false), do: "Found in #{count} places or more"

  defp value(assigns) do
    ~H"""
    <section class="state" aria-label="The value selected">
      <div class="row wrap">
        <b class="mono grow clip">{Tree.written(@path)}</b>
        <button
          :for={{form, title} <- [{"elixir", "Elixir"}, {"json", "JSON"}]}
          id={"copy-" <> form}
          type="button"
          class="btn small"
          phx-hook="Copy"
          data-form={form}
          phx-target={@target}
        >
          Copy {title}
        </button>
      </div>
      <.changed
        last={@last}
        changed?={@value.changed?}
        timeline={@timeline}
        index={@index}
        target={@target}
      />
      <div :if={@value.changed?} class="sides">
        <div>
          <p class="faint">Before</p>
          <pre class="was" tabindex="0">{printed(@value.was)}</pre>
        </div>
        <div>
          <p class="faint">Now</p>
          <pre class="now" tabindex="0">{printed(@value.now)}</pre>
        </div>
      </div>
      <pre :if={!@value.changed?} tabindex="0">{printed(@value.now)}</pre>
    </section>
    """
  end

  defp printed({:ok, term}), do: Format.term(term)
  defp printed(:error), do: "not there"

  defp changed(assigns) do
    ~H"""
    <p class="row wrap faint when" id="last-change" role="status">
      <span>{said(@last, @changed?, @timeline, @index)}</span>
      <button
        :if={elsewhere?(@last, @index)}
        type="button"
        class="btn small"
        phx-click="jump"
        phx-value-index={elem(@last, 1)}
        phx-target={@target}
      >
        Jump there
      </button>
    </p>
    """
  end

  defp elsewhere?({:ok, at, _how}, index), do: at != index
  defp elsewhere?(_last, _index), do: false

  defp said(nil, true, _timeline, _index), do: "Changed here"
  defp said(nil, false, _timeline, _index), do: "When it changed …"
  defp said(:unknown, _changed?, _timeline, _index), do: "When it changed is not known"
  defp said({:ok, index, _how}, _changed?, _timeline, index), do: "Set here"

  defp said({:ok, at, how}, changed?, timeline, _index) do
    when_ = "#{at(timeline, at)} (event #{Format.count(at + 1)})"

    case {changed?, how} do
      {true, :changed} -> "Changed here, before that at #{when_}"
      {true, :first} -> "Changed here, first set at #{when_}"
      {false, :changed} -> "Last changed at #{when_}"
      {false, :first} -> "Not changed since it was set at #{when_}"
    end
  end

  defp at(timeline, index) do
    case Timeline.rows(timeline, index, 1) do
      [%{offset_ms: offset_ms}] -> Format.moment(offset_ms)
      [] -> "?"
    end
  end
end
