defmodule PhoenixReplay.Dashboard.List.Hits do
  @moduledoc false
  # What a search inside recordings has found so far, each hit a way to its moment.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components

  alias PhoenixReplay.Dashboard.{Format, Routes}

  attr :inside, :map, required: true
  attr :total, :integer, required: true, doc: "recordings to search, nil where it is not known"
  attr :base, :string, required: true
  attr :now, :integer, required: true

  def panel(assigns) do
    ~H"""
    <div class="searching row">
      <p class="grow muted" role="status">{said(@inside, @total)}</p>
      <button :if={@inside.phase == :running} type="button" class="btn" phx-click="cancel_search">
        Cancel
      </button>
    </div>
    <progress
      :if={@inside.phase == :running}
      class="progress"
      aria-label="Searched"
      max={@total}
      value={@total && @inside.searched}
    />
    <p :if={match?({:failed, _message}, @inside.phase)} class="notice error" role="alert">
      {elem(@inside.phase, 1)}
    </p>
    <ul class="hits" aria-label="Found">
      <li :for={{summary, hits} <- Enum.reverse(@inside.found)} id={"found-" <> summary.id}>
        <p class="row">
          <.view_name view={summary.view} />
          <span class="mono muted clip">{Format.page(summary.url)}</span>
          <span class="grow"></span>
          <span class="muted wide">{Format.who(summary.metadata)}</span>
          <span class="muted"><.ago at={summary.connected_at} now={@now} /></span>
        </p>
        <.link
          :for={hit <- Enum.reverse(hits)}
          navigate={Routes.player(@base, hit.id, at: hit.offset_ms)}
          class="hit mono"
        >
          <span class="t">{Format.moment(hit.offset_ms)}</span>
          <span class="k clip">{hit.path}</span>
          <span class="clip">{hit.excerpt}</span>
        </.link>
      </li>
    </ul>
    """
  end

  defp said(%{phase: :running} = inside, nil), do: "Searching… #{found(inside)} so far"

  defp said(%{phase: :running, searched: searched} = inside, total),
    do: "Searching… #{Format.count(searched)} of #{Format.count(total)}, #{found(inside)} so far"

  defp said(%{phase: :cancelled} = inside, _total), do: "Cancelled. #{found(inside)} up to there"

  defp said(%{more: true} = inside, _total),
    do: "#{found(inside)}, and there are more: narrow the search"

  defp said(inside, _total),
    do: "#{found(inside)} in #{Format.counted(inside.searched, "recording")}"

  defp found(%{found: []}), do: "Nothing found"

  defp found(%{found: found}) do
    found
    |> Enum.map(fn {_summary, hits} -> length(hits) end)
    |> Enum.sum()
    |> Format.counted("hit")
  end
end
