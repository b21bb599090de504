defmodule PhoenixReplay.Telemetry.Once do
  @moduledoc false
  # Log lines that are written once for each thing they are about, however often it happens: a file
  # that cannot be read is met by every listing, an `authorize` that raises by every call.

  require Logger

  @doc "Makes the table. It belongs to the process of the application, which outlives every other."
  def init, do: :ets.new(__MODULE__, [:named_table, :public, :set])

  @spec warn(term, (-> String.t())) :: :ok
  def warn(subject, message) do
    if :ets.whereis(__MODULE__) == :undefined or :ets.insert_new(__MODULE__, {subject}),
      do: Logger.warning(message)

    :ok
  end

  @doc "Forgets a subject, so that what went well in between is told of again."
  def forget(subject) do
    if :ets.whereis(__MODULE__) != :undefined, do: :ets.delete(__MODULE__, subject)
    :ok
  end
end
