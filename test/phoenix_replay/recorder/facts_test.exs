defmodule PhoenixReplay.Recorder.FactsTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Recorder.Facts

  test "the head of a module is made once, until its code is another" do
    compile(1)
    head = Facts.head(FactsTest.View)
    assert %{modules: %{FactsTest.View => md5}, node: node} = :erlang.binary_to_term(head)
    assert {md5, node} == {FactsTest.View.module_info(:md5), Atom.to_string(node())}
    assert :erts_debug.same(Facts.head(FactsTest.View), Facts.head(FactsTest.View))

    compile(2)

    assert %{modules: %{FactsTest.View => other}} =
             :erlang.binary_to_term(Facts.head(FactsTest.View))

    assert other == FactsTest.View.module_info(:md5)
    assert other != md5
  end

  test "what is no module is no view to know the code of, and nothing of it is kept" do
    before = :persistent_term.info().count

    for view <- ["Kiosk", SomethingElse, nil, 7],
        do: assert(:erlang.binary_to_term(Facts.head(view)).modules == %{})

    assert :persistent_term.info().count == before
  end

  defp compile(version) do
    Code.put_compiler_option(:ignore_module_conflict, true)
    Code.compile_string("defmodule FactsTest.View do def(version, do: #{version}) end")
  after
    Code.put_compiler_option(:ignore_module_conflict, false)
  end
end
