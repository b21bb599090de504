defmodule PhoenixReplay.Dashboard.Player.OverviewTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Dashboard.Player.Overview

  defp pages(url, events) do
    recording = %Recording{view: Zoo.CounterLive, url: url, connected_at: 1_000, events: events}
    :ok = Store.start_recording("one", recording)
    {:ok, _recording} = Store.finalize("one")
    {:ok, timeline} = Store.open("one")
    Overview.new(timeline).pages
  end

  defp mount, do: {0, :mount, %{assigns: %{count: 0}}}
  defp at(ms, url), do: {ms, :handle_params, %{params: %{}, url: url}}
  defp render(ms, count), do: {ms, :assigns, %{delta: %{count: count}}}

  test "a page is there once it is rendered, and is one however often it is patched to" do
    events = [
      mount(),
      at(1, "/one"),
      at(10, "/one"),
      render(11, 1),
      at(20, "/two"),
      render(21, 2),
      render(22, 3),
      at(30, "/one"),
      {31, :info, %{}},
      render(32, 4)
    ]

    assert pages("/one", events) == [0, 5, 9]
  end

  test "one that was never rendered is where it was handled" do
    assert pages("/one", [mount(), at(10, "/two"), at(20, "/three")]) == [0, 1, 2]
  end

  test "where the page is not known there is none" do
    assert pages(nil, [mount(), render(5, 1)]) == []
  end
end
