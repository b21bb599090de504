defmodule PhoenixReplay.Bench.Storage do
  @moduledoc "What becomes of sessions that ended: saved, listed, searched. In a folder of its own, deleted afterwards."

  alias PhoenixReplay.Bench.Storage.{Ending, Lists, Searching}

  @doc "Measures with so many sessions that end at once, and so many recordings to list."
  @spec measure(%{ending: pos_integer, kept: pos_integer}) :: map
  def measure(%{ending: sessions, kept: kept}) do
    configured = Application.get_all_env(:phoenix_replay)
    folder = Path.join(System.tmp_dir!(), "replay_bench_#{System.os_time()}")

    try do
      ending = Ending.measure(sessions, folder)
      saved = Path.join(folder, "ours")

      %{
        ending: ending,
        summaries: Lists.summaries(saved),
        search: Searching.measure(saved, Path.join(folder, "ets")),
        pages: Lists.pages(kept, folder)
      }
    after
      Application.put_all_env(phoenix_replay: configured)
      File.rm_rf!(folder)
    end
  end
end
