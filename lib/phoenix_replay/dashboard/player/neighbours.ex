defmodule PhoenixReplay.Dashboard.Player.Neighbours do
  @moduledoc false
  # The sessions of the same person before and after one: of who the metadata names, else of the same visit.

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, Format}
  alias PhoenixReplay.Recording.Summary

  @type t :: %{who: String.t() | nil, older: String.t() | nil, newer: String.t() | nil}

  # Storage lists the newest first, so the next one is the last of all that are newer. Of somebody with
  # more than these the next is not known.
  @page 100
  @pages 5

  @spec none() :: t
  def none, do: %{who: nil, older: nil, newer: nil}

  @spec find(Socket.t(), Summary.t()) :: t
  def find(socket, %Summary{metadata: metadata} = summary) do
    case Format.identity(metadata) do
      nil ->
        none()

      {name, value} ->
        where = [metadata: %{name => value}]
        older = older(socket, where, summary)
        newer = newer(socket, [{:from, summary.connected_at} | where], summary, nil, nil, @pages)
        %{who: Format.who(metadata), older: older, newer: newer}
    end
  end

  defp older(socket, where, summary) do
    case Access.page(socket, where, {summary.connected_at, summary.id}, 1) do
      {:ok, %{entries: [older | _rest]}} -> older.id
      _none_or_unreadable -> nil
    end
  end

  defp newer(_socket, _where, _summary, _last, _newer, 0), do: nil

  defp newer(socket, where, summary, last, newer, pages) do
    case Access.page(socket, where, last, @page) do
      {:ok, page} ->
        after_it = Enum.take_while(page.entries, &(place(&1) > place(summary)))
        newer = if after_it == [], do: newer, else: List.last(after_it).id

        if page.next == nil or length(after_it) < length(page.entries),
          do: newer,
          else: newer(socket, where, summary, page.next, newer, pages - 1)

      {:error, _unreadable} ->
        nil
    end
  end

  defp place(%{connected_at: at, id: id}), do: {at, id}
end
