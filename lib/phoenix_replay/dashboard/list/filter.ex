defmodule PhoenixReplay.Dashboard.List.Filter do
  @moduledoc false
  # What of the list is asked for, as it stands in the page's address: a list is a link.
  #
  #     ?text=ann&view=CartLive&event=pay&since=24h&longer=60&errors=1&fact=user_id:7&release=1.4.0&pinned=1
  #
  # A value that makes no sense is no condition. With `inside=1` the text is not one either: it is looked
  # for in the recordings themselves.

  @times %{"1h" => 3_600_000, "24h" => 86_400_000, "7d" => 7 * 86_400_000}
  @texts ~w(text view event fact release)a
  @seconds ~w(longer shorter)a
  @moments ~w(from to)a
  @switches ~w(errors pinned inside)a
  @keys @texts ++ [:since | @moments] ++ @seconds ++ @switches

  defstruct @keys

  @type t :: %__MODULE__{
          text: String.t() | nil,
          view: String.t() | nil,
          event: String.t() | nil,
          fact: String.t() | nil,
          release: String.t() | nil,
          since: String.t() | nil,
          from: NaiveDateTime.t() | nil,
          to: NaiveDateTime.t() | nil,
          longer: non_neg_integer | nil,
          shorter: non_neg_integer | nil,
          errors: boolean | nil,
          pinned: boolean | nil,
          inside: boolean | nil
        }

  @doc "From the parameters of an address or a form."
  @spec parse(map) :: t
  def parse(params) do
    struct(__MODULE__, for(key <- @keys, do: {key, value(key, params[Atom.to_string(key)])}))
  end

  defp value(key, text) when is_binary(text) do
    case {key, text |> String.slice(0, 200) |> String.trim()} do
      {_key, ""} -> nil
      {key, text} when key in @texts -> text
      {:since, text} -> if is_map_key(@times, text), do: text
      {key, text} when key in @moments -> moment(text)
      {key, text} when key in @seconds -> seconds(text)
      {_switch, text} -> if text in ["1", "true", "on"], do: true
    end
  end

  defp value(_key, _none), do: nil

  # A browser leaves the seconds out where they are 0.
  defp moment(text) do
    text = if String.length(text) == 16, do: text <> ":00", else: text

    case NaiveDateTime.from_iso8601(text) do
      {:ok, moment} -> NaiveDateTime.truncate(moment, :second)
      {:error, _reason} -> nil
    end
  end

  defp seconds(text) do
    case Integer.parse(text) do
      {seconds, ""} when seconds in 0..1_000_000_000 -> seconds
      _other -> nil
    end
  end

  @doc "As the parameters of an address."
  @spec params(t) :: [{atom, String.t()}]
  def params(%__MODULE__{} = filter) do
    for key <- @keys, value = Map.fetch!(filter, key), do: {key, text(value)}
  end

  @doc "A value as a form's field shows it."
  @spec text(term) :: String.t() | nil
  def text(nil), do: nil
  def text(true), do: "1"
  def text(%NaiveDateTime{} = moment), do: NaiveDateTime.to_iso8601(moment)
  def text(value), do: to_string(value)

  @doc "Whether anything is asked for at all."
  @spec any?(t) :: boolean
  def any?(%__MODULE__{} = filter), do: filter != %__MODULE__{}

  @doc "How many conditions of these stand."
  @spec count(t, [atom]) :: non_neg_integer
  def count(%__MODULE__{} = filter, keys), do: Enum.count(keys, &(Map.fetch!(filter, &1) != nil))

  @doc "As conditions of `PhoenixReplay.Storage.Query`, `now` being in Unix milliseconds."
  @spec where(t, integer) :: keyword
  def where(%__MODULE__{} = filter, now) do
    [
      text: if(filter.inside, do: nil, else: filter.text),
      view: filter.view,
      event: filter.event,
      release: filter.release,
      metadata: fact(filter.fact),
      from: from(filter, now),
      to: unix(filter.to),
      min_duration_ms: filter.longer && filter.longer * 1_000,
      max_duration_ms: filter.shorter && filter.shorter * 1_000,
      errors: filter.errors,
      pinned: filter.pinned
    ]
    |> Enum.reject(fn {_key, value} -> value == nil end)
  end

  @doc """
  What is looked for inside recordings, `nil` if nothing is: a text, `=42` the number, `/colou?r/` a
  regular expression.
  """
  @spec sought(t) :: String.t() | number | Regex.t() | nil
  def sought(%__MODULE__{inside: true, text: text}) when text != nil do
    with :error <- number(text), :error <- regex(text), do: text
  end

  def sought(_filter), do: nil

  defp number("=" <> text) do
    case Float.parse(text) do
      {number, ""} -> if trunc(number) == number, do: trunc(number), else: number
      _no_number -> :error
    end
  end

  defp number(_text), do: :error

  defp regex(text) do
    with [_all, source] <- Regex.run(~r{\A/(.+)/\z}s, text),
         {:ok, regex} <- Regex.compile(source, "u") do
      regex
    else
      _no_regex -> :error
    end
  end

  # `user_id:7`; with a name alone, one whose value is empty.
  defp fact(nil), do: nil

  defp fact(text) do
    [name | value] = String.split(text, ~r/\s*[:=]\s*/, parts: 2)
    %{name => Enum.join(value)}
  end

  defp from(%{since: since, from: from}, now) do
    [since && now - @times[since], unix(from)]
    |> Enum.reject(&is_nil/1)
    |> Enum.max(fn -> nil end)
  end

  defp unix(nil), do: nil

  defp unix(moment),
    do: moment |> DateTime.from_naive!("Etc/UTC") |> DateTime.to_unix(:millisecond)
end
