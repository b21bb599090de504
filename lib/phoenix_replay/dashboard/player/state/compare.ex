defmodule PhoenixReplay.Dashboard.Player.State.Compare do
  @moduledoc false
  # What the parts of a term were before the step shown.
  #
  # Elements of a list are paired from both ends, so that one put in at the front, or taken out of the
  # middle, is one change and not a change of everything behind it.

  alias PhoenixReplay.Dashboard.Player.State.Tree

  @typedoc "A part and what it was: `{:was, term}`, or `:new` where there was none."
  @type pair :: {Tree.step(), term, {:was, term} | :new}

  @doc "The parts of `now` with what each was in `before`, and the parts of `before` that are gone."
  @spec parts(term, term) :: {[pair], [Tree.part()]}
  def parts(now, before) when is_list(now) and is_list(before),
    do: elements(Tree.parts(now), Tree.parts(before))

  def parts(now, before) do
    if alike?(now, before), do: keyed(Tree.parts(now), Tree.parts(before)), else: unknown(now)
  end

  # A struct that became another has nothing in common with it.
  defp alike?(%module{}, before), do: is_struct(before, module)
  defp alike?(now, before) when is_map(now), do: is_map(before) and not is_struct(before)
  defp alike?(now, before), do: is_tuple(now) and is_tuple(before)

  defp unknown(now), do: {for({step, value} <- Tree.parts(now), do: {step, value, :new}), []}

  defp keyed(now, before) do
    were = Map.new(before)
    are = Map.new(now)

    {Enum.map(now, fn {step, value} -> {step, value, was(Map.fetch(were, step))} end),
     Enum.reject(before, fn {step, _value} -> is_map_key(are, step) end)}
  end

  defp was({:ok, value}), do: {:was, value}
  defp was(:error), do: :new

  defp elements(now, before) do
    {front, now, before} = front(now, before, [])
    {back, now, before} = front(Enum.reverse(now), Enum.reverse(before), [])
    {middle, gone} = middle(Enum.reverse(now), Enum.reverse(before), [])
    {Enum.reverse(front) ++ middle ++ back, gone}
  end

  defp front([{step, value} | now], [{_step, was} | before], same) when value === was,
    do: front(now, before, [{step, value, {:was, was}} | same])

  defp front(now, before, same), do: {same, now, before}

  defp middle([{step, value} | now], [{_step, was} | before], pairs),
    do: middle(now, before, [{step, value, {:was, was}} | pairs])

  defp middle(now, before, pairs) do
    new = for {step, value} <- now, do: {step, value, :new}
    {Enum.reverse(pairs, new), before}
  end
end
