defmodule PhoenixReplay.Dashboard.FormatTest do
  use ExUnit.Case, async: true
  doctest PhoenixReplay.Dashboard.Format

  alias PhoenixReplay.Dashboard.Format

  test "when something was gets coarser with its age" do
    now = 1_700_000_000_000
    assert Format.ago(now - 5_000, now) == "just now"
    assert Format.ago(now - 3 * 3_600_000, now) == "3 h ago"
    assert Format.ago(now - 3 * 86_400_000, now) == "11 Nov 22:13"
    assert Format.ago(now - 400 * 86_400_000, now) == "10 Oct 2022"
  end

  test "a view that is not known here is shown by its name" do
    assert Format.view("Elixir.Old.CartLive") == {"Old.", "CartLive"}
    assert Format.view(nil) == {"", "unknown view"}
  end

  test "terms are cut where they are long" do
    assert String.length(Format.brief(Enum.to_list(1..1_000))) < 100
    assert Format.term(List.duplicate("word", 500)) =~ "..."
  end
end
