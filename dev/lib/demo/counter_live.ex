defmodule PhoenixReplay.Demo.CounterLive do
  @moduledoc false
  use Phoenix.LiveView

  alias PhoenixReplay.Demo.Layouts

  @impl true
  def mount(_params, _session, socket) do
    {:ok, assign(socket, page_title: "Counter", count: 0, step: 1, timer: nil, log: [])}
  end

  @impl true
  def handle_event("add", _params, socket), do: {:noreply, add(socket, socket.assigns.step)}
  def handle_event("take", _params, socket), do: {:noreply, add(socket, -socket.assigns.step)}

  def handle_event("step", %{"step" => text}, socket) do
    case Integer.parse(text) do
      {step, ""} when step in 1..100 -> {:noreply, assign(socket, step: step)}
      _other -> {:noreply, socket}
    end
  end

  def handle_event("run", _params, %{assigns: %{timer: nil}} = socket) do
    {:ok, timer} = :timer.send_interval(500, :tick)
    {:noreply, assign(socket, timer: timer)}
  end

  def handle_event("run", _params, socket) do
    :timer.cancel(socket.assigns.timer)
    {:noreply, assign(socket, timer: nil)}
  end

  @impl true
  def handle_info(:tick, socket), do: {:noreply, add(socket, socket.assigns.step)}

  defp add(socket, difference) do
    count = socket.assigns.count + difference
    assign(socket, count: count, log: Enum.take([count | socket.assigns.log], 8))
  end

  @impl true
  def render(assigns) do
    ~H"""
    <Layouts.app current={:counter}>
      <h1>Counter</h1>
      <section class="card counter">
        <output id="count" class={@count < 0 && "below"}>{@count}</output>
        <div class="buttons">
          <button type="button" id="take" phx-click="take" aria-label="Take away">−</button>
          <button type="button" id="add" phx-click="add" aria-label="Add">+</button>
          <button type="button" id="run" phx-click="run">{if @timer, do: "Stop", else: "Run"}</button>
        </div>
        <form id="step" phx-change="step" phx-submit="step">
          <div class="field">
            <label for="step_size">Step</label>
            <input id="step_size" type="number" name="step" min="1" max="100" value={@step} />
          </div>
        </form>
        <svg
          :if={@log != []}
          id="trend"
          class="trend"
          viewBox="0 0 160 40"
          aria-hidden="true"
          phx-hook="Trend"
          phx-update="ignore"
          data-values={@log |> Enum.reverse() |> Enum.join(",")}
        ></svg>
        <ol :if={@log != []} class="log" aria-label="Last values">
          <li :for={count <- @log}>{count}</li>
        </ol>
      </section>
    </Layouts.app>
    """
  end
end
