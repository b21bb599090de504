defmodule PhoenixReplay.Application do
  @moduledoc false
  use Application

  alias PhoenixReplay.{Config, Dashboard, LiveNow, Persister, Storage, Store}
  alias PhoenixReplay.Recorder.{Attribution, Components, Crash, Facts, Pushes, Slow, Watcher}
  alias PhoenixReplay.Sanitizer.FilterParameters
  alias PhoenixReplay.Telemetry.Once

  # How long stopping waits for open sessions to be saved.
  @drain_ms 15_000

  @impl true
  def start(_type, _args) do
    Config.validate!()
    Facts.init()
    FilterParameters.init()

    # Its name is made up when first asked for. Of several who ask at once each would make up one, and a
    # journal under any but the last would be taken for that of an earlier start.
    Storage.Owner.this()

    # Tables of this process, which lives as long as the application: no crash below takes them along.
    Once.init()
    Store.ById.init()
    Attribution.init()
    init_ecto()
    Components.attach()
    Crash.attach()
    Pushes.attach()
    Slow.attach()
    Attribution.attach()

    with {:ok, supervisor} <-
           Supervisor.start_link(children(),
             strategy: :one_for_one,
             name: PhoenixReplay.Supervisor
           ) do
      # It looks into modules of the host, which nothing waits for.
      Task.Supervisor.start_child(Persister.Tasks, &Dashboard.Unguarded.warn/0)
      {:ok, supervisor}
    end
  end

  # Ecto is optional.
  if Code.ensure_loaded?(Ecto.Query) do
    defp init_ecto, do: PhoenixReplay.Storage.Ecto.Bare.init()
  else
    defp init_ecto, do: :ok
  end

  defp children do
    Storage.File.Index.children() ++
      [
        Watcher,
        LiveNow.Teller,
        {Task.Supervisor, name: Persister.Tasks},
        Persister.Trimming,
        Persister,
        Persister.Sealing,
        Persister.Journal,
        Persister.Recovery,
        Persister.Cleanup
      ]
  end

  # Before the supervisor goes down, while everything that saves is still there.
  @impl true
  def prep_stop(state) do
    Persister.drain(@drain_ms)
    state
  end

  @impl true
  def stop(_state) do
    Components.detach()
    Crash.detach()
    Pushes.detach()
    Slow.detach()
    Attribution.detach()
  end
end
