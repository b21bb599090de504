defmodule PhoenixReplay.Demo.Past do
  @moduledoc """
  Sessions of the days before, so that the list has pages and something went wrong in some of them. They are
  recorded by id, and what they hold is what `TasksLive` makes of the same events.
  """
  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Demo.TasksLive
  alias PhoenixReplay.{Recording, Store}

  @sessions 60
  @minute 60_000

  @doc "Records them; gives how many."
  @spec record() :: pos_integer
  def record do
    now = System.system_time(:millisecond)

    for n <- 1..@sessions do
      id = 12 |> :crypto.strong_rand_bytes() |> Base.url_encode64()
      :ok = Store.start_recording(id, session(n, now - (60 + 41 * n) * @minute))
      {:ok, _recording} = Store.finalize(id)
    end

    @sessions
  end

  # Twelve people, who come again and again.
  defp session(n, connected_at) do
    %Recording{
      view: TasksLive,
      url: url(%{}),
      connected_at: connected_at,
      metadata: %{user_id: 900 + rem(n, 12), plan: if(rem(n, 3) == 0, do: "trade", else: "home")},
      events: n |> steps() |> played()
    }
  end

  # In every fourth something goes wrong, twice.
  defp steps(n) when rem(n, 4) == 1 do
    [
      {2_400, {:toggle, n}},
      {3_100, {:error, "The label printer does not answer"}},
      {5_200, {:go, %{"state" => "open"}}},
      {7_900, {:toggle, n + 1}},
      {8_300, {:error, "The label printer is out of labels"}},
      {9_600, {:go, %{"state" => "done"}}}
    ]
  end

  defp steps(n) do
    toggles = for nth <- 0..rem(n, 7), do: {1_000 + 700 * nth, {:toggle, n + nth}}
    toggles ++ [{9_000, {:go, %{"state" => "done"}}}]
  end

  defp played(steps) do
    {:ok, socket} = TasksLive.mount(%{}, %{}, %Socket{})
    {:noreply, socket} = TasksLive.handle_params(%{}, url(%{}), socket)
    assigns = Map.drop(socket.assigns, [:__changed__, :flash])
    first = [{0, :mount, %{assigns: assigns}}, {1, :handle_params, page(%{})}]
    {events, _socket} = Enum.flat_map_reduce(steps, socket, &step/2)
    first ++ events
  end

  defp step({at, {:error, message}}, socket),
    do: {[{at, :log, %{level: :error, message: message}}], socket}

  defp step({at, {:toggle, id}}, socket) do
    params = %{"id" => to_string(id)}
    {:noreply, now} = TasksLive.handle_event("toggle", params, socket)
    {[{at, :event, %{name: "toggle", params: params}}, render(at, socket, now)], now}
  end

  defp step({at, {:go, params}}, socket) do
    {:noreply, now} = TasksLive.handle_params(params, url(params), socket)
    {[{at, :handle_params, page(params)}, render(at, socket, now)], now}
  end

  defp render(at, before, now), do: {at + 2, :assigns, %{delta: delta(before, now)}}

  defp delta(before, now) do
    for {key, value} <- now.assigns,
        key != :__changed__ and before.assigns[key] !== value,
        into: %{},
        do: {key, value}
  end

  defp page(params), do: %{params: params, url: url(params)}
  defp url(params) when params == %{}, do: "http://localhost/tasks"
  defp url(params), do: "http://localhost/tasks?" <> URI.encode_query(params)
end
