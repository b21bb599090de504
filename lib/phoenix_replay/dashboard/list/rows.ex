defmodule PhoenixReplay.Dashboard.List.Rows do
  @moduledoc false
  # The table of the list.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Format, Routes}

  attr :running, :list, required: true
  attr :more, :integer, required: true, doc: "how many run that are not among them"
  attr :saved, :list, required: true
  attr :base, :string, required: true
  attr :now, :integer, required: true
  attr :pins, MapSet, required: true, doc: "ids of recordings that can be pinned"
  attr :deletes, MapSet, required: true, doc: "ids of recordings that can be deleted"

  @doc "Running sessions, then saved ones."
  def table(assigns) do
    ~H"""
    <table class="recordings">
      <caption class="hidden">Recorded sessions, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Session</th>
          <th scope="col" class="who">Who</th>
          <th scope="col" class="wide">Activity</th>
          <th scope="col" class="right">Length</th>
          <th scope="col" class="right wide">Events</th>
          <th scope="col" class="right">Errors</th>
          <th scope="col" class="right wide">Size</th>
          <th scope="col" class="right">When</th>
          <th scope="col"><span class="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody :if={@running != []} id="live-now">
        <tr class="group">
          <th colspan="9" scope="rowgroup">
            <span class="dot live"></span>
            Live now
            <span :if={@more > 0} class="faint">the newest of {Format.count(length(@running) + @more)}</span>
          </th>
        </tr>
        <.row :for={summary <- @running} summary={summary} base={@base} now={@now} />
      </tbody>
      <tbody :if={@saved != []} id="saved">
        <tr class="group">
          <th colspan="9" scope="rowgroup">Saved</th>
        </tr>
        <.row
          :for={summary <- @saved}
          summary={summary}
          base={@base}
          now={@now}
          pins={summary.id in @pins}
          deletes={summary.id in @deletes}
        />
      </tbody>
    </table>
    """
  end

  attr :summary, :map, required: true
  attr :base, :string, required: true
  attr :now, :integer, required: true
  attr :pins, :boolean, default: false
  attr :deletes, :boolean, default: false

  # The link covers its row, so that the whole row is one target and the table stays a table.
  defp row(assigns) do
    ~H"""
    <tr id={"recording-" <> @summary.id}>
      <td class="session">
        <.link navigate={Routes.player(@base, @summary.id)} class="cover">
          <.view_name view={@summary.view} />
        </.link>
        <span class="mono muted page-url">{place(@summary)}</span>
        <.ending summary={@summary} />
      </td>
      <td class="muted clip who">{Format.who(@summary.metadata)}</td>
      <td class="wide"><.spark activity={@summary.activity} /></td>
      <td class="right">{Format.clock(length_ms(@summary, @now))}</td>
      <td class="right wide">{Format.count(@summary.event_count)}</td>
      <td class="right">
        <span :if={@summary.errors > 0} class="badge error">{Format.count(@summary.errors)}</span>
      </td>
      <td class="right muted wide">{if @summary.bytes > 0, do: Format.bytes(@summary.bytes)}</td>
      <td :if={@summary.active?} class="right watch">watch</td>
      <td :if={!@summary.active?} class="right muted">
        <.ago at={@summary.connected_at} now={@now} />
      </td>
      <td class="act">
        <button
          :if={@pins}
          type="button"
          class="btn quiet icon pin"
          phx-click="pin"
          phx-value-id={@summary.id}
          phx-value-pinned={to_string(!@summary.pinned)}
          aria-pressed={to_string(@summary.pinned)}
          aria-label={"Keep the recording of " <> place(@summary)}
          title={
            if @summary.pinned, do: "Kept whatever its age. Let go", else: "Keep whatever its age"
          }
        >
          <.icon name="pin" />
        </button>
        <button
          :if={@deletes}
          type="button"
          class="btn quiet icon delete"
          phx-click="ask"
          phx-value-id={@summary.id}
          aria-label={"Delete the recording of " <> place(@summary)}
          title="Delete"
        >
          <.icon name="delete" />
        </button>
      </td>
    </tr>
    """
  end

  attr :activity, :list, required: true

  # How much happened when: a bar for each stretch of time. A long session's picture is no wider.
  defp spark(assigns) do
    ~H"""
    <svg :if={@activity != []} class="spark" viewBox="0 0 128 18" aria-hidden="true">
      <path d={bars(@activity)} />
    </svg>
    """
  end

  @bar 16

  defp bars(activity) do
    most = Enum.max(activity)

    for {count, nth} <- Enum.with_index(activity), count > 0 do
      "M#{nth * 4 + 2} 18v-#{max(div(count * @bar, most), 2)}"
    end
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

  # What is nested in a page has its element there, and no URL.
  defp place(%{url: nil, metadata: %{"nested_id" => id}}), do: "nested, ##{id}"
  defp place(%{url: url}), do: Format.page(url)

  # A running session is as long as it has run, not as its last event is old.
  defp length_ms(%{active?: true} = summary, now), do: max(0, now - summary.connected_at)
  defp length_ms(summary, _now), do: summary.duration_ms
end
