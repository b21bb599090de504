defmodule PhoenixReplay.Demo.Complaints do
  @moduledoc """
  Keeps what is logged as an error, so that a run that looked well and complained is not called one
  that went well.
  """

  @doc "From here on errors are kept."
  @spec listen() :: :ok
  def listen do
    :ets.new(__MODULE__, [:public, :named_table, :ordered_set])
    :logger.add_handler(__MODULE__, __MODULE__, %{level: :error})
  end

  @doc "The errors logged since, oldest first, one line each."
  @spec heard() :: [String.t()]
  def heard, do: for({_time, line} <- :ets.tab2list(__MODULE__), do: line)

  @doc false
  def log(event, _config) do
    line = event |> text() |> IO.chardata_to_string() |> String.split("\n") |> hd()
    :ets.insert(__MODULE__, {System.unique_integer([:monotonic]), line})
  end

  defp text(%{msg: {:string, text}}), do: text
  defp text(%{msg: {:report, report}}), do: inspect(report)
  defp text(%{msg: {format, arguments}}), do: :io_lib.format(format, arguments)
end
