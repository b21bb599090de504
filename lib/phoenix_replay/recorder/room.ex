defmodule PhoenixReplay.Recorder.Room do
  @moduledoc false
  # Tells that there was no room: for the rest of a recording, or for a session to start. The log
  # refuses by itself; here is only what people hear of it. Nothing here raises into a LiveView.

  require Logger

  alias PhoenixReplay.{Config, Native, Telemetry}
  alias PhoenixReplay.Telemetry.Once

  @doc """
  Passes on what became of an append. The log says `:truncated` for one event of a session, so it is
  told once, whichever process appended that one.
  """
  @spec noted(Native.appended(), Native.session()) :: Native.appended()
  def noted(:truncated, session) do
    truncated(Native.session_summary(session))
    :truncated
  end

  # It started when there was room, and there is none for what it starts with.
  def noted(:refused, session) do
    %{id: id, view: view} = Native.session_summary(session)
    Native.session_remove(id)
    refused(view)
    :dropped
  end

  def noted(appended, _session), do: appended

  defp truncated(%{id: id, view: view, event_count: events, inflated_bytes: bytes}) do
    Logger.warning(
      "PhoenixReplay: recording #{id} reached max_session_bytes and ends after #{events} events; " <>
        "the LiveView is not affected"
    )

    Telemetry.truncated(id, view, %{event_count: events, bytes: bytes})
  end

  @doc """
  Tells that a session of `view` did not start. Telemetry hears of each; the log has one line until
  there was room again at a clean-up, for where one session finds none, a thousand do.
  """
  @spec refused(term) :: :ok
  def refused(view) do
    Once.warn(__MODULE__, fn ->
      "PhoenixReplay: recordings in memory reached max_memory, so new sessions are not recorded " <>
        "until some are saved; LiveViews are not affected"
    end)

    Telemetry.refused(view, Native.info().bytes)
  end

  @doc "At a clean-up: the next refusal is news when there was room in between."
  @spec look() :: :ok
  def look do
    # Any number is below nil, which is no limit.
    if Native.info().bytes < Config.get(:max_memory), do: Once.forget(__MODULE__), else: :ok
  end
end
