defmodule PhoenixReplay.Recorder.Collected.Query do
  @moduledoc false
  # SQL without the values written into it. Parameters are elsewhere, but who builds a statement by hand
  # puts them in. Constants become `?`, as `pg_stat_statements` of PostgreSQL does it.

  @most_read 4_000

  @doc """
  A statement, its constants replaced.

      iex> PhoenixReplay.Recorder.Collected.Query.without_values("SELECT * FROM users WHERE pin = '12''3' LIMIT 5")
      "SELECT * FROM users WHERE pin = ? LIMIT ?"
  """
  @spec without_values(String.t()) :: String.t()
  def without_values(sql) do
    sql
    |> binary_part(0, min(byte_size(sql), @most_read))
    |> String.replace(constant(), "?")
    |> valid()
  end

  # In quotes, between dollars, and numbers that are no part of a name or a parameter. Where a backslash is
  # in quotes, nobody knows without the database's settings where they end, so all after it goes. So does
  # what is cut off within quotes.
  defp constant do
    ~r/'(?:[^'\\]|'')*+(?:'|\\.*+|\z)|\$(\w*+)\$.*?(?:\$\1\$|\z)|(?<![\w$?:@."`])\d[\w.]*+/s
  end

  defp valid(sql) do
    case :unicode.characters_to_binary(sql) do
      valid when is_binary(valid) -> valid
      {_error_or_incomplete, valid, _rest} -> valid
    end
  end
end
