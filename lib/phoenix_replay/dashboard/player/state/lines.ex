defmodule PhoenixReplay.Dashboard.Player.State.Lines do
  @moduledoc false
  # The tree of a state as the lines in sight: the top level, and what is open below it.
  #
  # A line's `change` is `nil`, `:changed`, `:new` or `:gone` by the step shown.

  alias PhoenixReplay.Dashboard.Player.State.{Compare, Tree}

  # Past these the page would be slow to draw and nobody would read it.
  @depth 32
  @most 1_500

  @enforce_keys [:id, :path, :depth, :label, :brief]
  defstruct [:id, :path, :depth, :label, :brief, :was, branch?: false, open?: false, change: nil]

  @type t :: %__MODULE__{}

  @doc "Lines of `now`, with what differs from `before` marked. `before` is `nil` where nothing is compared."
  @spec of(map, map | nil, MapSet.t()) :: [t]
  def of(now, before, opened) do
    {pairs, gone} = if before, do: Compare.parts(now, before), else: alone(now)

    level(pairs, gone, [], opened) |> List.flatten() |> Enum.take(@most)
  end

  defp alone(term), do: {for({step, value} <- Tree.parts(term), do: {step, value, :same}), []}

  defp level(pairs, gone, path, opened) do
    shown = pairs |> Enum.map(fn {step, value, was} -> {step, {value, was}} end) |> Tree.level()

    lines = Enum.map(shown, fn {step, part} -> line(step, part, path ++ [step], opened) end)
    lines ++ Enum.map(Enum.take(gone, Tree.width()), &gone(&1, path))
  end

  defp line({:range, first, last} = step, %Tree.Range{parts: parts}, path, opened) do
    open? = open?(path, opened)

    [
      %{
        named(step, path)
        | brief: "#{last - first + 1} elements",
          branch?: true,
          open?: open?,
          change: if(Enum.any?(parts, &differs?/1), do: :changed)
      }
      | if(open?, do: range(parts, path, opened), else: [])
    ]
  end

  defp line(step, {value, was}, path, opened) do
    branch? = Tree.branch?(value)
    open? = branch? and open?(path, opened)
    change = change(value, was)

    [
      %{
        named(step, path)
        | brief: Tree.brief(value),
          branch?: branch?,
          open?: open?,
          change: change,
          was: if(change == :changed and not open?, do: was(was, value))
      }
      | if(open?, do: inside(value, was, change, path, opened), else: [])
    ]
  end

  defp range(parts, path, opened) do
    parts
    |> Enum.map(fn {step, {value, was}} -> {step, value, was} end)
    |> level([], path, opened)
  end

  # Where it reads the same, only opening it tells what changed.
  defp was({:was, was}, value) do
    brief = Tree.brief(was)
    if brief != Tree.brief(value), do: brief
  end

  # Below what did not change nothing is compared.
  defp inside(value, {:was, was}, :changed, path, opened) do
    {pairs, gone} = Compare.parts(value, was)
    level(pairs, gone, path, opened)
  end

  defp inside(value, _was, _change, path, opened) do
    {pairs, []} = alone(value)
    level(pairs, [], path, opened)
  end

  defp gone({step, value}, path) do
    path = path ++ [{:gone, step}]
    %{named(step, path) | brief: "gone", was: Tree.brief(value), change: :gone}
  end

  defp named(step, path) do
    %__MODULE__{
      id: Tree.id(path),
      path: path,
      depth: length(path),
      label: Tree.label(step),
      brief: ""
    }
  end

  defp open?(path, opened), do: length(path) < @depth and Tree.id(path) in opened

  defp differs?({_step, %Tree.Range{parts: parts}}), do: Enum.any?(parts, &differs?/1)
  defp differs?({_step, {value, was}}), do: change(value, was) != nil

  defp change(_value, :same), do: nil
  defp change(_value, :new), do: :new
  defp change(value, {:was, was}), do: if(value === was, do: nil, else: :changed)
end
