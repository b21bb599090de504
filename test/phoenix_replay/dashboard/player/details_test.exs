defmodule PhoenixReplay.Dashboard.Player.DetailsTest do
  use ExUnit.Case, async: true

  import Phoenix.LiveViewTest

  alias PhoenixReplay.Dashboard.Player.Details
  alias PhoenixReplay.{Recording, Replayed.RowsLive}
  alias PhoenixReplay.Recording.Summary

  defp panel(modules) do
    render_component(&Details.panel/1,
      recording: %Recording{id: "one", view: RowsLive, connected_at: 0},
      summary: %Summary{id: "one"},
      code: %{modules: modules, versions: %{phoenix_live_view: "1.2.10"}}
    )
  end

  test "says with which versions it was recorded" do
    assert panel(%{}) =~ "phoenix_live_view 1.2.10"
  end

  test "says when the view's code is another today" do
    refute panel(%{RowsLive => RowsLive.module_info(:md5)}) =~ "has changed since"
    changed = panel(%{RowsLive => "another"})
    assert changed =~ "has changed since"
    assert changed =~ "PhoenixReplay.Replayed.RowsLive"
    # The frame tells of a view that is gone, and this need not.
    refute panel(%{NoLonger.There => "md5"}) =~ "has changed since"
  end
end
