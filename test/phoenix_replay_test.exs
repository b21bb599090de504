defmodule PhoenixReplayTest do
  use ExUnit.Case, async: true
  doctest PhoenixReplay
end
