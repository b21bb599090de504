defmodule PhoenixReplay.Dashboard.Player.State do
  @moduledoc false
  # The assigns as of the event shown, as a tree that is built as far as it is open, and below it the
  # value that is selected: what it was, what it is, and when it last changed.
  #
  # The state itself is not kept between messages: it is read again from the timeline, which is quick,
  # where keeping it would hold a large term for as long as someone looks.

  use Phoenix.LiveComponent

  alias PhoenixReplay.Dashboard.Player.State.{Copy, Find, History, Lines, Tree, View}
  alias PhoenixReplay.Timeline

  # What a viewer may hold open at once.
  @opened 300

  @impl true
  def mount(socket) do
    {:ok,
     assign(socket,
       opened: MapSet.new(),
       selected: nil,
       query: "",
       lines: [],
       hits: nil,
       value: nil,
       last: nil,
       error: nil
     )}
  end

  @impl true
  def update(assigns, socket) do
    {:ok, socket |> assign(assigns) |> moment()}
  end

  @impl true
  def handle_event("line", %{"id" => id}, socket) do
    case line(socket, id) do
      %{branch?: true} -> {:noreply, socket |> select(id) |> toggle(id) |> moment()}
      %{} -> {:noreply, socket |> select(id) |> moment()}
      nil -> {:noreply, socket}
    end
  end

  # From the keyboard: as "line", without selecting.
  def handle_event("toggle", %{"id" => id}, socket) do
    if line(socket, id),
      do: {:noreply, socket |> toggle(id) |> moment()},
      else: {:noreply, socket}
  end

  def handle_event("find", %{"text" => text}, socket) when is_binary(text) do
    {:noreply, socket |> assign(:query, String.slice(text, 0, 200)) |> moment()}
  end

  def handle_event("reveal", %{"id" => id}, socket) do
    {hits, _all?} = socket.assigns.hits || {[], true}

    case Enum.find(hits, &(Tree.id(&1.path) == id)) do
      nil -> {:noreply, socket}
      hit -> {:noreply, socket |> reveal(hit.path) |> moment()}
    end
  end

  def handle_event("jump", %{"index" => index}, socket) do
    case Integer.parse(index) do
      {index, ""} -> {:noreply, push_event(socket, "jump", %{index: index})}
      _other -> {:noreply, socket}
    end
  end

  def handle_event("copy", %{"form" => form}, %{assigns: %{selected: path}} = socket)
      when path != nil do
    with {:ok, state, _before} <- read(socket.assigns),
         {:ok, value} <- Tree.fetch(state, path),
         {:ok, text} <- Copy.text(value, form) do
      {:reply, %{text: text}, socket}
    else
      _none -> {:reply, %{error: "Too large to copy"}, socket}
    end
  end

  def handle_event(_name, _params, socket), do: {:noreply, socket}

  @impl true
  def handle_async(:last, {:ok, last}, socket), do: {:noreply, assign(socket, :last, last)}
  def handle_async(:last, {:exit, _reason}, socket), do: {:noreply, socket}

  # Everything that is shown of this moment; nothing while another tab is open.
  defp moment(%{assigns: %{active: false}} = socket),
    do: socket |> cancel_async(:last) |> assign(lines: [], hits: nil, value: nil, last: nil)

  defp moment(%{assigns: assigns} = socket) do
    case read(assigns) do
      {:ok, state, before} ->
        socket
        |> assign(error: nil, lines: Lines.of(state, before, assigns.opened))
        |> assign(hits: hits(state, assigns.query), value: value(state, before, assigns.selected))
        |> history()

      {:error, error} ->
        assign(socket, error: error.message, lines: [], hits: nil, value: nil, last: nil)
    end
  end

  # What is compared is the state before an event that changed it.
  defp read(%{timeline: timeline, index: index}) do
    with {:ok, state} <- Timeline.assigns(timeline, index) do
      case Timeline.rows(timeline, index, 1) do
        [%{type: :assigns}] when index > 0 ->
          compared(state, Timeline.assigns(timeline, index - 1))

        _no_change ->
          {:ok, state, nil}
      end
    end
  end

  defp compared(state, {:ok, before}), do: {:ok, state, before}
  defp compared(_state, {:error, error}), do: {:error, error}

  defp hits(_state, ""), do: nil
  defp hits(state, query), do: Find.hits(state, query)

  defp value(_state, _before, nil), do: nil

  defp value(state, before, path) do
    now = Tree.fetch(state, path)
    was = if before, do: Tree.fetch(before, path), else: now
    %{now: now, was: was, changed?: now !== was}
  end

  # Looked for beside the page, so that a long recording does not hold it up.
  defp history(%{assigns: %{selected: path, value: %{now: {:ok, _}}}} = socket) do
    %{timeline: timeline, index: index} = socket.assigns

    socket
    |> cancel_async(:last)
    |> assign(:last, nil)
    |> start_async(:last, fn -> last(timeline, path, index) end)
  end

  defp history(socket), do: socket |> cancel_async(:last) |> assign(:last, nil)

  defp last(timeline, path, index) do
    case History.last_change(timeline, path, index) do
      # Changed by the very event shown: of interest is the change before.
      {:ok, ^index, :changed} -> earlier(History.last_change(timeline, path, index - 1))
      other -> other
    end
  end

  defp earlier({:ok, index, how}), do: {:ok, index, how}
  defp earlier(:unknown), do: :unknown

  defp line(socket, id),
    do: Enum.find(socket.assigns.lines, &(&1.id == id and &1.change != :gone))

  defp select(socket, id) do
    %{path: path} = line(socket, id)
    if range?(path), do: socket, else: assign(socket, :selected, path)
  end

  defp range?(path), do: match?({:range, _, _}, List.last(path))

  defp toggle(socket, id) do
    update(socket, :opened, fn opened ->
      cond do
        id in opened -> MapSet.delete(opened, id)
        MapSet.size(opened) < @opened -> MapSet.put(opened, id)
        true -> MapSet.new([id])
      end
    end)
  end

  defp reveal(socket, path) do
    case read(socket.assigns) do
      {:ok, state, _before} ->
        through = Find.shown(state, path)
        above = for n <- 1..(length(through) - 1)//1, do: through |> Enum.take(n) |> Tree.id()

        socket
        |> assign(query: "", selected: through)
        |> update(:opened, &MapSet.union(&1, MapSet.new(above)))
        |> push_event("reveal", %{id: "line-" <> Tree.id(through)})

      {:error, _error} ->
        socket
    end
  end

  @impl true
  def render(assigns), do: View.panel(assigns)
end
