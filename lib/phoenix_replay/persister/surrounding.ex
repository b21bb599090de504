defmodule PhoenixReplay.Persister.Surrounding do
  @moduledoc false
  # What a nested LiveView shows is part of the page around it, whether or not anybody touches it. So its
  # session is kept where that page is by what was known of it as this one ended, however deep it is nested.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.Saving
  alias PhoenixReplay.Storage.Configured

  # What a session is nested in was there first, so there is an end to it; a bound is for what is not thought of.
  @deepest 16

  @doc "Whether the page around a session, of this state, is kept or going to be."
  @spec kept?(map, non_neg_integer) :: boolean
  def kept?(state, levels \\ @deepest)
  def kept?(%{nested_in: nil}, _levels), do: false
  def kept?(_state, 0), do: false

  def kept?(%{nested_in: id}, levels) do
    case Native.session_lookup(id) do
      nil -> saved?(id)
      session -> session |> Native.session_state() |> around?(levels - 1)
    end
  end

  defp around?(state, levels), do: Saving.wanted?(state) or kept?(state, levels)

  # Where storage cannot say, nothing is discarded: it is asked again when this one is saved.
  defp saved?(id), do: Configured.summary(id) != :error
end
