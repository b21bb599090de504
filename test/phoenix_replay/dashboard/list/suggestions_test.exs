defmodule PhoenixReplay.Dashboard.List.SuggestionsTest do
  use ExUnit.Case, async: true
  doctest PhoenixReplay.Dashboard.List.Suggestions
end
