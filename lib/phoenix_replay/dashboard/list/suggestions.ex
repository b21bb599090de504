defmodule PhoenixReplay.Dashboard.List.Suggestions do
  @moduledoc false
  # Names to choose from in the filter: those of the newest recordings this viewer may see. They are read
  # a page at a time, and of a page only the names are kept.

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.Storage.Query

  @page 100
  @pages 5
  # The visit, and an id of every user, would be nothing but long lists.
  @most 100

  @type t :: %{
          views: [String.t()],
          events: [String.t()],
          facts: [String.t()],
          releases: [String.t()]
        }

  @spec none() :: t
  def none, do: %{views: [], events: [], facts: [], releases: []}

  @spec read(Socket.t()) :: t
  def read(socket) do
    names = none() |> Map.new(fn {kind, []} -> {kind, MapSet.new()} end)
    socket |> read(nil, @pages, names) |> Map.new(fn {kind, set} -> {kind, listed(set)} end)
  end

  @doc """
  The one view whose name is `text`, or ends in it: who looks for `CartLive` may leave the rest to us. Where there
  is none, or more than one, it stays what it is.

      iex> known = %{views: ["MyAppWeb.CartLive", "MyAppWeb.CartLive.Index"]}
      iex> PhoenixReplay.Dashboard.List.Suggestions.view(known, "cartlive")
      "MyAppWeb.CartLive"
      iex> PhoenixReplay.Dashboard.List.Suggestions.view(known, "Live")
      "Live"
  """
  @spec view(t | %{views: [String.t()]}, String.t() | nil) :: String.t() | nil
  def view(_known, nil), do: nil

  def view(%{views: views}, text) do
    ending = "." <> String.downcase(text)

    case Enum.filter(views, &String.ends_with?("." <> String.downcase(&1), ending)) do
      [view] -> view
      _none_or_many -> text
    end
  end

  defp read(_socket, _last, 0, names), do: names

  defp read(socket, last, pages, names) do
    case Access.page(socket, [], last, @page) do
      {:ok, %{entries: entries, next: nil}} -> Enum.reduce(entries, names, &add/2)
      {:ok, page} -> read(socket, page.next, pages - 1, Enum.reduce(page.entries, names, &add/2))
      {:error, _said_by_the_list} -> names
    end
  end

  defp add(summary, names) do
    facts = for {name, value} <- summary.metadata, name != "visit", do: "#{name}:#{text(value)}"

    names
    |> put(:views, [Query.view_name(summary.view)])
    |> put(:events, Map.keys(summary.event_names))
    |> put(:facts, facts)
    |> put(:releases, List.wrap(summary.release))
  end

  defp put(names, kind, more) do
    Map.update!(names, kind, fn set ->
      if MapSet.size(set) < @most, do: Enum.into(more, set), else: set
    end)
  end

  defp text(value), do: {"", value} |> Query.fact() |> elem(1)
  defp listed(set), do: set |> Enum.sort() |> Enum.take(@most)
end
