defmodule PhoenixReplay.Dashboard.Player.Details do
  @moduledoc false
  # What is known of the recording as a whole.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.Player.Details.Nested
  alias PhoenixReplay.Recording.Code

  attr :base, :string, default: ""

  attr :nested, :list,
    default: nil,
    doc: "of `Replay.Nested`, what is nested in it; nil until that is known"

  attr :recording, :map, required: true
  attr :summary, :map, required: true
  attr :code, :map, required: true, doc: "of `PhoenixReplay.Timeline.code/1`"

  def panel(assigns) do
    facts = facts(assigns.recording, assigns.summary) ++ [{"Versions", versions(assigns.code)}]
    assigns = assign(assigns, facts: facts, changed: changed(assigns.code))

    ~H"""
    <div id="panel-details" class="panel scroll details" role="tabpanel" aria-labelledby="tab-details">
      <p :if={@changed != []} class="note">
        The code of this page has changed since: <span class="mono">{Enum.map_join(@changed, ", ", &inspect/1)}</span>.
        What was recorded is shown by today's templates, so the page may not look as it did.
      </p>
      <dl class="facts">
        <div :for={{name, text} <- @facts} :if={text not in [nil, ""]}>
          <dt>{name}</dt>
          <dd>
            {text}
            <button
              :if={name == "Id"}
              id="copy-id"
              type="button"
              class="btn small"
              phx-hook="CopyText"
              data-text={text}
            >
              Copy
            </button>
          </dd>
        </div>
      </dl>
      <Nested.links base={@base} metadata={@summary.metadata} nested={@nested} />
      <.terms title="Params" map={@recording.params} />
      <.terms title="Session" map={@recording.session} />
      <.terms title="Metadata" map={@summary.metadata} />
      <.terms title="Events by name" map={@summary.event_names} />
    </div>
    """
  end

  attr :title, :string, required: true
  attr :map, :map, required: true

  defp terms(assigns) do
    ~H"""
    <section>
      <h2>{@title}</h2>
      <p :if={@map == %{}} class="faint">none</p>
      <dl :if={@map != %{}} class="facts mono">
        <div :for={{key, value} <- Enum.sort_by(@map, &Format.key(elem(&1, 0)))}>
          <dt class="k">{Format.key(key)}</dt>
          <dd><pre>{Format.text(value)}</pre></dd>
        </div>
      </dl>
    </section>
    """
  end

  defp facts(recording, summary) do
    [
      {"Id", recording.id},
      {"View", name(recording.view)},
      {"URL", recording.url},
      {"Connected", Format.at(recording.connected_at)},
      {"Length", Format.moment(summary.duration_ms)},
      {"Events", Format.count(summary.event_count)},
      {"Ended", ended(summary)},
      {"Not kept", lost(summary)},
      {"Uncompressed", if(summary.inflated_bytes > 0, do: Format.bytes(summary.inflated_bytes))},
      {"Release", summary.release},
      {"Node", summary.node}
    ]
  end

  @doc "Modules that were recorded and are others today. One that is gone is not among them: the frame says so."
  @spec changed(PhoenixReplay.Timeline.code()) :: [module]
  def changed(%{modules: modules}) do
    for {module, md5} <- Enum.sort(modules),
        Code.md5(module) not in [nil, md5],
        do: module
  end

  defp versions(%{versions: versions}) do
    versions
    |> Enum.sort()
    |> Enum.map_join(", ", fn {library, version} -> "#{library} #{version}" end)
  end

  defp name(view) when is_atom(view), do: inspect(view)
  defp name(view), do: to_string(view)

  defp ended(%{active?: true}), do: "still running"
  defp ended(%{ended: :closed}), do: "connection closed"
  defp ended(%{ended: :left}), do: "went to another page"
  defp ended(%{ended: :redirected}), do: "redirected"

  defp ended(%{ended: :crashed, error: error}),
    do: Enum.join(["crashed" | List.wrap(error)], ": ")

  defp ended(%{ended: :drained}), do: "the node was shutting down"
  defp ended(%{ended: :killed}), do: "killed"
  defp ended(%{ended: :finished}), do: "finished"
  defp ended(%{ended: :stopped}), do: "stopped"
  defp ended(_summary), do: "unknown"

  defp lost(summary) do
    [
      {summary.dropped, "events past the limit"},
      {summary.faults, "events with something lost"}
    ]
    |> Enum.filter(fn {count, _what} -> count > 0 end)
    |> Enum.map_join(", ", fn {count, what} -> "#{Format.count(count)} #{what}" end)
  end
end
