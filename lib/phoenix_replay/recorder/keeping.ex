defmodule PhoenixReplay.Recorder.Keeping do
  @moduledoc false
  # Which sessions become recordings, decided when they are over. All of them are recorded and journalled
  # until then, for nobody knows before what they will have met.

  alias PhoenixReplay.{Config, Native}

  @doc "What the options say, or else the configuration, as the log takes it: `nil` to keep all."
  @spec keep(keyword) :: Native.keep() | nil
  def keep(options) do
    case Keyword.get_lazy(options, :keep, fn -> Config.get(:keep) end) do
      nil ->
        nil

      keep ->
        %{
          errors: Keyword.get(keep, :errors, true),
          slower_than: keep[:slower_than],
          rate: round(Keyword.get(keep, :rate, 0) * 1_000_000)
        }
    end
  end
end
