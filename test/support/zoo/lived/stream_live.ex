defmodule PhoenixReplay.Zoo.Lived.StreamLive do
  @moduledoc false
  # Two streams: rows come, go, move, are reset, and one keeps only some.
  use Phoenix.LiveView

  import StreamData

  def path, do: "/lived/stream"

  def step do
    frequency([
      {4,
       map({integer(-1..6), id()}, fn {at, id} -> {:event, "put", %{"at" => at, "id" => id}} end)},
      {3, map(list_of(id(), max_length: 4), &{:event, "put all", %{"ids" => &1}})},
      {3, map(id(), &{:event, "delete", %{"id" => &1}})},
      {1, map({id(), id()}, fn {a, b} -> {:event, "swap", %{"ids" => [a, b]}} end)},
      {1, map(list_of(id(), max_length: 4), &{:event, "reset", %{"ids" => &1}})},
      {2, map(integer(1..99), &{:event, "log", %{"line" => &1}})},
      {1, map(id(), &{:event, "update", %{"id" => &1}})},
      {1, constant({:event, "count", %{}})}
    ])
  end

  defp id, do: integer(1..6)

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     socket
     |> assign(count: 0)
     |> stream_configure(:lines, dom_id: &"line-#{&1.line}")
     |> stream(:rows, [row(1, 0), row(2, 0)])
     |> stream(:lines, [])}
  end

  @impl true
  def handle_event("put", %{"at" => at, "id" => id}, socket),
    do: {:noreply, socket |> counted() |> stream_insert(:rows, new(socket, id), at: at)}

  def handle_event("put all", %{"ids" => ids}, socket),
    do: {:noreply, socket |> counted() |> stream(:rows, Enum.map(ids, &new(socket, &1)), at: 0)}

  def handle_event("delete", %{"id" => id}, socket),
    do: {:noreply, stream_delete_by_dom_id(socket, :rows, "rows-#{id}")}

  def handle_event("swap", %{"ids" => [a, b]}, socket) do
    {:noreply,
     socket |> stream_delete(:rows, %{id: a}) |> stream_insert(:rows, new(socket, b), at: 1)}
  end

  def handle_event("reset", %{"ids" => ids}, socket),
    do: {:noreply, stream(socket, :rows, Enum.map(ids, &new(socket, &1)), reset: true)}

  def handle_event("log", %{"line" => line}, socket),
    do: {:noreply, stream_insert(socket, :lines, %{line: line}, limit: -3)}

  if Version.match?(to_string(Application.spec(:phoenix_live_view, :vsn)), ">= 1.1.0-dev") do
    def handle_event("update", %{"id" => id}, socket),
      do: {:noreply, stream_insert(socket, :rows, new(socket, id), update_only: true)}
  else
    def handle_event("update", _params, socket), do: {:noreply, socket}
  end

  def handle_event("count", _params, socket), do: {:noreply, counted(socket)}

  defp counted(socket), do: update(socket, :count, &(&1 + 1))
  defp new(socket, id), do: row(id, socket.assigns.count)
  defp row(id, at), do: %{id: id, text: "row #{id} at #{at}", api_key: "s3cret"}

  @impl true
  def render(assigns) do
    ~H"""
    <p>{@count}</p>
    <ul id="rows" phx-update="stream">
      <li :for={{dom_id, row} <- @streams.rows} id={dom_id}><b>{row.text}</b></li>
    </ul>
    <ol id="lines" phx-update="stream">
      <li :for={{dom_id, %{line: line}} <- @streams.lines} id={dom_id}>{line}</li>
    </ol>
    """
  end
end
