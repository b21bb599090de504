defmodule PhoenixReplay.Zoo.TalkingLive do
  @moduledoc false
  # Says things in the log, itself and by tasks.
  use Phoenix.LiveView
  require Logger

  alias PhoenixReplay.Databases.Repos

  @impl true
  def mount(params, _session, socket) do
    if text = params["say"], do: Logger.error(text)
    if text = params["task"], do: Task.await(Task.async(fn -> Logger.error(text) end))
    if params["fail"] && connected?(socket), do: raise("no page today")
    {:ok, assign(socket, said: 0)}
  end

  @impl true
  def handle_event("say", params, socket) do
    say(params)
    {:noreply, socket}
  end

  def handle_event("change", _params, socket), do: {:noreply, update(socket, :said, &(&1 + 1))}

  def handle_event("task", params, socket) do
    Task.await(Task.async(fn -> Task.await(Task.async(fn -> say(params) end)) end))
    {:noreply, socket}
  end

  def handle_event("raise", _params, _socket), do: raise("the event is no more")

  def handle_event("sleep", %{"ms" => ms}, socket) do
    Process.sleep(ms)
    {:noreply, socket}
  end

  def handle_event("measure", params, socket) do
    measure(params)
    {:noreply, socket}
  end

  # One that nobody waits for, whose crash nobody shares.
  def handle_event("crash", %{"with" => text}, socket) do
    {:ok, pid} =
      Task.start(fn ->
        receive do: (:go -> :ok)
        Map.fetch!(%{password: text}, :nothing)
      end)

    monitor = Process.monitor(pid)
    send(pid, :go)
    receive do: ({:DOWN, ^monitor, :process, ^pid, _reason} -> {:noreply, socket})
  end

  @impl true
  def handle_info(:boom, _socket), do: raise("the view is no more")

  defp measure(%{"times" => times} = params),
    do: for(_ <- 1..times, do: params |> Map.delete("times") |> measure())

  defp measure(%{"task" => true} = params),
    do: Task.await(Task.async(fn -> params |> Map.delete("task") |> measure() end))

  defp measure(%{"sql" => sql, "params" => params}), do: Repos.SQLite.query!(sql, params)

  # What a host may put into an event, and what it would rather not see again.
  defp measure(params) do
    :telemetry.execute(
      [:zoo, :checkout, :stop],
      %{
        duration: System.convert_time_unit(1_234, :microsecond, :native),
        system_time: System.system_time(),
        items: 3,
        note: "no number"
      },
      Map.merge(
        %{cart: "c1", gift: false, api_token: "s3cret", conn: %{secret: "s3cret"}, none: nil},
        %{
          url: "/?token=s3cret",
          params: "s3cret",
          result: :ok,
          error: params["error"] && %KeyError{key: :a}
        }
      )
    )
  end

  defp say(%{"level" => level, "text" => text}),
    do: Logger.log(String.to_existing_atom(level), text)

  defp say(%{"report" => report}), do: Logger.error(report)
  defp say(%{"text" => text, "times" => times}), do: for(_ <- 1..times, do: Logger.error(text))
  defp say(%{"text" => text}), do: Logger.error(text)

  @impl true
  def render(assigns), do: ~H"<p>{@said}</p>"
end
