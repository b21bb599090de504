defmodule PhoenixReplay.Demo.Comparison do
  @moduledoc """
  Compares the HTML a live client held with the HTML of a replay.

  Only what cannot be the same is put out of sight first: the signed tokens and generated ids LiveView
  puts on its elements, what was typed into a password field, which is never recorded, and the white
  space between elements, which the client of `Phoenix.LiveViewTest` throws away.
  """

  @generated ~w(data-phx-id data-phx-component data-phx-session data-phx-static data-phx-main
               data-phx-stream data-phx-parent-id phx-target)

  defstruct [:live, :replayed]

  @type t :: %__MODULE__{live: String.t(), replayed: String.t()}

  @doc "Both sides, ready to be compared: `live` as the client had it, its root element included."
  @spec new(String.t(), String.t()) :: t
  def new(live, replayed) do
    %__MODULE__{
      live: live |> tree() |> inside_root() |> html(),
      replayed: replayed |> tree() |> html()
    }
  end

  @spec equal?(t) :: boolean
  def equal?(%__MODULE__{live: same, replayed: same}), do: same != ""
  def equal?(%__MODULE__{}), do: false

  @doc "The first place where the two differ, with a little around it, for a person to read."
  @spec difference(t) :: String.t()
  def difference(%__MODULE__{live: live, replayed: replayed}) do
    at = :binary.longest_common_prefix([live, replayed])
    "at byte #{at}\n    live:     #{around(live, at)}\n    replayed: #{around(replayed, at)}"
  end

  # Cut by bytes, so that it may start inside a character: shown with inspect/1.
  defp around(html, at) do
    from = max(at - 60, 0)
    html |> binary_part(from, min(160, byte_size(html) - from)) |> inspect(binaries: :as_strings)
  end

  defp tree(html) do
    html
    |> LazyHTML.from_fragment()
    |> LazyHTML.to_tree(sort_attributes: true, skip_whitespace_nodes: true)
  end

  defp inside_root([{_tag, _attributes, children}]), do: children

  defp html(nodes), do: nodes |> Enum.map(&plain/1) |> LazyHTML.from_tree() |> LazyHTML.to_html()

  defp plain({tag, attributes, children}) do
    attributes = Enum.reject(attributes, fn {name, _value} -> name in @generated end)

    attributes =
      if {"type", "password"} in attributes,
        do: List.keystore(attributes, "value", 0, {"value", "…"}),
        else: attributes

    {tag, attributes, Enum.map(children, &plain/1)}
  end

  defp plain(text_or_comment), do: text_or_comment
end
