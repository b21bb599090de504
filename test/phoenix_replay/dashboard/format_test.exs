defmodule PhoenixReplay.Dashboard.FormatTest do
  use ExUnit.Case, async: true
  doctest PhoenixReplay.Dashboard.Format

  alias PhoenixReplay.Dashboard.Format

  test "when something was gets coarser with its age" do
    now = 1_700_000_000_000
    assert Format.ago(now - 5_000, now) == "just now"
    assert Format.ago(now - 3 * 3_600_000, now) == "3 h ago"
    assert Format.ago(now - 3 * 86_400_000, now) == "11 Nov"
    assert Format.daytime(now - 3 * 86_400_000, now) == "22:13"
    assert Format.daytime(now - 3 * 3_600_000, now) == nil
    assert Format.ago(now - 400 * 86_400_000, now) == "10 Oct 2022"
    assert Format.daytime(now - 400 * 86_400_000, now) == nil
  end

  test "a view that is not known here is shown by its name" do
    assert Format.view("Elixir.Old.CartLive") == {"Old.", "CartLive"}
    assert Format.view(nil) == {"", "unknown view"}
  end

  test "terms are cut where they are long" do
    assert String.length(Format.brief(Enum.to_list(1..1_000))) < 100
    assert Format.term(List.duplicate("word", 500)) =~ "..."
  end

  test "a time that no calendar has is a number" do
    far = -9_223_372_036_854_775_808
    assert Format.ago(far, 0) == "-9,223,372,036,854,775,808 ms"
    assert Format.at(far) == Format.iso(far)
    assert Format.at(0) == "1 January 1970, 00:00:00 UTC"
  end
end
