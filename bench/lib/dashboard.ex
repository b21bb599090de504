defmodule PhoenixReplay.Bench.Dashboard do
  @moduledoc """
  What the dashboard takes: the list of many recordings, the player of a long one, and what being looked at
  costs the sessions that run. By the server's clock, up to the last byte that is sent; what a person waits
  for, until a browser has painted it, in Chromium where there is one. In a folder of its own, deleted
  afterwards.
  """
  alias PhoenixReplay.Bench.Dashboard.{Host, Listing, Playing, Unwatched}

  @doc """
  Measures with so many recordings to list, so many event pairs of a session that is looked at, and a
  recording to play as long as that.
  """
  @spec measure(%{
          kept: pos_integer,
          pairs: pos_integer,
          played: Playing.pace()
        }) :: map
  def measure(pace) do
    configured = Application.get_all_env(:phoenix_replay)
    folder = Path.join(System.tmp_dir!(), "replay_bench_dashboard_#{System.os_time()}")
    :ok = Host.start()

    try do
      unwatched = Unwatched.measure(pace)
      storage(path: Path.join(folder, "played"), format: :etf)
      playing = Playing.measure(pace.played)
      %{unwatched: unwatched, playing: playing, listing: Listing.measure(pace.kept, folder)}
    after
      Application.put_all_env(phoenix_replay: configured)
      File.rm_rf!(folder)
    end
  end

  defp storage(opts),
    do:
      Application.put_all_env(
        phoenix_replay: [storage: PhoenixReplay.Storage.File, storage_opts: opts]
      )
end
