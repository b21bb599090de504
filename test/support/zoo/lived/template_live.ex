defmodule PhoenixReplay.Zoo.Lived.TemplateLive do
  @moduledoc false
  # Rendered by a function that it gives itself, in the layout of its live session, and with a component
  # that does as well.
  use Phoenix.LiveView

  import StreamData

  alias PhoenixReplay.Zoo.Lived.{Templates, Worded}

  def path, do: "/lived/template"

  def step do
    one_of([
      map(integer(0..99), &{:event, "set", %{"count" => &1}}),
      constant({:press, "#worded"})
    ])
  end

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, socket |> assign(count: 0, component: Worded) |> render_with(&Templates.page/1)}

  @impl true
  def handle_event("set", %{"count" => count}, socket),
    do: {:noreply, socket |> assign(count: count) |> put_flash(:info, "set to #{count}")}

  # What it would be without the function.
  @impl true
  def render(assigns), do: ~H"<p>not this</p>"
end

defmodule PhoenixReplay.Zoo.Lived.Worded do
  @moduledoc false
  use Phoenix.LiveComponent

  @impl true
  def mount(socket), do: {:ok, socket |> assign(words: 1) |> render_with(&__MODULE__.words/1)}

  @impl true
  def handle_event("more", _params, socket), do: {:noreply, update(socket, :words, &(&1 + 1))}

  def words(assigns) do
    ~H"""
    <p id="worded" phx-click="more" phx-target={@myself}>{String.duplicate("word ", @words)}</p>
    """
  end
end

defmodule PhoenixReplay.Zoo.Lived.Templates do
  @moduledoc false
  use Phoenix.Component

  def page(assigns) do
    ~H"""
    <h1>{@count}</h1>
    <.live_component module={@component} id="worded" />
    """
  end

  def app(assigns) do
    ~H"""
    <header>{@count} {Phoenix.Flash.get(@flash, :info)}</header>
    <main>{@inner_content}</main>
    """
  end
end
