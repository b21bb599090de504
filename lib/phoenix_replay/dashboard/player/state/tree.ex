defmodule PhoenixReplay.Dashboard.Player.State.Tree do
  @moduledoc false
  # What a term is made of, one level at a time: steps that lead to its parts. Nothing below a part is
  # looked at, so a level costs the same however deep or large what is under it.
  #
  # A level of more than @width parts is shown in ranges, and ranges in ranges, as a browser's console does.

  @width 100

  defmodule Range do
    @moduledoc false
    # Some of the parts of a list or a map, as one line of the tree.
    defstruct [:parts]
  end

  @type step :: {:key, term} | {:at, non_neg_integer} | {:range, non_neg_integer, non_neg_integer}
  @type path :: [step | {:gone, step}]
  @type part :: {step, term}

  # Their fields say less than they do as a whole.
  @whole [Date, Time, DateTime, NaiveDateTime, Decimal, URI, Version, Regex, PhoenixReplay.Inert]

  @doc "The most parts a level shows before it shows ranges of them."
  @spec width() :: pos_integer
  def width, do: @width

  @doc "Whether there is anything to open."
  @spec branch?(term) :: boolean
  def branch?(%Range{}), do: true
  def branch?(%module{}) when module in @whole, do: false
  def branch?(term) when is_map(term), do: map_size(term) > 0
  def branch?(term) when is_tuple(term), do: tuple_size(term) > 0
  def branch?([_ | rest]), do: is_list(rest)
  def branch?(_leaf), do: false

  @doc "All parts of a term, keys in order, one level deep."
  @spec parts(term) :: [part]
  def parts(%Range{parts: parts}), do: parts
  def parts(%MapSet{} = set), do: set |> Enum.sort() |> parts()
  def parts(%_module{} = struct), do: struct |> Map.from_struct() |> parts()

  def parts(map) when is_map(map),
    do: map |> Enum.sort() |> Enum.map(fn {key, value} -> {{:key, key}, value} end)

  def parts(tuple) when is_tuple(tuple), do: tuple |> Tuple.to_list() |> parts()
  def parts(list) when is_list(list), do: elements(list, 0, [])

  # The tail of an improper list is its last element.
  defp elements([], _at, parts), do: Enum.reverse(parts)

  defp elements([first | rest], at, parts),
    do: elements(rest, at + 1, [{{:at, at}, first} | parts])

  defp elements(tail, at, parts), do: Enum.reverse([{{:at, at}, tail} | parts])

  @doc "Parts as a level shows them: as they are, or in ranges where there are many."
  @spec level([part]) :: [part]
  def level(parts) do
    case length(parts) do
      count when count <= @width -> parts
      count -> ranges(parts, size(count, @width))
    end
  end

  defp size(count, size) when count <= size * @width, do: size
  defp size(count, size), do: size(count, size * @width)

  defp ranges(parts, size) do
    parts
    |> Enum.chunk_every(size)
    |> Enum.with_index(fn chunk, nth ->
      {{:range, nth * size, nth * size + length(chunk) - 1}, %Range{parts: chunk}}
    end)
  end

  @doc "The part of a term at the end of a path, whose ranges are passed over."
  @spec fetch(term, [step]) :: {:ok, term} | :error
  def fetch(term, []), do: {:ok, term}
  def fetch(term, [{:range, _first, _last} | path]), do: fetch(term, path)

  def fetch(%MapSet{} = set, path), do: set |> Enum.sort() |> fetch(path)

  def fetch(map, [{:key, key} | path]) when is_map(map) do
    with {:ok, value} <- Map.fetch(map, key), do: fetch(value, path)
  end

  def fetch(tuple, [{:at, at} | path]) when is_tuple(tuple) and at < tuple_size(tuple),
    do: tuple |> elem(at) |> fetch(path)

  def fetch([first | _rest], [{:at, 0} | path]), do: fetch(first, path)
  def fetch([_first | rest], [{:at, at} | path]), do: fetch(rest, [{:at, at - 1} | path])
  def fetch(tail, [{:at, 0} | path]) when tail != [], do: fetch(tail, path)
  def fetch(_term, _path), do: :error

  @doc "A name for a line of the tree that stays the same as the recording moves on."
  @spec id(path) :: String.t()
  def id(path) do
    :sha256
    |> :crypto.hash(:erlang.term_to_binary(path))
    |> binary_part(0, 9)
    |> Base.url_encode64()
  end

  @doc "What a step is called beside its part."
  @spec label(step) :: String.t()
  def label({:key, key}) when is_atom(key), do: Atom.to_string(key)
  def label({:key, key}), do: inspect(key, limit: 4, printable_limit: 40)
  def label({:at, at}), do: Integer.to_string(at)
  def label({:range, first, last}), do: "#{first} … #{last}"

  @doc """
  A path as a template would write it.

      iex> PhoenixReplay.Dashboard.Player.State.Tree.written([{:key, :rows}, {:at, 0}, {:key, "name"}])
      "@rows[0][\\"name\\"]"
  """
  @spec written([step]) :: String.t()
  def written([{:key, key} | path]) when is_atom(key),
    do: "@#{key}" <> Enum.map_join(path, &below/1)

  def written(path), do: Enum.map_join(path, &below/1)

  defp below({:key, key}) when is_atom(key), do: ".#{key}"
  defp below({:range, _first, _last}), do: ""
  defp below(step), do: "[#{label(step)}]"

  @doc "A term on the line it stands on: in full where it is small, else what it is and how big."
  @spec brief(term) :: String.t()
  def brief(%Range{parts: parts}), do: "#{length(parts)} of them"

  def brief(term) do
    if branch?(term) and not short?(term), do: outline(term), else: printed(term)
  end

  defp short?(term) when is_list(term), do: length(Enum.take(parts(term), 5)) < 5
  defp short?(term) when is_tuple(term), do: tuple_size(term) < 5
  defp short?(%_module{}), do: false
  defp short?(map), do: map_size(map) < 4

  defp outline(%module{}), do: "%#{inspect(module)}{}"
  defp outline(map) when is_map(map), do: "%{#{map_size(map)} keys}"
  defp outline(tuple) when is_tuple(tuple), do: "{#{tuple_size(tuple)} elements}"
  defp outline(list), do: "[#{length(parts(list))} elements]"

  defp printed(term) do
    text = inspect(term, limit: 8, printable_limit: 80, width: :infinity)
    if String.length(text) > 90, do: String.slice(text, 0, 89) <> "…", else: text
  end
end
