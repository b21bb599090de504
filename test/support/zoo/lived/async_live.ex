defmodule PhoenixReplay.Zoo.Lived.AsyncLive do
  @moduledoc false
  # What a page shows of tasks: loading, ok, failed and cancelled, in the view and in a component.
  use Phoenix.LiveView

  import StreamData

  alias Phoenix.LiveView.AsyncResult
  alias PhoenixReplay.Zoo.Lived.Panel

  @streams? macro_exported?(Phoenix.LiveView, :stream_async, 4)

  def path, do: "/lived/async"

  def step do
    one_of([
      map(load(), &{:event, "load", &1}),
      map({load(), constant("#panel")}, fn {load, panel} -> {:on, panel, "load", load} end),
      constant({:event, "cancel", %{}}),
      constant({:event, "count", %{}}),
      map(integer(1..9), &{:send, {:panel, &1}})
    ])
  end

  defp load do
    fixed_map(%{
      "how" => member_of(["assign", "start", "stream"]),
      "ends" => member_of(["ok", "error"]),
      "reset" => boolean(),
      "ms" => integer(0..3)
    })
  end

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, socket |> assign(count: 0) |> begin()}

  @doc "The assigns of tasks that did not begin yet."
  def begin(socket) do
    socket
    |> assign(task: AsyncResult.ok("none"), assigned: AsyncResult.ok("none"), number: 0)
    |> assign(rows: AsyncResult.ok(true))
    |> stream(:rows, [])
  end

  @impl true
  def handle_event("load", params, socket), do: {:noreply, load(socket, params)}
  def handle_event("count", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  def handle_event("cancel", _params, socket),
    do: {:noreply, cancel_async(socket, socket.assigns.assigned)}

  @impl true
  def handle_info({:panel, count}, socket) do
    send_update(Panel, id: "panel", given: count)
    {:noreply, socket}
  end

  @doc "Starts a task of the view or a component."
  def load(socket, %{"how" => how} = params) do
    socket = update(socket, :number, &(&1 + 1))
    start(socket, how, params, socket.assigns.number)
  end

  defp start(socket, "assign", params, number) do
    assign_async(socket, :assigned, fn -> done(params, %{assigned: "answer #{number}"}) end,
      reset: params["reset"]
    )
  end

  if @streams? do
    defp start(socket, "stream", params, number) do
      row = %{id: number, text: "row #{number}", api_key: "s3cret"}
      stream_async(socket, :rows, fn -> done(params, [row]) end, reset: params["reset"])
    end
  end

  defp start(socket, _start, params, number) do
    socket
    |> assign(:task, AsyncResult.loading(socket.assigns.task))
    |> start_async(:task, fn -> done(params, "answer #{number}") end)
  end

  defp done(%{"ends" => ends, "ms" => ms}, result) do
    Process.sleep(ms)
    if ends == "ok", do: {:ok, result}, else: {:error, :nothing_there}
  end

  @impl true
  def handle_async(:task, result, socket), do: {:noreply, ended(socket, result)}

  @doc "A task of `start_async` ended."
  def ended(%{assigns: %{task: task}} = socket, {:ok, {:ok, answer}}),
    do: assign(socket, :task, AsyncResult.ok(task, answer))

  def ended(%{assigns: %{task: task}} = socket, {_ok_or_exit, {:error, reason}}),
    do: assign(socket, :task, AsyncResult.failed(task, reason))

  @impl true
  def render(assigns) do
    ~H"""
    <h1>{@count}</h1>
    <.tasks id="view" task={@task} assigned={@assigned} rows={@rows} streams={@streams} />
    <.live_component module={Panel} id="panel" />
    """
  end

  attr :id, :string, required: true
  attr :task, :any, required: true
  attr :assigned, :any, required: true
  attr :rows, :any, required: true
  attr :streams, :any, required: true

  @doc "What there is to see of tasks."
  def tasks(assigns) do
    ~H"""
    <.async_result :let={answer} assign={@assigned}>
      <:loading>loading</:loading>
      <:failed :let={reason}>failed: {inspect(reason)}</:failed>
      <b>{answer}</b>
    </.async_result>
    <p>{if @task.loading, do: "busy"} {@task.result} {inspect(@task.failed)} {@task.ok?}</p>
    <p>{if @rows.loading, do: "busy"} {inspect(@rows.failed)}</p>
    <ul id={"rows-of-#{@id}"} phx-update="stream">
      <li :for={{dom_id, row} <- @streams.rows} id={"#{@id}-#{dom_id}"}>{row.text}</li>
    </ul>
    """
  end
end

defmodule PhoenixReplay.Zoo.Lived.Panel do
  @moduledoc false
  use Phoenix.LiveComponent

  alias PhoenixReplay.Zoo.Lived.AsyncLive

  @impl true
  def mount(socket), do: {:ok, socket |> assign(given: 0) |> AsyncLive.begin()}

  @impl true
  def handle_event("load", params, socket), do: {:noreply, AsyncLive.load(socket, params)}

  @impl true
  def handle_async(:task, result, socket), do: {:noreply, AsyncLive.ended(socket, result)}

  @impl true
  def render(assigns) do
    ~H"""
    <section id="panel" phx-target={@myself}>
      <h2>{@given}</h2>
      <AsyncLive.tasks id="panel" task={@task} assigned={@assigned} rows={@rows} streams={@streams} />
    </section>
    """
  end
end
