defmodule PhoenixReplay.Dashboard.List.PageTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Dashboard.List.Page

  defp turn(page, next, cursor), do: Page.turn(%{page | next: next}, param(cursor))
  defp param(cursor), do: Page.params(cursor)[:after]

  test "there and back again" do
    first = Page.turn(nil, nil)
    assert {Page.newer(first), Page.before(first)} == {nil, 0}

    second = turn(first, {20, "b"}, {20, "b"})
    assert {Page.newer(second), Page.before(second)} == {{:ok, nil}, 1}

    third = turn(second, {10, "a"}, {10, "a"})
    assert {Page.newer(third), Page.before(third)} == {{:ok, {20, "b"}}, 2}

    back = turn(third, nil, {20, "b"})
    assert {Page.newer(back), Page.before(back)} == {{:ok, nil}, 1}
    assert %Page{after: nil, trail: []} = turn(back, nil, nil)
  end

  test "by a link nobody knows what is before it" do
    page = Page.turn(nil, "20.b")
    assert {page.after, Page.newer(page), Page.before(page)} == {{20, "b"}, :newest, nil}
    older = turn(page, {10, "a"}, {10, "a"})
    assert {Page.newer(older), Page.before(older)} == {{:ok, {20, "b"}}, nil}
  end

  test "what is no cursor is the first page" do
    for text <- ["", "x", "1", "1.", "x.id", "1.no id", "1.a/b"],
        do: assert(Page.turn(nil, text) == %Page{})
  end
end
