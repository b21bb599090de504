defmodule PhoenixReplay.Dashboard.List.Reading do
  @moduledoc false
  # Reads the page of the list that is shown, and then how many recordings there are. Either may take its
  # time, with a filter that few recordings meet, so a task does it: what was shown stays until it is
  # there, and whoever goes on typing is not held up by what they asked for before.
  #
  #   saved      the page's summaries, nil before the first was read
  #   listed     which page they are: while another is read, not yet the one that was asked for
  #   deletes, pins   ids of those that this viewer may delete, and pin
  #   reading    whether a page is being read
  #   total      how many there are, nil where it is not known
  #   error      why the page could not be read
  #   now        when it was read, in Unix milliseconds: what says how long ago something was goes by it

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.Dashboard.List.{Filter, Page}
  alias PhoenixReplay.Store

  @page_size 50

  @doc "Lets a page read."
  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket
    |> assign(saved: nil, listed: %Page{}, total: nil, error: nil, reading: false)
    |> assign(deletes: MapSet.new(), pins: MapSet.new(), now: now())
    |> attach_hook(:reading, :handle_async, &async/3)
  end

  @spec page_size() :: pos_integer
  def page_size, do: @page_size

  @doc "What the filter asks for, as of this moment."
  @spec where(Socket.t()) :: keyword
  def where(socket), do: Filter.where(socket.assigns.filter, now())

  @doc "Who looks, for a task: without what the page holds of recordings."
  @spec viewer(Socket.t()) :: Socket.t()
  def viewer(socket), do: Access.viewer(socket, [:saved, :running, :known, :look, :inside])

  @doc "Reads the page again; `arrived?: true` where somebody came to it, which is told."
  @spec start(Socket.t(), keyword) :: Socket.t()
  def start(socket, opts \\ []) do
    if connected?(socket) do
      {viewer, where, last} = {viewer(socket), where(socket), socket.assigns.page.after}
      arrived? = Keyword.get(opts, :arrived?, false)

      socket
      |> cancel_async(:page)
      |> cancel_async(:count)
      |> assign(:reading, true)
      |> start_async(:page, fn -> {where, read(viewer, where, last, arrived?)} end)
    else
      socket
    end
  end

  defp read(viewer, where, last, arrived?) do
    page = Access.page(viewer, where, last, @page_size)
    if arrived?, do: Access.told(page, viewer, :list, where: where)

    with {:ok, %{entries: saved} = page} <- page do
      ids = for action <- [:delete, :pin], do: Access.ids(viewer, action, saved)
      {:ok, page, ids}
    end
  end

  defp async(:page, {:ok, {where, {:ok, page, [deletes, pins]}}}, socket) do
    socket
    |> assign(saved: page.entries, deletes: deletes, pins: pins, error: nil)
    |> shown(page.next)
    |> count(where)
    |> halt()
  end

  defp async(:page, {:ok, {_where, {:error, error}}}, socket), do: failed(socket, error.message)
  # Another page was asked for meanwhile.
  defp async(:page, {:exit, {:shutdown, :cancel}}, socket), do: halt(socket)
  defp async(:page, {:exit, _reason}, socket), do: failed(socket, "The list could not be read.")

  defp async(:count, {:ok, {:ok, total}}, socket), do: socket |> assign(:total, total) |> halt()
  defp async(:count, {:exit, {:shutdown, :cancel}}, socket), do: halt(socket)
  defp async(:count, _failed, socket), do: socket |> assign(:total, nil) |> halt()
  defp async(_name, _result, socket), do: {:cont, socket}

  # On the first page everything that was announced is there.
  defp shown(%{assigns: %{page: page, fresh: fresh}} = socket, next) do
    page = %{page | next: next}

    assign(socket,
      page: page,
      listed: page,
      reading: false,
      fresh: if(page.after == nil, do: 0, else: fresh),
      now: now()
    )
  end

  defp failed(socket, message) do
    socket
    |> assign(saved: [], total: nil, error: message)
    |> shown(nil)
    |> halt()
  end

  # With an `authorize` each would have to be asked about.
  defp count(socket, where) do
    if Access.guarded?(socket),
      do: assign(socket, :total, nil),
      else: start_async(socket, :count, fn -> Store.count(where) end)
  end

  defp halt(socket), do: {:halt, socket}
  defp now, do: System.system_time(:millisecond)
end
