defmodule PhoenixReplay.Dashboard.List.FilterTest do
  use ExUnit.Case, async: true
  use ExUnitProperties

  alias PhoenixReplay.Dashboard.List.Filter
  alias PhoenixReplay.Storage.Query

  @fields ~w(text view event fact release since from to longer shorter errors pinned)

  test "an address becomes conditions" do
    filter =
      Filter.parse(%{
        "text" => " Ann ",
        "view" => "MyApp.CartLive",
        "fact" => "user_id:7",
        "since" => "1h",
        "longer" => "60",
        "errors" => "1",
        "to" => "2026-11-25T09:30"
      })

    assert Filter.where(filter, 10_000_000) == [
             text: "Ann",
             view: "MyApp.CartLive",
             metadata: %{"user_id" => "7"},
             from: 6_400_000,
             to: 1_795_599_000_000,
             min_duration_ms: 60_000,
             errors: true
           ]
  end

  test "what makes no sense is no condition" do
    filter =
      Filter.parse(%{
        "since" => "9y",
        "longer" => "-1",
        "from" => "monday",
        "errors" => "0",
        "text" => ["x"]
      })

    refute Filter.any?(filter)
    assert Filter.where(filter, 0) == []
  end

  test "the later of two beginnings counts" do
    filter = Filter.parse(%{"since" => "1h", "from" => "1970-01-01T00:00:01"})
    assert Filter.where(filter, 3_600_000)[:from] == 1_000
    assert Filter.where(filter, 9_000_000)[:from] == 5_400_000
  end

  property "an address that was written is read as the same filter, and is a query" do
    value =
      one_of([constant(""), string(:printable), member_of(~w(1 24h on 60 2026-01-01T00:00))])

    check all values <- list_of(value, length: length(@fields)) do
      params = @fields |> Enum.zip(values) |> Map.new()
      filter = Filter.parse(params)
      address = filter |> Filter.params() |> URI.encode_query() |> URI.decode_query()
      assert Filter.parse(address) == filter
      assert {:ok, %Query{}} = filter |> Filter.where(0) |> Query.new()
    end
  end
end
