defmodule PhoenixReplay.Store.Running do
  @moduledoc false
  # Sessions that are in memory.

  alias PhoenixReplay.{Error, Native, Recording}
  alias PhoenixReplay.Persister.Saving
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Store.{Authorization, ById, Opening}

  @doc "Summaries of those that run and had interaction, newest first."
  @spec summaries() :: [Summary.t()]
  def summaries do
    for id <- Native.session_ids(:open),
        session = Native.session_lookup(id),
        summary = Summary.from_map(Native.session_summary(session), true),
        summary.interacted and Authorization.allowed?(summary) do
      summary
    end
    |> Enum.sort_by(&{&1.connected_at, &1.id}, :desc)
  end

  @doc "Ends one and saves it; where the storage refuses it runs on."
  @spec finalize(String.t()) :: {:ok, Recording.t()} | :error | {:error, Error.t()}
  def finalize(id) do
    with true <- Recording.id?(id),
         session when session != nil <- Native.session_lookup(id),
         %{ended: nil} <- Native.session_state(session) do
      Native.session_close(session, :finished, nil)
      finish(session, id)
    else
      _unknown_or_ended -> :error
    end
  end

  defp finish(session, id) do
    with {:ok, timeline} <- Opening.ended(session),
         {:ok, recording} <- Opening.recording(timeline),
         :ok <- Saving.save(session, id, 1) do
      ById.forget(id)
      {:ok, recording}
    else
      {:error, error} ->
        Native.session_reopen(session)
        {:error, error}
    end
  end
end
