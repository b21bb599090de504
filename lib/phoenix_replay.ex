defmodule PhoenixReplay do
  @moduledoc """
  Records Phoenix LiveView sessions and replays them by rendering the original view again.

    * `PhoenixReplay.Recorder` records a view
    * `PhoenixReplay.Router` mounts the dashboard that lists and replays recordings
    * `PhoenixReplay.Store` gives recordings to a program
    * `PhoenixReplay.Config`, `PhoenixReplay.Sanitizer`, `PhoenixReplay.Storage` - what can be set
    * `PhoenixReplay.Telemetry` - what it tells
  """

  @doc """
  What is held in memory at this moment.

    * `:sessions` - sessions that are running, or ended and not saved yet
    * `:events` - their events
    * `:bytes` - what these take, in bytes

  ## Examples

      iex> PhoenixReplay.info() |> Map.keys() |> Enum.sort()
      [:bytes, :events, :sessions]
  """
  @spec info() :: %{
          sessions: non_neg_integer,
          events: non_neg_integer,
          bytes: non_neg_integer
        }
  def info, do: PhoenixReplay.Native.info()
end
