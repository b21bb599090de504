defmodule PhoenixReplay.Terms do
  @moduledoc "Generators of everything that can be in an assign and is not inert."
  use ExUnitProperties

  @doc "Any term but pids, ports, references and functions."
  def term, do: StreamData.tree(leaf(), &inner/1)

  defp leaf do
    one_of([
      integer(),
      map(integer(), &(&1 * Integer.pow(2, 61))),
      map(integer(), &Integer.pow(&1, 31)),
      float(),
      member_of([0.0, -0.0, 1.0e308, 5.0e-324]),
      binary(),
      string(:printable),
      bitstring(),
      atom(:alphanumeric),
      member_of([nil, true, false, :"", :ø, :日本, String.to_atom(String.duplicate("a", 255))]),
      # Long enough for the wide forms of the format.
      map(integer(200..300), &List.duplicate(7, &1)),
      map(integer(250..260), &List.to_tuple(List.duplicate(:a, &1))),
      map(integer(30..40), &Map.new(1..&1, fn n -> {n, n} end))
    ])
  end

  defp inner(child) do
    one_of([
      list_of(child),
      map({list_of(child, min_length: 1), leaf()}, fn {list, tail} -> improper(list, tail) end),
      map(list_of(child, max_length: 5), &List.to_tuple/1),
      map_of(child, child, max_length: 5, max_tries: 100),
      map(child, &%URI{host: &1})
    ])
  end

  defp improper([last], tail), do: [last | tail]
  defp improper([head | rest], tail), do: [head | improper(rest, tail)]
end
