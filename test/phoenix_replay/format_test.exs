defmodule PhoenixReplay.FormatTest do
  @moduledoc false
  # What docs/FORMAT.md says is what is written: `ReadRecording` is the reader it shows.
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.Native

  property "the reader of docs/FORMAT.md reads every event" do
    check all(events <- list_of(event(), min_length: 1, max_length: 40), max_runs: 100) do
      id = "format-#{System.unique_integer([:positive])}"
      :ok = Store.start_recording(id, %Recording{view: SomeLive})
      for event <- events, do: :ok = Store.append_event(id, event)
      {:ok, _recording} = Store.finalize(id)

      {:ok, data} = PhoenixReplay.Storage.File.fetch(id, PhoenixReplay.Config.get(:storage_opts))
      read = ReadRecording.read(data)
      assert read.head.id == id
      assert read.summary.event_count == length(events)
      assert read.events == events
    end
  end

  test "the reader of docs/FORMAT.md reads an event of a journal once" do
    :ok = Store.start_recording("a", %Recording{view: SomeLive})
    session = Native.session_lookup("a")

    flushed =
      for n <- 1..3 do
        :ok = Store.append_event("a", {0, :custom, %{n: n}})
        {:ok, members, mark} = Native.session_unflushed(session)
        # Nobody hears that the second is written.
        if n != 2, do: true = Native.session_flushed(session, mark, nil)
        members
      end

    read = ReadRecording.read(Enum.join(flushed))
    assert {read.head.id, read.summary} == {"a", nil}
    assert read.events == for(n <- 1..3, do: {0, :custom, %{n: n}})
  end

  # Few names and few keys, so that most events look like another.
  defp event do
    clicked = fixed_map(%{name: member_of(["a", "b"]), params: params()})
    changed = fixed_map(%{delta: optional_map(Map.new([:a, :b, :"$"], &{&1, value()}))})

    one_of([
      map(clicked, &{0, :event, &1}),
      map(changed, &{0, :assigns, &1}),
      map(value(), &{0, :custom, %{value: &1}})
    ])
  end

  defp params, do: optional_map(Map.new(["x", "y", 7], &{&1, value()}))

  defp value do
    plain =
      one_of([integer(-1..400), string(:ascii), member_of([nil, :"$", {:"$", 0}, %{{1} => 2}])])

    one_of([
      plain,
      list_of(plain, max_length: 4),
      map({plain, plain}, fn {item, tail} -> [item | tail] end),
      tuple({plain, plain})
    ])
  end
end
