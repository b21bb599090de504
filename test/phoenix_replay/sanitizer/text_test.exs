defmodule PhoenixReplay.Sanitizer.TextTest do
  use PhoenixReplay.Case, async: false
  use ExUnitProperties

  alias PhoenixReplay.Sanitizer.Text
  alias PhoenixReplay.Zoo.Secrets

  doctest Text

  test "what a sensitive name leads to goes, as it is written in Elixir, JSON, Erlang, a query or a header" do
    for text <- [
          ~s(%{"password" => "s3cret", "a" => 1}),
          ~s(%{password: "a \\"s3cret\\" b"}),
          ~s([password: "s3cret"]),
          ~s({"user":{"api_key":"s3cret"}}),
          ~s(\#{password => <<"s3cret">>}),
          ~s([{"authorization", "Bearer s3cret"}]),
          "Authorization: Bearer s3cret",
          "cookie: a=1; b=s3cret",
          "token=s3cret&a=1",
          "password:\n  s3cret",
          "user[password]=s3cret",
          "config.api_key = s3cret",
          inspect(~s({"password":"s3cret"})),
          "ecto://me:s3cret@db.example/app",
          ~s(password: "unfinished s3cret)
        ] do
      scrubbed = Text.scrubbed(text)
      refute scrubbed =~ "s3cret"
      assert scrubbed =~ "[FILTERED]"
    end
  end

  test "what is planted elsewhere under every name is not there, as it may be written" do
    for {name, value} <- Secrets.map(:params),
        text <- [
          inspect(%{name => value}),
          inspect([{name, value}]),
          Jason.encode!(%{name => value}),
          inspect(Jason.encode!(%{name => value})),
          "#{name}: #{inspect(value)}",
          "a=1&#{name}=#{inspect(value)}"
        ],
        do: assert(Secrets.found(Text.scrubbed(text)) == MapSet.new(), text)
  end

  test "names of the host's own count" do
    configure(filter_keys: ["iban"])
    assert Text.scrubbed("iban: DE00 1234") == "iban: [FILTERED]"
  end

  test "what names nothing sensitive stays as it is" do
    for text <- [
          "no route for GET /orders",
          "at 10:15: 3 items, total=4",
          "token_count: 5",
          "",
          "é ok"
        ],
        do: assert(Text.scrubbed(text) == text)
  end

  test "chardata, and bytes that are no text, end where they stop being one" do
    assert Text.scrubbed(["a", ?b, [~c"c"]]) == "abc"
    assert Text.scrubbed("ab" <> <<255>> <> "c") == "ab"
    assert Text.scrubbed(["ab", <<255>>]) == "ab"
  end

  property "the text is valid, is not long, and does not hold the secret, wherever it is cut" do
    check all before <- string(:printable, max_length: 4_200), quoted <- boolean() do
      secret = "s3cret" <> String.duplicate("x", 50)
      value = if quoted, do: inspect(secret), else: secret
      scrubbed = Text.scrubbed(before <> " password: " <> value)
      assert String.valid?(scrubbed)
      assert String.length(scrubbed) <= 1_000
      refute scrubbed =~ "s3cret"
    end
  end
end
