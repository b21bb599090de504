defmodule PhoenixReplay.Replay.Tree do
  @moduledoc false
  # A rendered tree with nothing lazy left in it and nothing that acts.
  #
  # LiveView calls the functions of a tree while it sends it, in the frame's process and outside any
  # rescue. Here every one of them is called once; those put back in their place only return what came
  # out, so the tree keeps the shape LiveView diffs.

  alias Phoenix.LiveView.{Component, Comprehension, Rendered}
  alias PhoenixReplay.Replay.Placeholder

  @doc """
  Forces a tree. What stands in the place of a component `component` gives, a tree again, from its module,
  its id and the assigns that the template has for it; nested LiveViews become placeholders that name them.
  """
  @spec force(Rendered.t(), (module, term, map -> Rendered.t())) :: Rendered.t()
  def force(%Rendered{} = rendered, component \\ &placeholder/3), do: part(rendered, component)

  defp placeholder(module, id, _assigns), do: Placeholder.component(module, id)

  defp part(%Rendered{dynamic: dynamic} = rendered, component) do
    # The caller is what LiveView blames when a dynamic part raises; these cannot.
    %{rendered | dynamic: constant(parts(dynamic.(false), component)), caller: :not_available}
  end

  # LiveView 1.1 and newer: an entry is {key, variables, render}. The variables only serve LiveView's own
  # change tracking, which this tree does without, so it need not keep them alive.
  defp part(%{__struct__: Comprehension, entries: entries} = comprehension, component) do
    entries =
      for {key, _variables, render} <- entries do
        {key, %{}, constant_entry(parts(render.(%{}, false), component))}
      end

    %{comprehension | entries: entries}
  end

  # LiveView 1.0: a list of lists.
  defp part(%{__struct__: Comprehension, dynamics: dynamics} = comprehension, component) do
    %{comprehension | dynamics: Enum.map(dynamics, &parts(&1, component))}
  end

  defp part(%Component{component: module, id: id, assigns: assigns}, component),
    do: module |> component.(id, assigns) |> part(component)

  defp part(nil, _component), do: ""

  defp part(iodata, component) do
    html = IO.iodata_to_binary(iodata)

    case nested(html) do
      {:ok, id} -> part(Placeholder.nested(id), component)
      :none -> html
    end
  end

  defp parts(list, component), do: Enum.map(list, &part(&1, component))

  defp constant(list), do: fn _track? -> list end
  defp constant_entry(list), do: fn _changed, _track? -> list end

  # What `live_render` leaves: an element whose signed session the client would join. In text and in
  # attribute values the quote would be escaped, so the host's own words are never taken for one.
  defp nested(html) do
    if String.contains?(html, ~s(data-phx-session=")) do
      case Regex.run(~r/\bid="([^"]*)"/, html) do
        [_match, id] -> {:ok, id}
        nil -> {:ok, nil}
      end
    else
      :none
    end
  end
end
