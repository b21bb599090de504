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
    kind, reason -> refuse(Config.get(:authorize), summary.id, kind, reason)
  end

  defp ask(authorize, recording) when is_function(authorize, 1), do: authorize.(recording)
  defp ask({module, function}, recording), do: apply(module, function, [recording])
  defp ask(module, recording) when is_atom(module), do: module.authorize(recording)

  @doc "What an `authorize` that raised comes to: a refusal, told of, for else it looks as if there were nothing."
  @spec refuse(term, String.t() | nil, :error | :throw | :exit, term) :: false
  def refuse(authorize, id, kind, reason) do
    error = Fault.name(kind, reason)
    Telemetry.failed(id, :authorize, error)

    Once.warn({:authorize, authorize, error}, fn ->
      "PhoenixReplay: #{error} in `authorize` (#{inspect(authorize)}); what it was asked about is refused"
    end)

    false
  end
end
