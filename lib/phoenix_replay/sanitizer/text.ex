defmodule PhoenixReplay.Sanitizer.Text do
  @moduledoc false
  # A text that somebody wrote, as the message of an exception or a line of the log. It has no keys to go
  # by, but what is written in it mostly came from something that had: an inspected map, JSON, a query.
  # So what follows a sensitive name goes: the quotes after it, or else the rest of the line, for nobody
  # knows where a value ends that is not quoted. That is a net with holes: "the password is hunter2"
  # passes through.

  alias PhoenixReplay.{Native, Sanitizer}
  alias PhoenixReplay.Sanitizer.Custom

  @filtered "[FILTERED]"

  # In bytes and in characters. Where a text is cut, a value loses its end and never its name.
  @most_read 4_000
  @longest 1_000

  @doc "How many bytes of a text are looked at."
  @spec most_read() :: pos_integer
  def most_read, do: @most_read

  @doc """
  A text without what is sensitive in it, and not too long to be looked at.

      iex> PhoenixReplay.Sanitizer.Text.scrubbed(~S(bad login: %{"name" => "ada", "password" => "x"}))
      ~S(bad login: %{"name" => "ada", "password" => "[FILTERED]"})
      iex> PhoenixReplay.Sanitizer.Text.scrubbed("GET https://example.com/?token=x&page=2 failed")
      "GET https://example.com/?token=[FILTERED]&page=2 failed"
  """
  @spec scrubbed(iodata) :: String.t()
  def scrubbed(chardata) do
    text = Regex.replace(~r{[a-z][a-z0-9+.\-]*+://[^\s"'<>]++}i, start(chardata), &Custom.url/1)

    names =
      Regex.scan(~r/(?<![\w\-])([A-Za-z_][\w\-]*+)["']?\s*+(?:=>|[=:]|,(?=\s*["']))\s*+/, text,
        return: :index
      )

    text
    |> cut(sensitive(text, names), 0, [])
    |> IO.iodata_to_binary()
    |> String.slice(0, @longest)
  end

  # Bytes that are no UTF-8 end it: nothing that shows it would know what to do with them.
  defp start(text) when is_binary(text) do
    case text
         |> binary_part(0, min(byte_size(text), @most_read))
         |> :unicode.characters_to_binary() do
      valid when is_binary(valid) -> valid
      {_error_or_incomplete, valid, _rest} -> valid
    end
  end

  defp start(chardata) do
    case :unicode.characters_to_binary(chardata) do
      valid when is_binary(valid) -> start(valid)
      {_error_or_incomplete, valid, _rest} -> start(valid)
    end
  end

  # Where values begin that are to go.
  defp sensitive(text, names) do
    named =
      for [{at, size}, {from, length}] <- names, do: {binary_part(text, from, length), at + size}

    seen =
      Native.sanitize(
        Sanitizer.native(),
        Map.new(named, fn {name, _at} -> {name, 0} end),
        :params
      )

    for {name, at} <- named, seen[name] != 0, do: at
  end

  defp cut(text, [at | later], done, kept) when at >= done do
    rest = binary_part(text, at, byte_size(text) - at)
    {size, instead} = value(rest)
    cut(text, later, at + size, [kept, binary_part(text, done, at - done), instead])
  end

  # It stood within what is gone already.
  defp cut(text, [_at | later], done, kept), do: cut(text, later, done, kept)
  defp cut(text, [], done, kept), do: [kept, binary_part(text, done, byte_size(text) - done)]

  defp value(@filtered <> _rest), do: {byte_size(@filtered), @filtered}

  defp value(<<quote, rest::binary>>) when quote in [?", ?'] do
    {1 + quoted(rest, quote, 0), <<quote, @filtered, quote>>}
  end

  defp value(rest) do
    [line | _more] = :binary.split(rest, "\n")
    {byte_size(line), if(line == "", do: "", else: @filtered)}
  end

  # How far the closing quote is, or the end where there is none.
  defp quoted(<<?\\, _escaped, rest::binary>>, quote, size), do: quoted(rest, quote, size + 2)
  defp quoted(<<quote, _rest::binary>>, quote, size), do: size + 1
  defp quoted(<<_byte, rest::binary>>, quote, size), do: quoted(rest, quote, size + 1)
  defp quoted("", _quote, size), do: size
end
