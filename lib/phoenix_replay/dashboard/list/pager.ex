defmodule PhoenixReplay.Dashboard.List.Pager do
  @moduledoc false
  # Which part of the list this is, and the ways on.

  use Phoenix.Component

  alias PhoenixReplay.Dashboard.Format
  alias PhoenixReplay.Dashboard.List.Page

  attr :page, Page, required: true
  attr :here, :integer, required: true, doc: "recordings on this page"
  attr :size, :integer, required: true, doc: "and on a full one"
  attr :total, :integer, required: true, doc: "nil where it is not known"
  attr :path, :any, required: true, doc: "function from a cursor to its path"

  def pager(assigns) do
    assigns = assign(assigns, :newer, Page.newer(assigns.page))

    ~H"""
    <nav :if={@newer || @page.next} class="pager" aria-label="Pages">
      <span class="muted grow">{part(@page, @here, @size, @total)}</span>
      <.link :if={@newer == :newest} patch={@path.(nil)} class="btn">← Newest</.link>
      <.link :if={is_tuple(@newer)} patch={@path.(elem(@newer, 1))} class="btn">← Newer</.link>
      <.link :if={@page.next} patch={@path.(@page.next)} class="btn">Older →</.link>
    </nav>
    """
  end

  defp part(page, here, size, total) do
    case {Page.before(page), total} do
      {_any, nil} -> if here == 0, do: "None here"
      {nil, total} -> "#{Format.count(here)} of #{Format.count(total)}"
      {_pages, total} when here == 0 -> "None of #{Format.count(total)} here"
      {pages, total} -> range(pages * size + 1, here, total)
    end
  end

  defp range(first, here, total),
    do:
      "#{Format.count(first)}–#{Format.count(first + here - 1)} of #{Format.count(max(total, first + here - 1))}"
end
