defmodule PhoenixReplay.Persister.Saving do
  @moduledoc false
  # One attempt at bringing one ended session to storage. The session leaves memory when storage has
  # it, not before.

  alias PhoenixReplay.{Config, Error, LiveNow, Native, Persister, Telemetry}
  alias PhoenixReplay.Persister.{Flushing, Surrounding, Trimming}
  alias PhoenixReplay.Storage.Configured

  @doc "Whether it is `:saved` now, there was `:nothing` to save, or it is to be tried again."
  @spec attempt(binary, pos_integer) :: :saved | :nothing | {:again, Error.t()}
  def attempt(id, attempt) do
    case Native.session_lookup(id) do
      nil -> :nothing
      session -> keep_or_discard(session, id, attempt)
    end
  end

  defp keep_or_discard(session, id, attempt) do
    state = Native.session_state(session)

    cond do
      # Opened again meanwhile, by a finalize that storage refused.
      state.ended == nil -> :nothing
      wanted?(state) or Surrounding.kept?(state) -> attempt_save(session, id, attempt)
      kept?(state) -> discard(session, id, :not_kept, attempt)
      true -> discard(session, id, :no_interaction, attempt)
    end
  end

  @doc """
  Whether a session is worth a recording: its user did something, it crashed, or somebody asked for it,
  by recording it by id or by finalizing it.
  """
  def kept?(%{interacted: interacted, ended: ended, bound: bound}),
    do: interacted or not bound or ended in [:crashed, :finished]

  @doc "Whether it is to become one, by what is known of it now: it is worth it, and `keep` keeps it."
  def wanted?(state), do: kept?(state) and chosen?(state)

  # What somebody asked for is not chosen among others.
  defp chosen?(%{kept: kept, ended: ended, bound: bound}),
    do: kept or not bound or ended == :finished

  # Of what nobody wants nothing may be left: a journal without a session would be recovered as a recording. So
  # it goes first, and once more with the session, for what was written to it in between.
  defp discard(session, id, reason, attempt) do
    case forget_journal(session, id) do
      :ok ->
        summary = Native.session_summary(session)
        let_go(session, id, summary)
        Telemetry.discarded(id, summary.event_count, reason)
        :nothing

      {:error, error} ->
        again(id, :discard, error, attempt)
    end
  end

  # Should forgetting its journal fail, Recovery finds one that is saved to be saved already.
  defp let_go(session, id, summary) do
    Native.session_remove(id)
    Trimming.freed(summary.inflated_bytes)
    forget_journal(session, id)
  end

  defp forget_journal(session, id) do
    if Native.session_state(session).journalled, do: Flushing.forget(id), else: :ok
  end

  defp attempt_save(session, id, attempt) do
    case save(session, id, attempt) do
      :ok -> :saved
      {:error, error} -> again(id, :save, error, attempt)
    end
  end

  defp again(id, stage, error, attempt) do
    Telemetry.failed(id, stage, error.reason, %{attempt: attempt, kept: last?(attempt)})
    {:again, error}
  end

  @doc "Seals a session, gives it to storage and lets go of it."
  @spec save(Native.session(), binary, pos_integer) :: :ok | {:error, Error.t()}
  def save(session, id, attempt) do
    started = System.monotonic_time()

    with {:ok, data, summary} <- seal(session),
         :ok = Persister.sealed(id),
         :ok <- Configured.save(id, data, summary) do
      kept = Native.session_lookup(id) != nil
      let_go(session, id, summary)

      # Erased while it was being saved: it must not come back.
      if kept, do: told(started, data, summary, attempt), else: Configured.delete([id])
    end
  end

  defp told(started, data, summary, attempt) do
    LiveNow.saved(Map.put(summary, :bytes, byte_size(data)))

    Telemetry.persisted(
      %{
        duration: System.monotonic_time() - started,
        bytes: byte_size(data),
        event_count: summary.event_count
      },
      %{id: summary.id, view: summary.view, attempt: attempt, ended: summary.ended}
    )
  end

  defp seal(session) do
    format = Keyword.get(Config.get(:storage_opts), :format, :etf)

    with {:error, {reason, message}} <- Native.session_seal(session, format),
         do: Error.new(reason, "the session could not be sealed: #{message}")
  end

  @doc "Whether there is no further attempt in a row after this one."
  def last?(attempt), do: attempt >= Config.get(:persistence_retry_attempts)
end
