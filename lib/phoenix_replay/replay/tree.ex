defmodule PhoenixReplay.Replay.Tree do
  @moduledoc false
  # A rendered tree with nothing lazy left in it and nothing that acts.
  #
  # LiveView calls the functions of a tree while it sends it, in the frame's process and outside any
  # rescue. Here every one of them is called once; those put back in their place only return what came
  # out, so the tree keeps the shape LiveView diffs.

  alias Phoenix.LiveView.{Component, Comprehension, Rendered}
  alias PhoenixReplay.Replay.{Element, Placeholder}

  @doc """
  Forces a tree. What stands in the place of a component `component` gives, a tree again, from its module,
  its id and the assigns that the template has for it; what stands in that of a nested LiveView `nested`
  gives, forced, from the id of its element. Where it gives `nil` a placeholder names it.
  """
  @spec force(
          Rendered.t(),
          (module, term, map -> Rendered.t()),
          PhoenixReplay.Replay.nested()
        ) :: Rendered.t()
  def force(%Rendered{} = rendered, component \\ &placeholder/3, nested \\ fn _id -> nil end),
    do: part(rendered, {component, nested})

  defp placeholder(module, id, _assigns), do: Placeholder.component(module, id)

  defp part(%Rendered{dynamic: dynamic} = rendered, stands_in) do
    # The caller is what LiveView blames when a dynamic part raises; these cannot.
    %{rendered | dynamic: constant(parts(dynamic.(false), stands_in)), caller: :not_available}
  end

  # LiveView 1.1 and newer: an entry is {key, variables, render}. The variables only serve LiveView's own
  # change tracking, which this tree does without, so it need not keep them alive.
  defp part(%{__struct__: Comprehension, entries: entries} = comprehension, stands_in) do
    entries =
      for {key, _variables, render} <- entries do
        {key, %{}, constant_entry(parts(render.(%{}, false), stands_in))}
      end

    %{comprehension | entries: entries}
  end

  # LiveView 1.0: a list of lists.
  defp part(%{__struct__: Comprehension, dynamics: dynamics} = comprehension, stands_in) do
    %{comprehension | dynamics: Enum.map(dynamics, &parts(&1, stands_in))}
  end

  defp part(%Component{component: module, id: id, assigns: assigns}, {component, _} = stands_in),
    do: module |> component.(id, assigns) |> part(stands_in)

  defp part(nil, _stands_in), do: ""

  defp part(iodata, stands_in) do
    html = IO.iodata_to_binary(iodata)
    if Element.nested?(html), do: nested(html, stands_in), else: html
  end

  defp parts(list, stands_in), do: Enum.map(list, &part(&1, stands_in))

  defp nested(html, {_component, nested} = stands_in) do
    with {:ok, id, before, behind} <- Element.parse(html),
         %Rendered{} = page <- nested.(id) do
      Element.around(page, before, behind)
    else
      _nothing -> html |> Element.id() |> Placeholder.nested() |> part(stands_in)
    end
  end

  defp constant(list), do: fn _track? -> list end
  defp constant_entry(list), do: fn _changed, _track? -> list end
end
