defmodule PhoenixReplay.Storage.Query do
  @schema [
    view: [
      type: {:or, [:atom, :string]},
      type_doc: "a module or its name",
      doc: "The LiveView's module."
    ],
    url: [type: :string, doc: "Text that the URL contains, in the same case."],
    event: [type: :string, doc: "The name of an event that was handled at least once."],
    from: [
      type: {:custom, __MODULE__, :time, []},
      type_doc: "a `DateTime` or Unix milliseconds",
      doc: "Connected then or later."
    ],
    to: [
      type: {:custom, __MODULE__, :time, []},
      type_doc: "a `DateTime` or Unix milliseconds",
      doc: "Connected then or earlier."
    ],
    min_duration_ms: [type: :non_neg_integer, doc: "At least so long, in milliseconds."],
    max_duration_ms: [type: :non_neg_integer, doc: "At most so long, in milliseconds."],
    errors: [
      type: :boolean,
      doc: "Whether something went wrong: an error was met, or the session crashed or was killed."
    ],
    metadata: [
      type: {:custom, __MODULE__, :facts, []},
      type_doc: "a map or keyword list of scalar values",
      doc:
        "Facts that all have these values, compared as text: `%{user_id: 7}` finds `7` and `\"7\"`."
    ],
    release: [type: :string, doc: "The release it was recorded with."],
    text: [
      type: :string,
      doc: "Text that the id, the URL or a value of the metadata contains, in any case."
    ],
    pinned: [type: :boolean, doc: "Whether it is pinned."],
    ids: [type: {:list, :string}, doc: "One of these ids."]
  ]
  @keys Keyword.keys(@schema)

  @moduledoc """
  Which recordings are meant: conditions that must all hold.

  Given as a keyword list or a map to `PhoenixReplay.Store.filter/2` and its like; a storage gets the
  struct, checked and normalized, in which `nil` is no condition:

  #{NimbleOptions.docs(@schema)}

  A storage that cannot ask its database asks `matches?/2` about each summary.
  """

  alias PhoenixReplay.Error

  defstruct @keys

  @type t :: %__MODULE__{
          view: String.t() | nil,
          url: String.t() | nil,
          event: String.t() | nil,
          from: integer | nil,
          to: integer | nil,
          min_duration_ms: non_neg_integer | nil,
          max_duration_ms: non_neg_integer | nil,
          errors: boolean | nil,
          metadata: [{String.t(), String.t()}] | nil,
          release: String.t() | nil,
          text: String.t() | nil,
          pinned: boolean | nil,
          ids: [String.t()] | nil
        }

  @doc """
  Checks conditions. The error's reason is `:invalid_query`, its message names the condition.

  ## Examples

      iex> {:ok, query} = PhoenixReplay.Storage.Query.new(view: MyApp.CartLive, metadata: %{user_id: 7})
      iex> {query.view, query.metadata}
      {"MyApp.CartLive", [{"user_id", "7"}]}
      iex> {:error, error} = PhoenixReplay.Storage.Query.new(colour: "red")
      iex> error.reason
      :invalid_query
  """
  @spec new(t | map | keyword) :: {:ok, t} | {:error, Error.t()}
  def new(%__MODULE__{} = query), do: {:ok, query}
  def new(%{} = conditions), do: conditions |> Map.to_list() |> new()

  def new(conditions) when is_list(conditions) do
    given = if Keyword.keyword?(conditions), do: without_nil(conditions), else: conditions

    case Keyword.keyword?(given) && NimbleOptions.validate(given, @schema) do
      {:ok, valid} -> {:ok, valid |> Enum.map(&normal/1) |> then(&struct(__MODULE__, &1))}
      {:error, error} -> Error.new(:invalid_query, Exception.message(error))
      false -> no_keywords()
    end
  end

  def new(_other), do: no_keywords()

  defp no_keywords do
    Error.new(
      :invalid_query,
      "takes a keyword list or a map with the keys #{Enum.map_join(@keys, ", ", &inspect/1)}"
    )
  end

  # A form that leaves a field empty sets no condition.
  defp without_nil(conditions), do: Enum.reject(conditions, fn {_key, value} -> value == nil end)

  defp normal({:view, view}), do: {:view, view_name(view)}
  defp normal({:text, text}), do: {:text, String.downcase(text)}
  defp normal(condition), do: condition

  @doc false
  def time(%DateTime{} = time), do: {:ok, DateTime.to_unix(time, :millisecond)}
  def time(time) when is_integer(time), do: {:ok, time}

  def time(other),
    do: {:error, "expected a DateTime or Unix milliseconds, got: #{inspect(other)}"}

  @doc false
  def facts(facts) when is_map(facts) or is_list(facts) do
    if Enum.all?(facts, &fact?/1),
      do: {:ok, facts |> Enum.map(&fact/1) |> Enum.sort()},
      else: {:error, "expected names with scalar values, got: #{inspect(facts)}"}
  end

  def facts(other), do: {:error, "expected a map, got: #{inspect(other)}"}

  defp fact?({name, value}) when is_atom(name) or is_binary(name), do: scalar?(value)
  defp fact?(_other), do: false

  defp scalar?(value), do: is_binary(value) or is_number(value) or is_atom(value)

  @doc "A fact of the metadata as it is compared: both parts as text."
  @spec fact({atom | String.t(), term}) :: {String.t(), String.t()}
  def fact({name, value}), do: {to_string(name), text(value)}

  defp text(value) when is_binary(value), do: value
  defp text(value) when is_atom(value) or is_number(value), do: to_string(value)
  defp text(value), do: inspect(value)

  @doc """
  The name a view goes by, as `inspect/1` writes a module.

  ## Examples

      iex> PhoenixReplay.Storage.Query.view_name(MyApp.CartLive)
      "MyApp.CartLive"
      iex> PhoenixReplay.Storage.Query.view_name("Elixir.MyApp.CartLive")
      "MyApp.CartLive"
  """
  @spec view_name(module | String.t()) :: String.t()
  def view_name(view) when is_atom(view), do: inspect(view)
  def view_name("Elixir." <> name), do: name
  def view_name(name), do: name

  @doc "Whether there is no condition at all, so that every recording is meant."
  @spec all?(t) :: boolean
  def all?(%__MODULE__{} = query), do: query == %__MODULE__{}

  @doc "Whether a recording of this summary is meant."
  @spec matches?(t, map) :: boolean
  def matches?(%__MODULE__{} = query, summary) do
    query
    |> Map.from_struct()
    |> Enum.all?(fn {key, value} -> value == nil or holds?(key, value, summary) end)
  end

  defp holds?(:view, view, summary), do: view_name(summary.view) == view
  defp holds?(:url, url, summary), do: String.contains?(summary[:url] || "", url)
  defp holds?(:event, name, summary), do: is_map_key(summary[:event_names] || %{}, name)
  defp holds?(:from, from, summary), do: summary.connected_at >= from
  defp holds?(:to, to, summary), do: summary.connected_at <= to
  defp holds?(:min_duration_ms, least, summary), do: duration(summary) >= least
  defp holds?(:max_duration_ms, most, summary), do: duration(summary) <= most
  defp holds?(:errors, errors, summary), do: failed?(summary) == errors
  defp holds?(:release, release, summary), do: summary[:release] == release
  defp holds?(:text, text, summary), do: summary |> searched() |> String.contains?(text)
  defp holds?(:pinned, pinned, summary), do: (summary[:pinned] || false) == pinned
  defp holds?(:ids, ids, summary), do: summary.id in ids

  defp holds?(:metadata, asked, summary) do
    known = summary |> metadata() |> Enum.map(&fact/1)
    Enum.all?(asked, &(&1 in known))
  end

  @doc "Whether something went wrong in it, which is what `:errors` asks for."
  @spec failed?(map) :: boolean
  def failed?(summary) do
    (summary[:errors] || 0) > 0 or summary[:error] != nil or
      summary[:ended] in [:crashed, :killed]
  end

  @doc "What `:text` is looked for in, in lower case."
  @spec searched(map) :: String.t()
  def searched(summary) do
    values = for fact <- metadata(summary), do: fact |> fact() |> elem(1)
    [summary.id, summary[:url] || "" | values] |> Enum.join("\n") |> String.downcase()
  end

  defp metadata(summary), do: summary[:metadata] || %{}
  defp duration(summary), do: summary[:duration_ms] || 0
end
