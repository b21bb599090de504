defmodule PhoenixReplay.Demo.Serve do
  @moduledoc """
  `bin/demo`: the application on a port, already holding a few recordings, until it is stopped.
  """
  alias PhoenixReplay.Demo
  alias PhoenixReplay.Demo.{Past, Visitor, Visits}

  # Brisk: these sessions are there to be looked at, and nobody likes to wait for a demo.
  @pace_ms 45

  @doc "Starts it and prints the addresses; false, with the reason printed, where it cannot."
  @spec run(String.t(), :inet.port_number(), recorded: [:past | :visits], path: String.t()) ::
          boolean
  def run(recordings, port, recorded: recorded, path: path) do
    with {:ok, demo} <- start(recordings, port, path),
         :ok <- record(recorded) do
      IO.puts("""

      The application     #{demo.app}
      Its recordings      #{demo.dashboard}

      What you do in the application is recorded when you leave its page. Ctrl-C stops it.
      Recordings are kept in #{recordings}
      """)

      true
    else
      {:error, reason} ->
        IO.puts("The demo did not start: #{explain(reason, port)}")
        false
    end
  end

  defp start(recordings, port, path) do
    # A supervisor that cannot start its children takes the process that started it along, unless that
    # one would rather hear why.
    Process.flag(:trap_exit, true)
    result = Demo.start(recordings: recordings, port: port, path: path)
    Process.flag(:trap_exit, false)

    # Emptied only now that the port is ours: it might have been those of a running demo.
    with {:ok, _demo} <- result, do: File.rm_rf!(recordings)
    result
  end

  defp record([]), do: :ok

  defp record([:past | more]) do
    IO.puts("#{Past.record()} sessions of the days before are there.")
    record(more)
  end

  defp record([:visits]) do
    IO.puts("Recording a few visits first (about 10 s) ...")

    with {:ok, pages} <- Visits.make(Visitor.visits(), @pace_ms),
         {:ok, stored} <- Visits.await_stored(pages) do
      IO.puts("#{length(stored)} sessions recorded.")
    end
  end

  defp explain(reason, _port) when is_binary(reason), do: reason

  defp explain(reason, port) do
    if inspect(reason) =~ "eaddrinuse",
      do: "port #{port} is taken. Choose another: PORT=#{port + 1} bin/demo",
      else: inspect(reason, pretty: true)
  end
end
