defmodule PhoenixReplay.Dashboard.Player.EventsTest do
  use ExUnit.Case, async: true
  doctest PhoenixReplay.Dashboard.Player.Events.Filter

  alias PhoenixReplay.Dashboard.Player.Events.Group

  defp row(offset_ms, type), do: %{offset_ms: offset_ms, type: type, label: nil, keys: []}

  test "what follows soon belongs to the event, what comes after a rest begins a group" do
    rows = [
      row(0, :mount),
      row(1, :handle_params),
      row(900, :event),
      row(905, :assigns),
      row(1_800, :info),
      row(1_801, :assigns),
      row(9_000, :info),
      row(9_001, :assigns)
    ]

    assert Enum.map(Group.mark(rows), & &1.head?) ==
             [true, false, true, false, false, false, true, false]
  end
end
