defmodule PhoenixReplay.Persister.SealingTest do
  use PhoenixReplay.Case

  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.{Journal, Sealing}

  # More than one part of a log, of events that are much alike.
  defp begin(id, events \\ 3_000) do
    :ok = Store.start_recording(id, %Recording{view: __MODULE__})
    add(id, 1..events)
    Native.session_lookup(id)
  end

  defp add(id, range) do
    for n <- range do
      params = %{"name" => String.duplicate("a", rem(n, 100)), "n" => n}
      :ok = Store.append_event(id, {n, :event, %{name: "type", params: params}})
    end
  end

  test "what a running session holds is compressed, and read as before" do
    configure(flush: false)
    begin("a")
    {:ok, before} = Store.get_active("a")
    %{inflated_bytes: raw} = Native.session_summary(Native.session_lookup("a"))

    :ok = Sealing.run()
    assert Native.sessions_due() == []
    %{bytes: sealed} = info = PhoenixReplay.info()
    assert sealed < raw / 2
    assert info.events == 3_000
    assert Store.get_active("a") == {:ok, before}

    add("a", 3_001..3_010)
    assert {:ok, %{events: events}} = Store.finalize("a")
    assert Enum.take(events, 3_000) == before.events
    assert length(events) == 3_010
    assert PhoenixReplay.info() == %{sessions: 0, events: 0, bytes: 0}
  end

  test "it happens by itself" do
    configure(flush: false)
    begin("a")
    %{bytes: raw} = PhoenixReplay.info()
    assert eventually(fn -> PhoenixReplay.info().bytes < raw / 2 end)
  end

  test "what is journalled is held as the journal has it" do
    begin("a", 100)
    %{bytes: raw} = PhoenixReplay.info()
    :ok = Journal.flush()
    assert PhoenixReplay.info().bytes < raw / 2
    add("a", 101..200)
    :ok = Journal.flush()
    add("a", 201..210)
    assert {:ok, %{events: events}} = Store.get_active("a")
    assert Enum.map(events, &elem(&1, 0)) == Enum.to_list(1..210)
    assert {:ok, %{events: ^events}} = Store.finalize("a")
  end

  test "a recording is no larger for having been journalled in pieces" do
    configure(flush: false)
    begin("whole", 400)
    configure(flush: [events: 200, interval_ms: 5_000])
    begin("pieces", 1)

    for n <- 2..400 do
      add("pieces", n..n)
      if rem(n, 40) == 0, do: :ok = Journal.flush()
    end

    [whole, pieces] =
      for id <- ["whole", "pieces"] do
        {:ok, data, _summary} = id |> Native.session_lookup() |> Native.session_seal(:etf)
        byte_size(data)
      end

    assert pieces <= whole + 16
  end
end
