defmodule PhoenixReplay.Demo.ThermometerLive do
  @moduledoc false
  # A LiveView within another, with a process and a recording of its own.
  use Phoenix.LiveView

  on_mount PhoenixReplay.Recorder

  @impl true
  def mount(_params, _session, socket), do: {:ok, assign(socket, degrees: 18)}

  @impl true
  def handle_event("heat", _params, socket), do: {:noreply, update(socket, :degrees, &(&1 + 1))}

  @impl true
  def render(assigns) do
    ~H"""
    <p class="thermometer">
      Glasshouse 2 has {@degrees} degrees.
      <button type="button" class="quiet" phx-click="heat">Heat</button>
    </p>
    """
  end
end
