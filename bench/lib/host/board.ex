defmodule PhoenixReplay.Bench.Board do
  @moduledoc "A page of cards, each a LiveComponent, and of a stream: what `PhoenixReplay.Bench.Parts` changes."
  use Phoenix.LiveView

  alias PhoenixReplay.Bench.Board.Card

  @impl true
  def render(assigns) do
    ~H"""
    <.live_component :for={id <- @cards} module={Card} id={id} task={@task} />
    <ul :if={assigns[:streams]} id="rows" phx-update="stream">
      <li :for={{dom_id, row} <- @streams.rows} id={dom_id}>{row.title}</li>
    </ul>
    """
  end
end

defmodule PhoenixReplay.Bench.Board.Card do
  @moduledoc "A card: a task, and how many like it."
  use Phoenix.LiveComponent

  @impl true
  def mount(socket), do: {:ok, assign(socket, likes: 0)}

  @impl true
  def handle_event("like", %{"likes" => likes}, socket),
    do: {:noreply, assign(socket, likes: likes)}

  @impl true
  def render(assigns) do
    ~H"""
    <button id={"card-#{@id}"} phx-click="like" phx-target={@myself}>{@task.title} {@likes}</button>
    """
  end
end
