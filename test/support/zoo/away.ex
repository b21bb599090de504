defmodule PhoenixReplay.Zoo.AwayLive do
  @moduledoc false
  # Sends its visitors elsewhere and events to their browsers, also from a component.
  use Phoenix.LiveView

  alias PhoenixReplay.Zoo.AwayComponent

  @impl true
  def mount(_params, _session, socket), do: {:ok, push_event(socket, "mounted", %{})}

  @impl true
  def handle_params(_params, _url, socket), do: {:noreply, socket}

  @impl true
  def handle_event("later", %{"event" => event} = params, socket),
    do: {:noreply, start_async(socket, :later, fn -> {event, params} end)}

  def handle_event(event, params, socket), do: {:noreply, sent(socket, event, params)}

  @impl true
  def handle_info({event, params}, socket), do: {:noreply, sent(socket, event, params)}

  @impl true
  def handle_async(:later, {:ok, {event, params}}, socket),
    do: {:noreply, sent(socket, event, params)}

  @doc "What an event does to a socket, of the view or of its component."
  def sent(socket, "push", params), do: push_event(socket, "told", params)
  def sent(socket, "patch", %{"to" => to}), do: push_patch(socket, to: to)
  def sent(socket, "navigate", %{"to" => to}), do: push_navigate(socket, to: to)
  def sent(socket, "redirect", %{"to" => to}), do: redirect(socket, to: to)
  def sent(_socket, "miss", params), do: Map.fetch!(%{password: params, id: 7}, :nothing)
  def sent(_socket, "unsayable", _params), do: raise(PhoenixReplay.Zoo.Unsayable)
  def sent(_socket, "exit", params), do: exit({:gone, [params]})
  def sent(socket, "external", %{"to" => to}), do: redirect(socket, external: to)

  @impl true
  def render(assigns) do
    ~H"""
    <p>here</p>
    <.live_component module={AwayComponent} id="away" />
    """
  end
end

defmodule PhoenixReplay.Zoo.Unsayable do
  @moduledoc false
  defexception []

  # LiveView's own log says it as well, and is let.
  @impl true
  def message(_exception) do
    if Process.whereis(PhoenixReplay.Persister.Tasks) in Process.get(:"$ancestors", []),
      do: exit(:unsayable),
      else: "unsayable"
  end
end

defmodule PhoenixReplay.Zoo.AwayComponent do
  @moduledoc false
  use Phoenix.LiveComponent

  alias PhoenixReplay.Zoo.AwayLive

  @impl true
  def mount(socket), do: {:ok, assign(socket, count: 0)}

  @impl true
  def handle_event("count", params, socket) do
    {:noreply, socket |> update(:count, &(&1 + 1)) |> AwayLive.sent("push", params)}
  end

  def handle_event(event, params, socket), do: {:noreply, AwayLive.sent(socket, event, params)}

  @impl true
  def render(assigns), do: ~H|<div id="away" phx-click="push" phx-target={@myself}>{@count}</div>|
end

defmodule PhoenixReplay.Zoo.Halting do
  @moduledoc false
  # A hook before the recorder that lets no event by, and has a stream.
  import Phoenix.LiveView

  def on_mount(:default, _params, _session, socket) do
    {:cont,
     socket
     |> stream(:news, [%{id: 1}])
     |> attach_hook(:halt, :handle_event, fn _name, _params, socket -> {:halt, socket} end)}
  end
end
