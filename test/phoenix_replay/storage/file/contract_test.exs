for format <- [:etf, :json] do
  defmodule Module.concat(PhoenixReplay.Storage.File, "Contract#{format}Test") do
    use ExUnit.Case, async: true
    use PhoenixReplay.Storage.Contract, storage: PhoenixReplay.Storage.File

    @format format

    setup do
      folder =
        Path.join(System.tmp_dir!(), "replay_contract_#{System.unique_integer([:positive])}")

      on_exit(fn -> File.rm_rf!(folder) end)
      {:ok, storage_opts: [path: folder, format: @format]}
    end
  end
end
