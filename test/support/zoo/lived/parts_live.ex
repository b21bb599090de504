defmodule PhoenixReplay.Zoo.Lived.PartsLive do
  @moduledoc false
  # LiveComponents that come and go, change with their parent, by themselves, by `send_update` and by a
  # task, have children, slots and a stream.
  use Phoenix.LiveView

  import StreamData

  alias PhoenixReplay.Zoo.Lived.{Box, Item}

  def path, do: "/lived/parts"

  def step do
    frequency([
      {3, map(id(), &{:event, "toggle", %{"id" => &1}})},
      {2, map(word(), &{:event, "title", %{"title" => &1}})},
      {2, constant({:event, "count", %{}})},
      {4, map(id(), &{:press, "#item-#{&1} button.like"})},
      {2, map(id(), &{:press, "#item-#{&1} button.row"})},
      {2, map(id(), &{:press, "#item-#{&1} button.later"})},
      {3, map({id(), word()}, fn {id, word} -> {:send, {:note, id, word}} end)},
      {2, constant({:press, "#box button.open"})}
    ])
  end

  defp id, do: integer(1..3)
  defp word, do: string([?a..?z, ?<], max_length: 4)

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, assign(socket, ids: [1], title: "parts", count: 0)}

  @impl true
  def handle_event("toggle", %{"id" => id}, socket), do: {:noreply, toggle(socket, id)}

  def handle_event("title", %{"title" => title}, socket),
    do: {:noreply, assign(socket, title: title)}

  def handle_event("count", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  @impl true
  def handle_info({:note, id, word}, socket) do
    send_update(Item, id: id, note: word)
    {:noreply, socket}
  end

  def handle_info({:toggle, id}, socket), do: {:noreply, toggle(socket, id)}
  def handle_info({:title, title}, socket), do: {:noreply, assign(socket, title: title)}

  defp toggle(socket, id) do
    update(socket, :ids, &if(id in &1, do: List.delete(&1, id), else: Enum.sort([id | &1])))
  end

  @impl true
  def render(assigns) do
    ~H"""
    <h1>{@count}</h1>
    <.live_component module={Box} id="box" ids={@ids} title={@title}>
      <:head :let={open?}>{@title} {if open?, do: "open", else: "closed"} {@count}</:head>
      <i>inside {@count}</i>
    </.live_component>
    """
  end
end

defmodule PhoenixReplay.Zoo.Lived.Box do
  @moduledoc false
  use Phoenix.LiveComponent
  alias PhoenixReplay.Zoo.Lived.Item

  @impl true
  def mount(socket), do: {:ok, assign(socket, open?: true)}

  @impl true
  def handle_event("open", _params, socket), do: {:noreply, update(socket, :open?, &(not &1))}

  @impl true
  def render(assigns) do
    ~H"""
    <section id="box">
      <h2>{render_slot(@head, @open?)}</h2>
      {render_slot(@inner_block)}
      <button class="open" phx-click="open" phx-target={@myself}>{@title}</button>
      <.live_component :for={id <- @ids} :if={@open? or id == 1} module={Item} id={id} open?={@open?} />
    </section>
    """
  end
end

defmodule PhoenixReplay.Zoo.Lived.Item do
  @moduledoc false
  use Phoenix.LiveComponent

  @impl true
  def mount(socket) do
    {:ok,
     socket
     |> assign(likes: 0, note: nil, done: 0, api_key: "s3cret")
     |> stream_configure(:rows, dom_id: &"row-#{&1.of}-#{&1.id}")}
  end

  @impl true
  def update(assigns, socket) do
    first? = not is_map_key(socket.assigns, :id)
    shown = "#{assigns[:note] || socket.assigns.note}!"
    socket = socket |> assign(assigns) |> assign(:shown, shown)
    {:ok, if(first?, do: stream(socket, :rows, [row(socket, "first")]), else: socket)}
  end

  @impl true
  def handle_event("like", _params, socket), do: {:noreply, update(socket, :likes, &(&1 + 1))}

  def handle_event("row", _params, socket) do
    {:noreply, stream_insert(socket, :rows, row(socket, "later"), at: 0)}
  end

  def handle_event("later", _params, socket),
    do: {:noreply, start_async(socket, :later, fn -> 1 end)}

  defp row(%{assigns: %{id: id, likes: likes}}, text),
    do: %{of: id, id: likes, text: text, api_key: "s3cret"}

  @impl true
  def handle_async(:later, {:ok, more}, socket),
    do: {:noreply, update(socket, :done, &(&1 + more))}

  @impl true
  def render(assigns) do
    ~H"""
    <div id={"item-#{@id}"}>
      <button class="like" phx-click="like" phx-target={@myself}>{@likes}</button>
      <button class="row" phx-click="row" phx-target={@myself}>row</button>
      <button class="later" phx-click="later" phx-target={@myself}>{@done}</button>
      <p>{@shown} {@note} {@open?}</p>
      <ul id={"rows-#{@id}"} phx-update="stream">
        <li :for={{dom_id, row} <- @streams.rows} id={dom_id}>{row.text}</li>
      </ul>
    </div>
    """
  end
end
