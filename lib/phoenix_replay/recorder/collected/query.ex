defmodule PhoenixReplay.Recorder.Collected.Query do
  @moduledoc false
  # SQL without the values written into it. Parameters are elsewhere, but who builds a statement by hand
  # puts them in. Constants become `?`, as `pg_stat_statements` of PostgreSQL does it: what is in quotes,
  # what is between dollars, and numbers that are no part of a name or a parameter.
  #
  # It runs in the LiveView for each of its queries, so it goes over a statement once.

  @most_read 4_000

  defguardp letter?(byte)
            when byte in ?a..?z or byte in ?A..?Z or byte in ?0..?9 or byte == ?_ or byte > 127

  # After these a digit goes on with a name, or with what stands for a parameter.
  defguardp named?(byte) when letter?(byte) or byte in [?$, ??, ?:, ?@, ?., ?", ?`]

  @doc """
  A statement, its constants replaced.

      iex> PhoenixReplay.Recorder.Collected.Query.without_values("SELECT * FROM users WHERE pin = '12''3' LIMIT 5")
      "SELECT * FROM users WHERE pin = ? LIMIT ?"
  """
  @spec without_values(String.t()) :: String.t()
  def without_values(sql) do
    case sql |> start() |> scan(?\s, "") |> :unicode.characters_to_binary() do
      valid when is_binary(valid) -> valid
      {_error_or_incomplete, valid, _rest} -> valid
    end
  end

  defp start(sql), do: binary_part(sql, 0, min(byte_size(sql), @most_read))

  defp scan("", _before, kept), do: kept
  defp scan(<<?', rest::binary>>, _before, kept), do: scan(quoted(rest), ?', kept <> "?")

  defp scan(<<?$, rest::binary>>, before, kept) when not letter?(before) do
    case between_dollars(rest) do
      nil -> scan(rest, ?$, kept <> "$")
      rest -> scan(rest, ?\s, kept <> "?")
    end
  end

  defp scan(<<digit, rest::binary>>, before, kept) when digit in ?0..?9 and not named?(before),
    do: scan(number(rest), ?0, kept <> "?")

  defp scan(<<byte, rest::binary>>, _before, kept), do: scan(rest, byte, <<kept::binary, byte>>)

  # Where a backslash is in quotes, nobody knows without the database's settings where they end, so all
  # after it goes.
  defp quoted("''" <> rest), do: quoted(rest)
  defp quoted("'" <> rest), do: rest
  defp quoted("\\" <> _rest), do: ""
  defp quoted(<<_byte, rest::binary>>), do: quoted(rest)
  defp quoted(""), do: ""

  # `$$text$$`, or with the same tag on both sides, `$tag$text$tag$`.
  defp between_dollars(rest) do
    with size when size != nil <- tag(rest, 0) do
      <<tag::binary-size(size), ?$, text::binary>> = rest

      case :binary.split(text, <<?$, tag::binary, ?$>>) do
        [_text, rest] -> rest
        [_unfinished] -> ""
      end
    end
  end

  defp tag(<<?$, _rest::binary>>, size), do: size
  defp tag(<<byte, rest::binary>>, size) when letter?(byte), do: tag(rest, size + 1)
  defp tag(_rest, _size), do: nil

  defp number(<<byte, rest::binary>>) when letter?(byte) or byte == ?., do: number(rest)
  defp number(rest), do: rest
end
