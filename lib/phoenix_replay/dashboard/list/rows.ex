defmodule PhoenixReplay.Dashboard.ListRows do
  @moduledoc false
  # The table of the list and its pager.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Format, Routes}

  attr :running, :list, required: true
  attr :saved, :list, required: true
  attr :base, :string, required: true
  attr :now, :integer, required: true

  @doc "Running sessions, then saved ones."
  def table(assigns) do
    ~H"""
    <table class="recordings">
      <caption class="hidden">Recorded sessions, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col" class="right">Length</th>
          <th scope="col" class="right wide">Events</th>
          <th scope="col" class="right">When</th>
          <th scope="col"><span class="hidden">Delete</span></th>
        </tr>
      </thead>
      <tbody :if={@running != []}>
        <tr class="group">
          <th colspan="5" scope="rowgroup"><span class="dot live"></span> Live now</th>
        </tr>
        <.row :for={summary <- @running} summary={summary} base={@base} now={@now} />
      </tbody>
      <tbody :if={@saved != []}>
        <tr class="group">
          <th colspan="5" scope="rowgroup">Saved</th>
        </tr>
        <.row :for={summary <- @saved} summary={summary} base={@base} now={@now} />
      </tbody>
    </table>
    """
  end

  attr :summary, :map, required: true
  attr :base, :string, required: true
  attr :now, :integer, required: true

  # The link covers its row, so that the whole row is one target and the table stays a table.
  defp row(assigns) do
    ~H"""
    <tr id={"recording-" <> @summary.id}>
      <td class="session">
        <.link navigate={Routes.player(@base, @summary.id)} class="cover">
          <.view_name view={@summary.view} />
        </.link>
        <span class="mono muted page-url">{Format.page(@summary.url)}</span>
        <.ending summary={@summary} />
      </td>
      <td class="right">{Format.clock(length_ms(@summary, @now))}</td>
      <td class="right wide">{Format.count(@summary.event_count)}</td>
      <td :if={@summary.active?} class="right watch">watch</td>
      <td :if={!@summary.active?} class="right muted">
        <.ago at={@summary.connected_at} now={@now} />
      </td>
      <td class="act">
        <button
          :if={!@summary.active?}
          type="button"
          class="btn quiet icon"
          phx-click="ask"
          phx-value-id={@summary.id}
          aria-label={"Delete the recording of " <> Format.page(@summary.url)}
          title="Delete"
        >
          <.icon name="delete" />
        </button>
      </td>
    </tr>
    """
  end

  attr :summary, :map, required: true

  defp ending(assigns) do
    ~H"""
    <span :if={Map.get(@summary, :ended) == :crashed} class="badge error">
      crashed{with error when is_binary(error) <- Map.get(@summary, :error), do: ": " <> error}
    </span>
    <span
      :if={Map.get(@summary, :interrupted) == true or Map.get(@summary, :truncated) == true}
      class="badge"
      title="The end of this recording is missing"
    >
      cut short
    </span>
    """
  end

  # A running session is as long as it has run, not as its last event is old.
  defp length_ms(%{active?: true} = summary, now), do: max(0, now - summary.connected_at)
  defp length_ms(summary, _now), do: summary.duration_ms

  attr :page, :integer, required: true
  attr :page_size, :integer, required: true
  attr :total, :integer, required: true
  attr :path, :any, required: true, doc: "function from a page's number to its path"

  @doc "Which part of the list this is, and the ways on."
  def pager(assigns) do
    first = (assigns.page - 1) * assigns.page_size + 1

    assigns =
      assign(assigns, first: first, last: min(first + assigns.page_size - 1, assigns.total))

    ~H"""
    <nav class="pager" aria-label="Pages">
      <span class="muted grow">
        {Format.count(@first)}–{Format.count(@last)} of {Format.count(@total)}
      </span>
      <.link :if={@page > 1} patch={@path.(@page - 1)} class="btn">← Newer</.link>
      <.link :if={@last < @total} patch={@path.(@page + 1)} class="btn">Older →</.link>
    </nav>
    """
  end
end
