defmodule PhoenixReplay.Dashboard.Player.State.Find do
  @moduledoc false
  # Looks for a text in the keys and values of a state. It looks at a bounded number of terms, nearest to
  # the top first, so that a large state is searched as far as is quick and no further.

  alias PhoenixReplay.Dashboard.Player.State.Tree

  @terms 50_000
  @hits 100

  @type hit :: %{path: [Tree.step()], brief: String.t()}

  @doc "Where `text` is in a key or a value, in any case; and whether all of the state was looked at."
  @spec hits(map, String.t()) :: {[hit], all? :: boolean}
  def hits(state, text) do
    look([{[], state}], [], String.downcase(text), @terms, [])
  end

  # A queue of two lists: what is next, and what comes after it.
  defp look([], [], _text, _left, hits), do: {Enum.reverse(hits), true}
  defp look([], later, text, left, hits), do: look(Enum.reverse(later), [], text, left, hits)

  defp look(_next, _later, _text, left, hits) when left <= 0 or length(hits) >= @hits,
    do: {Enum.reverse(hits), false}

  defp look([{path, term} | next], later, text, left, hits) do
    parts = if Tree.branch?(term), do: Tree.parts(term), else: []
    hits = if hit?(path, term, text), do: [hit(path, term) | hits], else: hits
    below = for {step, part} <- parts, do: {[step | path], part}
    look(next, Enum.reverse(below, later), text, left - 1 - length(parts), hits)
  end

  defp hit(path, term), do: %{path: Enum.reverse(path), brief: Tree.brief(term)}

  defp hit?([], _state, _text), do: false

  defp hit?([step | _above], term, text) do
    (match?({:key, _}, step) and contains?(Tree.label(step), text)) or
      (not Tree.branch?(term) and contains?(printed(term), text))
  end

  defp printed(text) when is_binary(text) do
    if String.valid?(text), do: text, else: inspect(text, limit: 100)
  end

  defp printed(leaf), do: inspect(leaf, limit: 100)

  defp contains?(text, sought), do: text |> String.downcase() |> String.contains?(sought)

  @doc "The path as the tree shows it, through the ranges of long lists."
  @spec shown(map, [Tree.step()]) :: [Tree.step()]
  def shown(state, path), do: state |> Tree.parts() |> shown(path, [])

  defp shown(_parts, [], through), do: Enum.reverse(through)

  defp shown(parts, [step | path], through) do
    case Enum.find(Tree.level(parts), &holds?(&1, step)) do
      {{:range, _, _} = range, %Tree.Range{parts: parts}} ->
        shown(parts, [step | path], [range | through])

      {^step, value} ->
        parts = if path == [], do: [], else: Tree.parts(value)
        shown(parts, path, [step | through])

      nil ->
        Enum.reverse(through)
    end
  end

  defp holds?({{:range, _, _}, %Tree.Range{parts: parts}}, step),
    do: List.keymember?(parts, step, 0)

  defp holds?({step, _value}, sought), do: step == sought
end
