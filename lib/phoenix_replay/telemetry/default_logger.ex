defmodule PhoenixReplay.Telemetry.DefaultLogger do
  @moduledoc false
  # A line in the log for each telemetry event. Nothing of what was recorded is in it: ids, views, counts
  # and names of errors only.

  require Logger

  @events for event <- [
                [:recording, :started],
                [:recording, :persisted],
                [:recording, :discarded],
                [:recording, :truncated],
                [:recording, :refused],
                [:recording, :recovered],
                [:recording, :failed],
                [:storage, :unreadable],
                [:retention, :stop],
                [:dashboard, :action]
              ],
              do: [:phoenix_replay | event]

  # Told whole in the documentation of `PhoenixReplay.Telemetry`; what else an event brings is not written.
  # Conditions of an action hold what somebody looked for, and its socket who that was.
  @written [:id, :view, :reason, :attempt, :ended, :stage, :kept, :event_count, :bytes, :deleted] ++
             [:action, :result]

  def events, do: @events

  def attach(level), do: :telemetry.attach_many(__MODULE__, @events, &__MODULE__.handle/4, level)
  def detach, do: :telemetry.detach(__MODULE__)

  def handle([:phoenix_replay | event], measurements, metadata, level) do
    Logger.log(level, fn ->
      told = measurements |> Map.merge(metadata) |> Map.take(@written)
      facts = for {name, value} <- Enum.sort(told), value != nil, do: " #{name}=#{inspect(value)}"

      "PhoenixReplay #{Enum.join(event, " ")}#{took(measurements)}#{error(event, metadata)}#{facts}"
    end)
  end

  defp took(%{duration: duration}),
    do: " in #{System.convert_time_unit(duration, :native, :millisecond)} ms"

  defp took(_no_duration), do: ""

  # Of a file that cannot be read it is a sentence, which the storage has logged.
  defp error([:storage, :unreadable], _metadata), do: ""
  defp error(_event, %{error: error}) when error != nil, do: " error=#{inspect(error)}"
  defp error(_event, _metadata), do: ""
end
