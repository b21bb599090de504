defmodule PhoenixReplay.Demo.NoteComponent do
  @moduledoc false
  # A note that knows by itself who has read it.
  use Phoenix.LiveComponent

  @impl true
  def mount(socket), do: {:ok, assign(socket, read: 0)}

  @impl true
  def handle_event("read", _params, socket), do: {:noreply, update(socket, :read, &(&1 + 1))}

  @impl true
  def render(assigns) do
    ~H"""
    <div class="note">
      <p>{@text}</p>
      <button type="button" class="quiet" phx-click="read" phx-target={@myself}>
        Read by {@read}
      </button>
      {render_slot(@inner_block)}
    </div>
    """
  end
end
