defmodule PhoenixReplay.Store.Authorization do
  @moduledoc false
  # Asks the host whether a recording may be seen. The function is the host's own code: one that raises
  # refuses, for a recording must not become visible by an accident.

  alias PhoenixReplay.{Config, Telemetry}
  alias PhoenixReplay.Recorder.Fault
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Telemetry.Once

  @doc "Whether anything can be refused at all."
  def any?, do: Config.get(:authorize) != nil

  @spec allowed?(Summary.t()) :: boolean
  def allowed?(%Summary{} = summary) do
    case Config.get(:authorize) do
      nil -> true
      authorize -> ask(authorize, Summary.recording(summary)) not in [false, nil]
    end
  catch
    kind, reason -> refuse(summary, Fault.name(kind, reason))
  end

  defp ask(authorize, recording) when is_function(authorize, 1), do: authorize.(recording)
  defp ask({module, function}, recording), do: apply(module, function, [recording])
  defp ask(module, recording) when is_atom(module), do: module.authorize(recording)

  defp refuse(summary, error) do
    Telemetry.failed(summary.id, :authorize, error)

    Once.warn({:authorize, error}, fn ->
      "PhoenixReplay: #{error} in `authorize`; the recordings it was asked about are refused"
    end)

    false
  end
end
