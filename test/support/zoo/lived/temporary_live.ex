defmodule PhoenixReplay.Zoo.Lived.TemporaryLive do
  @moduledoc false
  # Assigns that LiveView forgets after each render, while the browser keeps what they made.
  use Phoenix.LiveView

  import StreamData

  def path, do: "/lived/temporary"

  def step do
    one_of([
      map(list_of(integer(1..9), max_length: 3), &{:event, "say", %{"words" => &1}}),
      constant({:event, "count", %{}}),
      constant({:send, :silence})
    ])
  end

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, assign(socket, count: 0, words: [0]), temporary_assigns: [words: []]}

  @impl true
  def handle_event("say", %{"words" => words}, socket),
    do: {:noreply, assign(socket, words: words)}

  def handle_event("count", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  @impl true
  def handle_info(:silence, socket), do: {:noreply, assign(socket, words: [])}

  @impl true
  def render(assigns) do
    ~H"""
    <p>{@count}</p>
    <ul>
      <li :for={word <- @words}>{word}</li>
    </ul>
    """
  end
end
