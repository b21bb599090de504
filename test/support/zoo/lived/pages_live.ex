defmodule PhoenixReplay.Zoo.Lived.PagesLive do
  @moduledoc false
  # Assigns that come with handle_params only, patches from both ends, flash that a patch clears, and
  # events that change nothing.
  use Phoenix.LiveView

  import StreamData

  def path, do: "/lived/pages/1"

  def step do
    one_of([
      map(page(), &{:patch, "/lived/pages/#{&1}"}),
      map(page(), &{:event, "go", %{"to" => &1}}),
      map(page(), &{:event, "tell", %{"text" => "page #{&1}"}}),
      constant({:event, "ping", %{}}),
      constant({:press, "#close"}),
      map(page(), &{:send, {:page, &1}})
    ])
  end

  defp page, do: integer(1..4)

  @impl true
  def mount(_params, _session, socket), do: {:ok, socket}

  @impl true
  def handle_params(%{"page" => page} = params, url, socket),
    do: {:noreply, assign(socket, page: page, url: url, size: map_size(params), page_title: page)}

  @impl true
  def handle_event("go", %{"to" => to}, socket),
    do: {:noreply, socket |> put_flash(:info, "to #{to}") |> push_patch(to: "/lived/pages/#{to}")}

  def handle_event("tell", %{"text" => text}, socket),
    do: {:noreply, socket |> put_flash(:error, text) |> push_event("told", %{text: text})}

  def handle_event("ping", _params, socket), do: {:noreply, push_event(socket, "pong", %{})}

  @impl true
  def handle_info({:page, page}, socket), do: {:noreply, assign(socket, page: page)}

  @impl true
  def render(assigns) do
    ~H"""
    <h1>{@page} of {@size} at {URI.parse(@url).path} {@live_action}</h1>
    <p :if={text = Phoenix.Flash.get(@flash, :info)}>{text}</p>
    <p :if={text = Phoenix.Flash.get(@flash, :error)} class="error">{text}</p>
    <button id="close" phx-click="lv:clear-flash" phx-value-key="error">x</button>
    """
  end
end
