defmodule PhoenixReplay.Fidelity.Html do
  @moduledoc """
  HTML of a live page and of its replay in one form: what LiveView writes for its own client goes, for
  a replay has another, and so does white space around tags.
  """

  @doc "The form in which two pages are compared."
  @spec normal(String.t()) :: String.t()
  def normal(html), do: html |> parsed() |> LazyHTML.Tree.to_html()

  @doc "The same of what is inside of the element that LiveView puts around a page."
  @spec inside(String.t()) :: String.t()
  def inside(html) do
    [{_tag, _attributes, children}] = parsed(html)
    LazyHTML.Tree.to_html(children)
  end

  defp parsed(html), do: html |> LazyHTML.from_fragment() |> LazyHTML.to_tree() |> tree()

  defp tree(nodes), do: nodes |> Enum.flat_map(&kept/1)

  defp kept(text) when is_binary(text) do
    case String.trim(text) do
      "" -> []
      text -> [text]
    end
  end

  defp kept({:comment, _text}), do: []

  # The client of tests of LiveView 1.0 escapes once too often what is in a text area.
  if Version.match?(to_string(Application.spec(:phoenix_live_view, :vsn)), "< 1.1.0") do
    defp kept({"textarea", attributes, [text]}) when is_binary(text) do
      plain =
        for {escaped, plain} <- [{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}],
            reduce: text,
            do: (text -> String.replace(text, escaped, plain))

      [{"textarea", attributes |> Enum.reject(&own?/1) |> Enum.sort(), [plain]}]
    end
  end

  defp kept({tag, attributes, children}),
    do: [
      {tag, attributes |> Enum.reject(&own?/1) |> Enum.map(&short/1) |> Enum.sort(),
       tree(children)}
    ]

  # An attribute that is there or not is written in two ways.
  defp short({name, name}), do: {name, ""}
  defp short(attribute), do: attribute

  # An input for files is made of these.
  defp own?({"data-phx-" <> rest, _value})
       when rest in ~w(upload-ref active-refs done-refs preflighted-refs error-refs auto-upload entry-ref),
       do: false

  defp own?({"data-phx-" <> _rest, _value}), do: true
  # Numbers of components differ, and are what a target of one is given as.
  defp own?({"phx-target", target}), do: target =~ ~r/^\d+$/
  defp own?(_attribute), do: false
end
