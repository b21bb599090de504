defmodule PhoenixReplay.Dashboard.Player.State.Copy do
  @moduledoc false
  # A value as text to take along, in full: as Elixir, or as JSON for tools that know no Elixir.

  @most 2_000_000

  @doc "The text, or `:error` where the value is too large to put on a clipboard."
  @spec text(term, String.t()) :: {:ok, String.t()} | :error
  def text(term, form) do
    if :erlang.external_size(term) <= @most, do: {:ok, write(form, term)}, else: :error
  end

  defp write("json", term),
    do: term |> plain() |> Phoenix.json_library().encode!() |> IO.iodata_to_binary()

  defp write(_elixir, term),
    do: inspect(term, pretty: true, limit: :infinity, printable_limit: :infinity)

  @doc """
  A term in what JSON has: atoms as strings, tuples as arrays, a struct as an object that names it, and
  what has no likeness as Elixir prints it.
  """
  @spec plain(term) :: term
  def plain(term) when is_number(term) or is_boolean(term) or is_nil(term), do: term
  def plain(atom) when is_atom(atom), do: Atom.to_string(atom)
  def plain(text) when is_binary(text), do: if(String.valid?(text), do: text, else: inspect(text))

  def plain(%module{} = date) when module in [Date, Time, DateTime, NaiveDateTime, URI],
    do: to_string(date)

  def plain(%PhoenixReplay.Inert{text: text}), do: text
  def plain(%MapSet{} = set), do: set |> MapSet.to_list() |> plain()

  def plain(%module{} = struct),
    do: struct |> Map.from_struct() |> plain() |> Map.put("__struct__", inspect(module))

  def plain(map) when is_map(map),
    do: Map.new(map, fn {key, value} -> {key(key), plain(value)} end)

  def plain(tuple) when is_tuple(tuple), do: tuple |> Tuple.to_list() |> plain()

  def plain(list) when is_list(list) do
    if List.improper?(list), do: inspect(list), else: Enum.map(list, &plain/1)
  end

  def plain(other), do: inspect(other)

  defp key(key) when is_atom(key), do: Atom.to_string(key)
  defp key(key) when is_binary(key), do: plain(key)
  defp key(key), do: inspect(key)
end
