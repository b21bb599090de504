defmodule PhoenixReplay.Dashboard.Player.Events.Filter do
  @moduledoc false
  # Which events the list shows: kinds that are switched off, and a text in what a row says.

  alias PhoenixReplay.Dashboard.Player.{Events.Row, Overview}
  alias PhoenixReplay.Timeline

  @kinds ~w(event nav message render error)

  defstruct hidden: [], text: ""

  @type t :: %__MODULE__{hidden: [String.t()], text: String.t()}

  @doc "The kinds there are, in the order they are offered."
  @spec kinds() :: [String.t()]
  def kinds, do: @kinds

  @doc """
  From what a form sends: `"kinds"` are those to show.

      iex> PhoenixReplay.Dashboard.Player.Events.Filter.parse(%{"kinds" => ["event"], "text" => " Save "})
      %PhoenixReplay.Dashboard.Player.Events.Filter{hidden: ["nav", "message", "render", "error"], text: " Save "}
  """
  @spec parse(map) :: t
  def parse(params) do
    shown = params["kinds"]
    text = params["text"]

    %__MODULE__{
      hidden: if(is_list(shown), do: @kinds -- shown, else: @kinds),
      text: if(is_binary(text), do: String.slice(text, 0, 200), else: "")
    }
  end

  @doc "Whether it lets everything by."
  @spec open?(t) :: boolean
  def open?(%__MODULE__{hidden: hidden, text: text}), do: hidden == [] and tidy(text) == ""

  @doc "Whether a row is shown."
  @spec shows?(t, Timeline.row()) :: boolean
  def shows?(%__MODULE__{hidden: hidden, text: text}, row) do
    Overview.kind(row) not in hidden and says?(row, tidy(text))
  end

  defp tidy(text), do: text |> String.trim() |> String.downcase()

  defp says?(_row, ""), do: true

  defp says?(row, text) do
    String.contains?(String.downcase("#{Row.title(row)} #{Row.about(row)}"), text)
  end
end
