defmodule PhoenixReplay.Persister.Retention do
  @moduledoc false
  # Deletes what the configuration gives up. What that is, is decided in Rust; whom `authorize` lets
  # see a recording has no part in it. Recordings are read a page at a time and deleted a batch at a
  # time, so that saving is never kept waiting; of nodes that share a storage one is at it.

  alias PhoenixReplay.{Config, Native, Telemetry}
  alias PhoenixReplay.Storage.{Configured, Query}
  alias PhoenixReplay.Store.Listing

  @batch 200

  @spec run() :: :ok | {:error, PhoenixReplay.Error.t()}
  def run do
    case Configured.alone(:retention, &clean/0) do
      {:ok, result} -> result
      :busy -> :ok
      {:error, error} -> told({:error, error}, 0, 0, System.monotonic_time())
    end
  end

  defp clean do
    started = System.monotonic_time()

    with {:ok, stored} <- stored(),
         expired = expired(stored),
         :ok <- delete(expired) do
      told(:ok, length(stored) - length(expired), length(expired), started)
    else
      {:error, error} -> told({:error, error}, 0, 0, started)
    end
  end

  defp stored do
    Listing.each_batch(%Query{}, [], fn summaries, stored ->
      {:ok, Enum.reduce(summaries, stored, &[facts(&1) | &2])}
    end)
  end

  # A storage of somebody else's may not know what a later version of the behaviour asks for.
  defp facts(summary) do
    {summary.id, summary.connected_at, Map.get(summary, :bytes, 0),
     Map.get(summary, :pinned, false)}
  end

  defp expired(stored) do
    policy =
      {Config.get(:max_recordings), Config.get(:max_recording_age_ms), Config.get(:max_bytes)}

    Native.retention_expired(stored, policy, System.system_time(:millisecond))
  end

  defp delete(ids) do
    ids
    |> Enum.chunk_every(@batch)
    |> Enum.find_value(:ok, fn batch ->
      with :ok <- Configured.delete(batch), do: nil
    end)
  end

  defp told(result, kept, deleted, started) do
    duration = System.monotonic_time() - started
    Telemetry.retention(%{duration: duration, kept: kept, deleted: deleted}, reason(result))
    result
  end

  defp reason(:ok), do: nil
  defp reason({:error, error}), do: error.reason
end
