defmodule PhoenixReplay.Persister.Retention do
  @moduledoc false
  # Deletes what the configuration gives up. What that is, is decided in Rust; whom `authorize` lets
  # see a recording has no part in it.

  alias PhoenixReplay.{Config, Native, Telemetry}
  alias PhoenixReplay.Storage.Configured

  @spec run() :: :ok | {:error, PhoenixReplay.Error.t()}
  def run do
    started = System.monotonic_time()

    {result, kept, deleted} =
      with {:ok, %{entries: summaries}} <- Configured.list(%{}),
           expired = expired(summaries),
           :ok <- Configured.delete(expired) do
        {:ok, length(summaries) - length(expired), length(expired)}
      else
        {:error, error} -> {{:error, error}, 0, 0}
      end

    duration = System.monotonic_time() - started
    Telemetry.retention(%{duration: duration, kept: kept, deleted: deleted}, reason(result))
    result
  end

  defp expired(summaries) do
    summaries
    |> Enum.map(&{&1.id, &1.connected_at})
    |> Native.retention_expired(
      Config.get(:max_recordings),
      Config.get(:max_recording_age_ms),
      System.system_time(:millisecond)
    )
  end

  defp reason(:ok), do: nil
  defp reason({:error, error}), do: error.reason
end
