defmodule PhoenixReplay.Store.QueryTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Storage.{Owner, Query}

  doctest PhoenixReplay.Storage.Query
  doctest PhoenixReplay.Storage

  defp recorded(id, connected_at, event) do
    :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: connected_at})
    :ok = Store.append_event(id, {0, :event, %{name: event, params: %{}}})
    {:ok, _recording} = Store.finalize(id)
  end

  defp ids({:ok, %{entries: entries}}), do: Enum.map(entries, & &1.id)

  test "filters and counts" do
    for n <- 1..4, do: recorded("r#{n}", n, if(rem(n, 2) == 0, do: "even", else: "odd"))
    assert ids(Store.filter(event: "even")) == ["r4", "r2"]
    assert ids(Store.filter(%{view: Zoo.CounterLive, from: 3})) == ["r4", "r3"]
    assert Store.count() == {:ok, 4}
    assert Store.count(event: "odd", to: 2) == {:ok, 1}
    assert {:ok, %{entries: [%{id: "r4"}], next: next}} = Store.filter([event: "even"], limit: 1)
    assert ids(Store.filter([event: "even"], limit: 1, after: next)) == ["r2"]
  end

  test "wrong conditions are errors that name them" do
    for {where, word} <- [
          {[colour: 1], "colour"},
          {[errors: 1], "errors"},
          {[from: "x"], "from"},
          {[metadata: %{a: %{}}], "metadata"},
          {"x", "metadata"},
          {[1], "metadata"}
        ] do
      assert {:error, %Error{reason: :invalid_query, message: message}} = Store.filter(where)
      assert message =~ word
      assert {:error, %Error{reason: :invalid_query}} = Store.count(where)
      assert {:error, %Error{reason: :invalid_query}} = Store.delete_recordings(where)
    end

    for opts <- [[limit: 0], [limit: :all], [after: "r1"], [offset: 5]],
        do: assert({:error, %Error{reason: :invalid_query}} = Store.filter([], opts))
  end

  test "deletes what meets the conditions, sessions that run included" do
    for n <- 1..3, do: recorded("r#{n}", n, "a")
    recorded("other", 4, "b")
    {:ok, view, _html} = live(build_conn(), "/counter")
    render_click(view, "inc")
    id = recording_id(view)

    assert Store.delete_recordings(view: Zoo.CounterLive) == {:ok, 5}
    assert Store.list_recording_summaries() == []
    assert Store.list_active_summaries() == []

    # The session goes on unrecorded and leaves nothing behind.
    assert render_click(view, "inc") =~ "2"
    stop(view)
    Persister.settle()
    assert Store.get_recording(id) == :error
    assert Native.session_lookup(id) == nil
  end

  test "deleting without a condition is refused" do
    recorded("kept", 1, "a")

    assert {:error, %Error{reason: :invalid_query, message: message}} =
             Store.delete_recordings([])

    assert message =~ "clear_all"
    assert ids(Store.filter([])) == ["kept"]
  end

  test "pins" do
    recorded("r1", 1, "a")
    assert Store.pin("r1", true) == :ok
    assert {:ok, %{pinned: true, bytes: bytes}} = Store.get_summary("r1")
    assert bytes > 0
    assert Store.pin("r1", false) == :ok
    assert ids(Store.filter(pinned: true)) == []
    assert Store.pin("none", true) == :error
  end

  test "with an authorize a page makes up for what is refused" do
    for n <- 1..9, do: recorded("r#{n}", n, "a")
    configure(authorize: fn recording -> rem(recording.connected_at, 3) == 0 end)
    assert {:ok, %{entries: [%{id: "r9"}, %{id: "r6"}], next: next}} = Store.summaries(limit: 2)
    assert {:ok, %{entries: [%{id: "r3"}], next: nil}} = Store.summaries(limit: 2, after: next)
    assert Store.count() == {:ok, 3}
    assert Store.pin("r1", true) == :error
  end

  test "a page makes up for what who asks leaves out, too" do
    for n <- 1..9, do: recorded("r#{n}", n, "a")
    odd = &(rem(&1.connected_at, 2) == 1)
    assert {:ok, %{entries: entries, next: next}} = Store.summaries(limit: 3, only: odd)
    assert Enum.map(entries, & &1.id) == ~w(r9 r7 r5)
    assert ids(Store.filter([], limit: 3, after: next, only: odd)) == ~w(r3 r1)
    assert ids(Store.filter([from: 6], only: odd)) == ~w(r9 r7)
    assert Store.delete_listed(entries) == :ok
    assert Store.delete_listed([]) == :ok
    assert ids(Store.filter([])) == ~w(r8 r6 r4 r3 r2 r1)
  end

  test "a filter of a page takes a summary" do
    assert {:error, %Error{reason: :invalid_query, message: message}} =
             Store.summaries(only: true)

    assert message =~ "only: true"
  end

  test "an owner is gone when its process is, or after a long silence" do
    this = Owner.this()
    refute Owner.gone?(this, 1_000_000, 10)
    [machine, pid, _random] = String.split(this, ".")
    assert Owner.gone?("#{machine}.#{pid}.before", 0, 10_000)
    assert Owner.gone?("#{machine}.999999999.before", 0, 10_000)
    refute Owner.gone?("elsewhere.#{pid}.before", 0, 10_000)
    assert Owner.gone?("elsewhere.#{pid}.before", 10_000, 10_000)
    refute Query.all?(struct(Query, ids: []))
  end
end
