defmodule PhoenixReplay.Bench.Dashboard.Painted do
  @moduledoc """
  What a person waits for, in a real browser: until the first frame of a recording is painted, and from a click
  on the scrubber until the moment it leads to is. `bench/painted.mjs` looks, in Chromium.
  """

  @type t :: %{open: float, seek: float, seek_p95: float, beside_p95: float}

  @doc "Milliseconds, medians but for those that are named p95; why not where there is no browser."
  @spec measure(String.t(), pos_integer, pos_integer) :: {:ok, t} | {:error, String.t()}
  def measure(address, opens, seeks) do
    with {:ok, chromium} <- run("test/browser/chromium", [], "there is no Chromium"),
         {:ok, _said} <- run("test/browser/packages", [], "there is no playwright-core") do
      env = [{"CHROMIUM", String.trim(chromium)}]

      {said, 0} =
        System.cmd("node", ["bench/painted.mjs", address, "#{opens}", "#{seeks}"], env: env)

      %{"open" => open, "seek" => seek, "beside" => beside} = Phoenix.json_library().decode!(said)

      {:ok,
       %{
         open: at(open, 0.5),
         seek: at(seek, 0.5),
         seek_p95: at(seek, 0.95),
         beside_p95: at(beside, 0.95)
       }}
    end
  end

  defp run(command, arguments, otherwise) do
    case System.cmd("bash", [command | arguments], stderr_to_stdout: false) do
      {said, 0} -> {:ok, said}
      {_said, _status} -> {:error, otherwise}
    end
  end

  defp at(times, part), do: times |> Enum.sort() |> Enum.at(trunc(length(times) * part))
end
