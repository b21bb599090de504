defmodule PhoenixReplay.Bench.Live do
  @moduledoc """
  A LiveView's life without its channel: a real socket, whose assigns change through
  `Phoenix.Component.assign/2` and whose hooks are called as LiveView calls them. What a channel does
  besides (decoding messages, rendering, diffing) is the same for every recorder and left out.

  The private parts of LiveView that this takes are used here only.
  """
  import Phoenix.Component, only: [assign: 2]

  alias Phoenix.LiveView.{Diff, Lifecycle, Socket, Utils}
  alias PhoenixReplay.Bench.{Board, Contender, Endpoint, Page}

  @doc "A mounted and once rendered LiveView of the calling process; its view is never called."
  def mount(contender, assigns, view \\ Page) do
    contender
    |> mounted(view)
    |> assign(assigns)
    |> Lifecycle.after_render()
    |> Utils.clear_changed()
  end

  defp mounted(contender, view \\ Page) do
    params = %{"page" => "1"}
    session = %{"_csrf_token" => "x", "user_id" => 7}
    private = %{lifecycle: %Lifecycle{}, live_temp: %{}, connect_params: %{}, connect_info: %{}}
    socket = %Socket{view: view, endpoint: Endpoint, transport_pid: self(), root_pid: self()}
    uri = URI.parse("https://example.com/page")
    socket = Utils.configure_socket(socket, private, :index, %{}, uri)
    {:cont, socket} = Contender.on_mount(contender, params, session, socket)
    socket
  end

  @doc """
  One event pair as far as hooks are concerned: that of `handle_event`, then that of `after_render`.
  This is what is timed. The host's own callback ran before: no hook of `handle_event` looks at the
  assigns, and so the host's work is not timed with it.
  """
  def pair({name, params, socket}) do
    {:cont, socket} = Lifecycle.handle_event(name, params, socket)
    Lifecycle.after_render(socket)
  end

  @doc "One event pair of change number `n` of a scenario: how many nanoseconds it took, and the socket after it."
  def timed(scenario, n, socket) do
    changed = scenario.change.(socket, n)
    started = System.monotonic_time(:nanosecond)
    socket = pair(changed)
    took = System.monotonic_time(:nanosecond) - started
    {took, rendered(socket)}
  end

  @doc """
  The first changes of a scenario, made before anything is timed: `{event name, params, assigns}` each, for
  `replay/2`.
  """
  def changes(scenario, socket, count) do
    {changes, _socket} =
      Enum.map_reduce(1..count, socket, fn n, socket ->
        {name, params, changed} = scenario.change.(socket, n)
        {{name, params, changed.assigns}, rendered(changed)}
      end)

    changes
  end

  @doc "One event pair of a change made before. The recorder's part of the socket goes on, the host's is as it was."
  def replay({name, params, assigns}, socket),
    do: rendered(pair({name, params, %{socket | assigns: assigns}}))

  @doc "What LiveView does after a render."
  def rendered(socket), do: Utils.clear_changed(socket)

  @doc """
  The same of a view that is rendered, `PhoenixReplay.Bench.Board`, with its components. `prepare` does to its
  socket what its mount would.
  """
  def page(contender, assigns, prepare) do
    socket = contender |> mounted() |> assign(assigns) |> prepare.()

    render(%{
      socket: socket,
      prints: Diff.new_fingerprints(),
      components: Diff.new_components()
    })
  end

  @doc "An event of the view, what it changes, and its render."
  def event(%{socket: socket} = page, name, params, change) do
    {:cont, socket} = Lifecycle.handle_event(name, params, socket)
    render(%{page | socket: change.(socket)})
  end

  @doc "An event of the component number `cid`, and its render."
  def component_event(%{socket: socket, components: components} = page, cid, name, params) do
    {_diff, components, :done} =
      Diff.write_component(socket, cid, components, fn socket, component ->
        told = %{socket: socket, component: component, event: name, params: params}

        :telemetry.span([:phoenix, :live_component, :handle_event], told, fn ->
          {:noreply, socket} = component.handle_event(name, params, socket)
          {{socket, :done}, %{told | socket: socket}}
        end)
      end)

    %{page | components: components}
  end

  defp render(%{socket: socket, prints: prints, components: components} = page) do
    rendered = Board.render(socket.assigns)
    {_diff, prints, components} = Diff.render(socket, rendered, prints, components)
    socket = socket |> Lifecycle.after_render() |> Utils.clear_changed() |> Utils.clear_temp()
    told(%{page | socket: socket, prints: prints, components: components})
  end

  # As the channel's GenServer takes it between two messages.
  defp told(page) do
    receive do
      {:system, _from, {:replace_state, replace}} -> told(replace.(page))
    after
      0 -> page
    end
  end
end
