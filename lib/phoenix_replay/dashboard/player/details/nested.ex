defmodule PhoenixReplay.Dashboard.Player.Details.Nested do
  @moduledoc false
  # Which recording this one is a part of, and which are parts of it, as links.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.{Format, Routes}

  attr :base, :string, required: true
  attr :metadata, :map, required: true, doc: "of the recording"
  attr :nested, :list, required: true, doc: "of `Replay.Nested`; nil until they are found"

  def links(assigns) do
    assigns = assign(assigns, :inside, assigns.nested || [])

    ~H"""
    <section :if={@metadata["nested_id"]} id="nested-in">
      <h2>Part of</h2>
      <dl class="facts">
        <div>
          <dt>{if @metadata["sticky_in"], do: "Sticky, first in", else: "Nested in"}</dt>
          <dd>
            <.link
              :if={@metadata["nested_in"]}
              navigate={Routes.player(@base, to_string(@metadata["nested_in"]))}
              class="mono"
            >{@metadata["nested_in"]}</.link>
            <span :if={@metadata["nested_in"] == nil} class="faint">a page that is not recorded</span>
          </dd>
        </div>
        <div>
          <dt>Element</dt>
          <dd class="mono">#{@metadata["nested_id"]}</dd>
        </div>
      </dl>
    </section>
    <section :if={@inside != []} id="nested">
      <h2>Nested in it</h2>
      <dl class="facts">
        <div :for={one <- @inside}>
          <dt class="mono">#{one.place}</dt>
          <dd>
            <.link navigate={Routes.player(@base, one.recording.id)}>{view(one.recording)}</.link>
            <span class="faint">{Format.at(one.recording.connected_at)}</span>
          </dd>
        </div>
      </dl>
    </section>
    """
  end

  defp view(%{view: view}) do
    {_namespace, name} = Format.view(view)
    name
  end
end
