defmodule PhoenixReplay.Demo.SafeLive do
  @moduledoc false
  # What it holds is never recorded, and its template reckons with it: a replay fails while it is open.
  use Phoenix.LiveView

  alias PhoenixReplay.Demo.Layouts

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, assign(socket, page_title: "Safe", open: false, secret: 4_711)}

  @impl true
  def handle_event("open", _params, socket), do: {:noreply, assign(socket, open: true)}
  def handle_event("close", _params, socket), do: {:noreply, assign(socket, open: false)}

  @impl true
  def render(assigns) do
    ~H"""
    <Layouts.app current={:safe}>
      <h1>Safe</h1>
      <section class="card counter">
        <output :if={!@open} id="safe">It is shut.</output>
        <output :if={@open} id="safe">{div(@secret, 100)} and {rem(@secret, 100)}</output>
        <div class="buttons">
          <button type="button" id="open" phx-click="open">Open</button>
          <button type="button" id="close" phx-click="close">Close</button>
        </div>
      </section>
    </Layouts.app>
    """
  end
end
