defmodule PhoenixReplay.Sanitizer.Text do
  @moduledoc false
  # A text that somebody wrote, as the message of an exception or a line of the log. It has no keys to go
  # by, so what follows a sensitive name in it goes; core says how far.

  alias PhoenixReplay.{Native, Sanitizer}

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
  def scrubbed(text) when is_binary(text) do
    Sanitizer.native() |> Native.sanitize_text(text) |> String.slice(0, @longest)
  end

  # What is no text ends it: nothing that shows it would know what to do with the rest.
  def scrubbed(chardata) do
    case :unicode.characters_to_binary(chardata) do
      text when is_binary(text) -> scrubbed(text)
      {_error_or_incomplete, text, _rest} -> scrubbed(text)
    end
  end
end
