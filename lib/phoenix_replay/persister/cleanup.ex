defmodule PhoenixReplay.Persister.Cleanup do
  @moduledoc false
  # What is done once per `cleanup_interval_ms`: retention, ending sessions recorded by id that were
  # forgotten, and another try for sessions that could not be saved.

  use GenServer

  alias PhoenixReplay.{Config, Persister}
  alias PhoenixReplay.Persister.Retention
  alias PhoenixReplay.Recorder.{Attribution, Room}
  alias PhoenixReplay.Store.ById

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @impl true
  def init([]), do: {:ok, schedule()}

  # The interval is read each time, so that a change takes effect after the current one.
  @impl true
  def handle_info(:run, _timer) do
    ById.end_idle()
    Persister.retry()
    Retention.run()
    Room.look()
    Attribution.sweep()
    {:noreply, schedule()}
  end

  def handle_info(_other, timer), do: {:noreply, timer}

  defp schedule, do: Process.send_after(self(), :run, Config.get(:cleanup_interval_ms))
end
