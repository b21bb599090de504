defmodule PhoenixReplay.Telemetry do
  @moduledoc """
  Every telemetry event of PhoenixReplay.

  | event | measurements | metadata |
  |---|---|---|
  | `[:phoenix_replay, :recording, :started]` | `system_time` | `id`, `view` |
  | `[:phoenix_replay, :recording, :persisted]` | `duration`, `bytes`, `event_count` | `id`, `view`, `attempt`, `ended` |
  | `[:phoenix_replay, :recording, :discarded]` | `event_count` | `id`, `reason` |
  | `[:phoenix_replay, :recording, :truncated]` | `event_count`, `bytes` | `id`, `view` |
  | `[:phoenix_replay, :recording, :refused]` | `count`, `bytes` | `view`, `reason` |
  | `[:phoenix_replay, :recording, :recovered]` | `bytes`, `event_count` | `id`, `view`, `node` |
  | `[:phoenix_replay, :recording, :failed]` | `count` | `id`, `stage`, `error`, and for `:save` and `:discard` `attempt` and `kept` |
  | `[:phoenix_replay, :storage, :unreadable]` | `count` | `id`, `error` |
  | `[:phoenix_replay, :retention, :stop]` | `duration`, `kept`, `deleted` | `error`, `nil` if it went well |
  | `[:phoenix_replay, :dashboard, :action]` | `count` | `action`, `id`, `where`, `result`, `socket` |

  `duration` is in native units (`System.convert_time_unit/3`), `bytes` are those of the stored
  recording; of `truncated` those of its events before compression, of `refused` those of all sessions
  in memory. `started`, `truncated` and `refused` are emitted in the process of the LiveView, everything
  else elsewhere, except a `failed` of a stage that runs in the LiveView.

    * `view` is the module of the LiveView, `id` the recording's, `nil` where none was given yet.
    * `reason` of `discarded` is `:no_interaction`, or `:not_kept` where `keep` of `PhoenixReplay.Config` did not keep it.
    * `truncated` comes once, with the first event that does not fit into `max_session_bytes`. That one
      and all later ones are missing; the recording is saved when the session ends.
    * `recovered` comes for each recording made of what a node left behind that is gone; `node` is the
      name it had.
    * `refused` comes once for each session that is not recorded, `reason` being `:max_memory`; of many that
      start at once also for one that had `started`, where memory is full by its first event. The log has one
      line about it, and another at the earliest after a clean-up (`cleanup_interval_ms`) that found memory
      below `max_memory`.
    * `stage` of `failed` is the recorder's stage in which something was lost (`:mount`,
      `:handle_event`, `:handle_params`, `:handle_info`, `:after_render`, `:component`, `:push_event`, `:slow`,
      `:exception`),
      `:metadata` where facts about a session are missing (`PhoenixReplay.put_metadata/2`),
      `:sample_rate` where that function failed and the session is not recorded, `:save`
      for a session that could not be stored, `:discard` for one whose journal could not be deleted with it, `:journal` for a running one that could not be journalled,
      `:recover` for a journal that could not be read or saved, or `:authorize`. `error` is the module of the exception, `:throw`, `:exit` or
      the storage's reason: never a message, which may hold what was to be kept out of the recording.
    * `action` is what somebody did in the dashboard: `:list`, `:view`, `:search`, `:pin`, `:delete`,
      `:clear` or `:download`; `id` the recording it was done to, or `where` the conditions of those it was
      done to; `count` how many that were, 0 where a player asked for the beginning of a recording, to show it
      before all is read. `result` is `:ok`, `:refused` for what is not there as well, or
      `:error`. Who it was is in the `socket`'s assigns, where your `on_mount` hooks put it; for a download
      `socket` is the `Plug.Conn`.
    * `kept` says that the attempts in a row are over (`persistence_retry_attempts`): the session stays in
      memory and goes on being tried, which tells of each `attempt`. `PhoenixReplay.Store.unsaved/0` says how
      many there are.

  ## Example

      :telemetry.attach("recordings", [:phoenix_replay, :recording, :persisted], fn _event, measured, meta, _ ->
        IO.puts("\#{inspect(meta.view)}: \#{measured.bytes} bytes")
      end, nil)
  """

  alias PhoenixReplay.Telemetry.DefaultLogger

  @doc """
  Writes a line to the log for each of these events, at `:level` (`:info` by default). There is nothing in
  it of what was recorded.

  `{:error, :already_exists}` where it is attached.

  ## Examples

      iex> PhoenixReplay.Telemetry.attach_default_logger(level: :debug)
      :ok
      iex> PhoenixReplay.Telemetry.detach_default_logger()
      :ok
  """
  @spec attach_default_logger(level: Logger.level()) :: :ok | {:error, :already_exists}
  def attach_default_logger(opts \\ []),
    do: DefaultLogger.attach(Keyword.get(opts, :level, :info))

  @doc "Takes the logger of `attach_default_logger/1` away again; `{:error, :not_found}` where there is none."
  @spec detach_default_logger() :: :ok | {:error, :not_found}
  def detach_default_logger, do: DefaultLogger.detach()

  @doc false
  def started(id, view) do
    :telemetry.execute(
      [:phoenix_replay, :recording, :started],
      %{system_time: System.system_time()},
      %{id: id, view: view}
    )
  end

  @doc false
  def persisted(measurements, metadata),
    do: :telemetry.execute([:phoenix_replay, :recording, :persisted], measurements, metadata)

  @doc false
  def recovered(measurements, metadata),
    do: :telemetry.execute([:phoenix_replay, :recording, :recovered], measurements, metadata)

  @doc false
  def discarded(id, event_count, reason) do
    :telemetry.execute(
      [:phoenix_replay, :recording, :discarded],
      %{event_count: event_count},
      %{id: id, reason: reason}
    )
  end

  @doc false
  def truncated(id, view, measurements) do
    :telemetry.execute([:phoenix_replay, :recording, :truncated], measurements, %{
      id: id,
      view: view
    })
  end

  @doc false
  def refused(view, bytes) do
    :telemetry.execute(
      [:phoenix_replay, :recording, :refused],
      %{count: 1, bytes: bytes},
      %{view: view, reason: :max_memory}
    )
  end

  @doc false
  def failed(id, stage, error, metadata \\ %{}) do
    :telemetry.execute(
      [:phoenix_replay, :recording, :failed],
      %{count: 1},
      Map.merge(metadata, %{id: id, stage: stage, error: error})
    )
  end

  @doc false
  def unreadable(id, error) do
    :telemetry.execute([:phoenix_replay, :storage, :unreadable], %{count: 1}, %{
      id: id,
      error: error
    })
  end

  @doc false
  def action(action, count, metadata) do
    metadata = Map.merge(%{action: action, id: nil, where: nil}, metadata)
    :telemetry.execute([:phoenix_replay, :dashboard, :action], %{count: count}, metadata)
  end

  @doc false
  def retention(measurements, error),
    do: :telemetry.execute([:phoenix_replay, :retention, :stop], measurements, %{error: error})
end
