defmodule PhoenixReplay.Dashboard.Player.State.TreeTest do
  use ExUnit.Case, async: true
  use ExUnitProperties
  doctest PhoenixReplay.Dashboard.Player.State.Tree

  alias PhoenixReplay.Dashboard.Player.State.{Compare, Copy, Find, Lines, Tree}

  defp terms do
    StreamData.tree(
      one_of([integer(), binary(), atom(:alphanumeric), constant(nil)]),
      fn inner ->
        one_of([
          list_of(inner, max_length: 8),
          map_of(one_of([atom(:alphanumeric), binary()]), inner, max_length: 8),
          {inner, inner},
          map(inner, &[0 | &1])
        ])
      end
    )
  end

  defp containers do
    one_of([
      list_of(terms(), min_length: 1, max_length: 8),
      map_of(terms(), terms(), min_length: 1, max_length: 8),
      tuple({terms(), terms()}),
      map(terms(), &[&1 | :tail])
    ])
  end

  property "every part is at the end of its step" do
    check all term <- containers(), {step, value} <- member_of(Tree.parts(term)) do
      assert Tree.fetch(term, [step]) == {:ok, value}
    end
  end

  property "what is compared with itself is the same, and nothing is gone" do
    check all term <- containers() do
      {pairs, gone} = Compare.parts(term, term)
      assert gone == []
      assert Enum.all?(pairs, fn {_step, value, was} -> was == {:was, value} end)
    end
  end

  property "what is new and what is gone account for the difference in length of two lists" do
    check all now <- list_of(integer(0..3)), before <- list_of(integer(0..3)) do
      {pairs, gone} = Compare.parts(now, before)
      assert Enum.map(pairs, &elem(&1, 1)) == now
      new = Enum.count(pairs, &(elem(&1, 2) == :new))
      assert length(now) - new == length(before) - length(gone)
    end
  end

  test "an element put in at the front is one change" do
    assert {[{{:at, 0}, :new, :new}, {{:at, 1}, :a, {:was, :a}}, {{:at, 2}, :b, {:was, :b}}], []} =
             Compare.parts([:new, :a, :b], [:a, :b])
  end

  test "a long list is shown in ranges of a hundred, and ranges of those" do
    parts = Tree.parts(Enum.to_list(1..10_050))

    assert [{{:range, 0, 9_999}, %Tree.Range{} = first}, {{:range, 10_000, 10_049}, _}] =
             Tree.level(parts)

    assert length(Tree.level(first.parts)) == 100
    assert Tree.fetch(Enum.to_list(1..500), [{:range, 100, 199}, {:at, 150}]) == {:ok, 151}
  end

  test "only what is open becomes lines" do
    state = %{rows: Enum.map(1..1_000, &%{id: &1}), title: "Rows"}

    assert [%{label: "rows", brief: "[1000 elements]"}, %{label: "title"}] =
             Lines.of(state, nil, MapSet.new())

    opened = MapSet.new([Tree.id([{:key, :rows}])])
    assert length(Lines.of(state, nil, opened)) == 12
  end

  test "a change is marked on the lines that lead to it, with what it was" do
    before = %{cart: %{items: ["fern"], total: 90}, title: "Cart", old: 1}
    now = %{cart: %{items: ["fern"], total: 99}, title: "Cart", new: 2}
    lines = Lines.of(now, before, MapSet.new([Tree.id([{:key, :cart}])]))

    assert [
             {"cart", :changed, nil},
             {"items", nil, nil},
             {"total", :changed, "90"},
             {"new", :new, nil},
             {"title", nil, nil},
             {"old", :gone, "1"}
           ] = Enum.map(lines, &{&1.label, &1.change, &1.was})
  end

  test "keys and values are found in any case, with the way to them" do
    state = %{
      rows: Enum.map(1..300, &%{id: &1, name: "Row #{&1}"}),
      user: %{"E-Mail" => "ada@x.test"}
    }

    assert {[%{path: [{:key, :user}, {:key, "E-Mail"}]}], true} = Find.hits(state, "ADA@")
    assert {[%{path: [{:key, :user}, {:key, "E-Mail"}]}], true} = Find.hits(state, "e-mail")
    assert {hits, false} = Find.hits(state, "row")
    assert length(hits) == 100

    path = [{:key, :rows}, {:at, 250}, {:key, :name}]

    assert [{:key, :rows}, {:range, 200, 299}, {:at, 250}, {:key, :name}] =
             Find.shown(state, path)
  end

  property "a value in full is Elixir that gives it back, and JSON whatever it holds" do
    check all term <- terms() do
      assert {:ok, elixir} = Copy.text(term, "elixir")
      assert {^term, _binding} = Code.eval_string(elixir)
      assert {:ok, json} = Copy.text(term, "json")
      assert {:ok, _decoded} = Jason.decode(json)
    end
  end

  test "what is too large for a clipboard is not put there" do
    assert Copy.text(String.duplicate("x", 3_000_000), "elixir") == :error
  end
end
