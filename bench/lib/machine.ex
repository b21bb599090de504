defmodule PhoenixReplay.Bench.Machine do
  @moduledoc "What a result was measured on and with."

  @applications [:phoenix_live_view, :ecto, :benchee, :phoenix_replay]

  @doc "One line, such as `AMD EPYC, 2 schedulers; Elixir 1.18.3, OTP 27; phoenix_live_view 1.2.10 ...`."
  def line do
    versions = Enum.map_join(@applications, ", ", &"#{&1} #{Application.spec(&1, :vsn)}")

    "#{cpu()}, #{System.schedulers_online()} schedulers, #{load()}; " <>
      "Elixir #{System.version()}, OTP #{System.otp_release()}; #{versions}"
  end

  defp cpu do
    with {:ok, text} <- File.read("/proc/cpuinfo"),
         [_, name] <- Regex.run(~r/^model name\s*:\s*(.+)$/m, text) do
      String.trim(name)
    else
      _unknown -> List.to_string(:erlang.system_info(:system_architecture))
    end
  end

  # Others on the same machine show in the numbers.
  defp load do
    case File.read("/proc/loadavg") do
      {:ok, text} -> "load #{text |> String.split() |> hd()}"
      {:error, _reason} -> "load unknown"
    end
  end
end
