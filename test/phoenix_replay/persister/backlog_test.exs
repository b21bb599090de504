defmodule PhoenixReplay.Persister.BacklogTest do
  use ExUnit.Case, async: true
  use ExUnitProperties

  alias PhoenixReplay.Persister.Backlog

  defp kept(ids), do: Enum.reduce(ids, Backlog.new(), &Backlog.keep(&2, &1, 4, nil))

  test "one at a time, the longest refused first, and last again once it failed" do
    {[{"a", 4}], backlog} = Backlog.probe(kept(["a", "b"]))
    assert {[], _backlog} = Backlog.probe(backlog)
    assert {[{"b", 4}], _backlog} = backlog |> Backlog.keep("a", 5, nil) |> Backlog.probe()
  end

  test "once one is saved others follow, a bounded number abreast" do
    ids = for n <- 1..40, do: "s#{n}"
    {[{"s1", 4}], backlog} = Backlog.probe(kept(ids))
    {sixteen, backlog} = Backlog.saved(backlog, "s1")
    assert length(sixteen) == 16
    assert {[{"s18", 4}], backlog} = Backlog.saved(backlog, "s2")
    # One that failed frees no place.
    backlog = Backlog.keep(backlog, "s3", 5, nil)
    assert {[_, _], _backlog} = Backlog.saved(backlog, "s4")
    assert Backlog.size(backlog) == 38
  end

  test "one there was nothing to save of makes room for one" do
    {[{"a", 4}], backlog} = Backlog.probe(kept(["a", "b", "c"]))
    assert {[{"b", 4}], backlog} = Backlog.none(backlog, "a")
    assert {[], ^backlog} = Backlog.none(backlog, "not here")
  end

  test "the delay doubles while they fail, up to half a minute, and begins anew once one is saved" do
    {delays, backlog} =
      Enum.map_reduce(1..7, kept(["a", "b"]), fn _round, backlog ->
        {delay, backlog} = Backlog.next_round(backlog, 10)
        {[{id, attempt}], backlog} = Backlog.probe(backlog)
        {delay, Backlog.keep(backlog, id, attempt + 1, nil)}
      end)

    assert delays == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
    {[{"b", _attempt}], backlog} = Backlog.probe(backlog)
    assert {nil, ^backlog} = Backlog.next_round(backlog, 10)
    {[{"a", attempt}], backlog} = Backlog.saved(backlog, "b")

    assert {1_000, _backlog} =
             backlog |> Backlog.keep("a", attempt, nil) |> Backlog.next_round(10)
  end

  test "a longer delay that somebody configured is not shortened" do
    assert {120_000, backlog} = Backlog.next_round(kept(["a"]), 120_000)
    assert {120_000, _backlog} = Backlog.next_round(backlog, 120_000)
  end

  property "none is lost, and none is out twice, whatever happens" do
    check all(steps <- list_of(member_of([:probe, :all, :saved, :failed, :none, :new]))) do
      {backlog, out, inside, _n} = Enum.reduce(steps, {Backlog.new(), [], [], 0}, &step/2)
      {rest, _backlog} = Backlog.all(backlog)
      assert Enum.sort(out ++ Enum.map(rest, &elem(&1, 0))) == Enum.sort(inside)
      assert Backlog.size(backlog) == length(inside)
    end
  end

  defp step(:new, {backlog, out, inside, n}),
    do: {Backlog.keep(backlog, "s#{n}", 4, nil), out, ["s#{n}" | inside], n + 1}

  defp step(:probe, state), do: taken(state, &Backlog.probe/1)
  defp step(:all, state), do: taken(state, &Backlog.all/1)
  defp step(_ended, {_backlog, [], _inside, _n} = state), do: state

  defp step(:failed, {backlog, [id | out], inside, n}),
    do: {Backlog.keep(backlog, id, 5, nil), out, inside, n}

  defp step(:saved, {backlog, [id | out], inside, n}),
    do: taken({backlog, out, inside -- [id], n}, &Backlog.saved(&1, id))

  defp step(:none, {backlog, [id | out], inside, n}),
    do: taken({backlog, out, inside -- [id], n}, &Backlog.none(&1, id))

  defp taken({backlog, out, inside, n}, take) do
    {entries, backlog} = take.(backlog)
    {backlog, out ++ Enum.map(entries, &elem(&1, 0)), inside, n}
  end
end
