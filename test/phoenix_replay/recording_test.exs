defmodule PhoenixReplay.RecordingTest do
  use ExUnit.Case, async: true
  alias PhoenixReplay.Recording
  doctest PhoenixReplay.Recording
  doctest PhoenixReplay.Error

  test "a snapshot replaces, a delta adds" do
    recording = %Recording{
      events: [
        {0, :mount, %{assigns: %{a: 1, b: 2}}},
        {5, :assigns, %{delta: %{c: 3}}},
        {6, :info, %{}},
        {7, :assigns, %{snapshot: %{a: 9}}},
        {8, :of_a_later_version, %{x: 1}}
      ]
    }

    assert for(index <- -1..9, do: Recording.accumulated_assigns(recording, index)) ==
             [%{}, %{a: 1, b: 2}, %{a: 1, b: 2, c: 3}, %{a: 1, b: 2, c: 3}] ++
               List.duplicate(%{a: 9}, 7)
  end

  test "ids that are not ours" do
    for id <- ["", "../x", "a/b", "a.b", "é", "a b", String.duplicate("a", 129), nil, :a, 1],
        do: refute(Recording.id?(id))

    for id <- ["a", "A-z_9", String.duplicate("a", 128)], do: assert(Recording.id?(id))
  end
end
