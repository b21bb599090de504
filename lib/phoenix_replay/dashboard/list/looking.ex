defmodule PhoenixReplay.Dashboard.List.Looking do
  @moduledoc false
  # What the list hears of sessions while it is looked at: those that run, and those that are saved
  # meanwhile. The latter are counted, and shown when they are asked for: no row moves by itself.
  #
  #   look       what `PhoenixReplay.LiveNow` was asked for, nil where nothing was
  #   running    the sessions that run, see `PhoenixReplay.Dashboard.List.Running`
  #   fresh      how many were saved that the page shown does not have

  import Phoenix.Component, only: [assign: 2, assign: 3, update: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.Dashboard.List.{Reading, Running}
  alias PhoenixReplay.LiveNow
  alias PhoenixReplay.Storage.Query

  @doc "Lets a page hear of sessions."
  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    if connected?(socket), do: renew_later()

    socket
    |> assign(look: nil, running: %Running{}, fresh: 0)
    |> attach_hook(:looking, :handle_info, &info/2)
  end

  @doc "Looks for what the filter asks for."
  @spec start(Socket.t()) :: Socket.t()
  def start(socket) do
    if connected?(socket) and Access.may?(socket, :list),
      do: look(socket, socket.assigns.look, query(socket)),
      else: socket
  end

  defp look(socket, nil, query), do: assign(socket, :look, LiveNow.look(query))
  defp look(socket, %{where: query}, query), do: socket

  defp look(socket, look, query),
    do: assign(socket, running: %Running{}, look: LiveNow.change(look, query))

  defp query(socket) do
    {:ok, query} = socket |> Reading.where() |> Query.new()
    query
  end

  defp info({:live_now, :running, node, count, summaries}, socket) do
    now = now()
    visible = &Access.visible(socket, &1)
    running = Running.told(socket.assigns.running, node, count, summaries, visible, now)
    {:halt, assign(socket, running: running, now: now)}
  end

  defp info({:live_now, :saved, summary}, socket) do
    socket = update(socket, :running, &Running.saved(&1, summary.id))

    cond do
      Access.visible(socket, [LiveNow.summary(summary, false)]) == [] -> {:halt, socket}
      # Nothing would jump.
      socket.assigns.saved == [] and not socket.assigns.reading -> {:halt, Reading.start(socket)}
      true -> {:halt, update(socket, :fresh, &(&1 + 1))}
    end
  end

  defp info(:renew, socket) do
    renew_later()
    now = now()
    running = Running.heard(socket.assigns.running, now)
    {:halt, socket |> assign(running: running, now: now) |> renew()}
  end

  defp info(_message, socket), do: {:cont, socket}

  defp renew(%{assigns: %{look: nil}} = socket), do: socket

  defp renew(%{assigns: %{look: look}} = socket),
    do: assign(socket, :look, LiveNow.change(look, query(socket)))

  defp now, do: System.system_time(:millisecond)
  defp renew_later, do: Process.send_after(self(), :renew, LiveNow.renew_ms())
end
