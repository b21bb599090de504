defmodule PhoenixReplay.Persister.Flushing do
  @moduledoc false
  # Adds what one running session has recorded since the last time to its journal.

  alias PhoenixReplay.{Native, Telemetry}
  alias PhoenixReplay.Persister.{Saving, Sealing}
  alias PhoenixReplay.Storage.{Configured, Owner}
  alias PhoenixReplay.Telemetry.Once

  @spec flush(binary) :: :ok | :error
  def flush(id), do: flush(id, _anew = false)

  defp flush(id, anew) do
    with session when session != nil <- Native.session_lookup(id),
         # One that nothing happened in would be thrown away at its end, so it is not written either.
         true <- Saving.kept?(Native.session_state(session)),
         # So that less is left for the next call, which is as long as what it has to seal.
         :ok <- Sealing.seal(session),
         {:ok, members, mark} <- Native.session_unflushed(session) do
      append(session, id, {members, mark}, anew)
    else
      {:error, {reason, message}} -> failed(id, reason, message)
      _gone_or_nothing_to_write -> :ok
    end
  end

  defp append(session, id, {members, mark}, anew) do
    case Configured.journal_append(id, Owner.this(), members) do
      {:ok, bytes} ->
        whole = Native.session_flushed(session, mark, bytes)
        # Saved meanwhile: its journal was deleted, and this one came after that.
        if Native.session_lookup(id) == nil, do: forget(id)
        if whole, do: :ok, else: begin_anew(id, anew)

      {:error, error} ->
        failed(id, error.reason, error.message)
    end
  end

  # Somebody deleted what was in it, or took it for left behind: what is there now begins in the middle.
  # All of a session is still in memory.
  defp begin_anew(id, false) do
    case forget(id) do
      :ok -> flush(id, true)
      {:error, error} -> failed(id, error.reason, error.message)
    end
  end

  defp begin_anew(id, true),
    do: failed(id, :storage, "the journal just begun is not as long as what was written to it")

  @doc "Deletes the journal of a session that is saved, or that nobody wants."
  @spec forget(binary) :: :ok | {:error, PhoenixReplay.Error.t()}
  def forget(id), do: Configured.journal_delete([id], Owner.this())

  defp failed(id, reason, message) do
    Telemetry.failed(id, :journal, reason)

    Once.warn(__MODULE__, fn ->
      "PhoenixReplay: running sessions cannot be journalled: #{message}. They stay in memory and it is " <>
        "tried again; a node that is killed now loses them"
    end)

    :error
  end

  @doc "All was written: when it fails again, that is news."
  @spec worked() :: :ok
  def worked, do: Once.forget(__MODULE__)
end
