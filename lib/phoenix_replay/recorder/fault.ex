defmodule PhoenixReplay.Recorder.Fault do
  @moduledoc false
  # Something went wrong while recording, in our code or in a host's sanitizer. It is told three times:
  # to telemetry each time, to the log once per session, and to the recording, which is incomplete. Of
  # an exception only the module is told: its message may quote what was to be kept out.

  require Logger

  alias PhoenixReplay.{Native, Telemetry}
  alias PhoenixReplay.Recorder.{Room, Session}

  @spec report(Session.t() | nil, atom, :error | :throw | :exit, term) :: :ok
  def report(session, stage, kind, reason) do
    id = session && session.id
    error = name(kind, reason)
    warn_once(id, stage, error)
    Telemetry.failed(id, stage, error)
    if session, do: append(session.native, stage, error)
    :ok
  catch
    # What is broken is the recording itself; the LiveView goes on.
    _kind, _reason -> :ok
  end

  defp append(native, stage, error),
    do: native |> Native.append_fault(stage, error) |> Room.noted(native)

  @spec name(:error | :throw | :exit, term) :: String.t()
  def name(:error, %{__exception__: true, __struct__: module}), do: inspect(module)
  def name(:error, reason), do: name(:error, Exception.normalize(:error, reason, []))
  def name(kind, _value), do: Atom.to_string(kind)

  # The process is the session's, so its dictionary says whether the session has had its line.
  defp warn_once(id, stage, error) do
    if Process.put({__MODULE__, id}, true) == nil do
      Logger.warning(
        "PhoenixReplay: #{error} in #{stage}, #{lost(id)}; the LiveView is not affected"
      )
    end
  end

  defp lost(nil), do: "the session is not recorded"
  defp lost(id), do: "recording #{id} is incomplete"
end
