defmodule PhoenixReplay.LiveNowTest do
  use PhoenixReplay.Case, async: false

  import ExUnit.CaptureLog

  alias Phoenix.PubSub
  alias PhoenixReplay.{DashboardHost, LiveNow}
  alias PhoenixReplay.LiveNow.Teller
  alias PhoenixReplay.Storage.Query

  @everything %Query{}

  test "a looker is told at once, and again when something changed" do
    DashboardHost.run("one", [])
    look = LiveNow.look(@everything)
    assert_receive {:live_now, :running, teller, 1, [%{id: "one", event_count: 5}]}

    :ok = Teller.tick()
    refute_received {:live_now, :running, _teller, _count, _summaries}

    :ok = Store.append_event("one", {2_000, :event, %{name: "save"}})
    :ok = Teller.tick()
    assert_receive {:live_now, :running, ^teller, 1, [%{event_count: 6}]}

    LiveNow.change(look, %Query{event: "nothing"})
    assert_receive {:live_now, :running, ^teller, 0, []}
  end

  test "a recording that is saved is told of to whom it concerns" do
    LiveNow.look(%Query{text: "rows"})
    DashboardHost.record("other", url: "https://host.test/other")
    DashboardHost.record("one", [])
    assert_receive {:live_now, :saved, %{id: "one", bytes: bytes}} when bytes > 0
    refute_received {:live_now, :saved, %{id: "other"}}
  end

  test "a pubsub that is not there for long is told of once" do
    configure(pubsub: No.Such.PubSub)

    log =
      capture_log(fn ->
        for _second <- 1..35, do: send(Teller, :join)
        Teller.tick()
      end)

    assert [_line] = Regex.scan(~r/there is no Phoenix.PubSub No.Such.PubSub/, log)
  end

  test "nothing is looked at once nobody looks" do
    refute Teller.asked?()

    looker =
      start_supervised!({Task, fn -> LiveNow.look(@everything) && Process.sleep(:infinity) end})

    assert eventually(&Teller.asked?/0)
    Process.exit(looker, :kill)
    assert eventually(fn -> not Teller.asked?() end)
  end

  test "without a PubSub no other node is asked" do
    assert Store.open_elsewhere("there") == :error
  end

  describe "over a PubSub" do
    setup do
      start_supervised!({PubSub, name: __MODULE__.PubSub}, id: :pubsub)
      configure(pubsub: __MODULE__.PubSub)
      send(Teller, :join)
      :sys.get_state(Teller)
      :ok
    end

    # What a node that is not this one asks, and hears.
    defp asked(key, where),
      do: {:live_now, :asked, "another node", %LiveNow{key: key, pid: nil, where: where}}

    test "other nodes are told of this one's sessions" do
      DashboardHost.run("one", [])
      PubSub.subscribe(__MODULE__.PubSub, "phoenix_replay:live_now:a key")
      PubSub.broadcast(__MODULE__.PubSub, "phoenix_replay:live_now", asked("a key", @everything))
      assert_receive {:live_now, :running, _teller, 1, [%{id: "one"}]}

      DashboardHost.record("two", [])
      assert_receive {:live_now, :saved, %{id: "two"}}
    end

    test "other nodes are asked, and this one answers once" do
      PubSub.subscribe(__MODULE__.PubSub, "phoenix_replay:live_now")
      look = LiveNow.look(@everything)
      assert_receive {:live_now, :asked, _node, %LiveNow{key: key, pid: nil}}
      assert key == look.key
      assert_receive {:live_now, :running, _teller, 0, []}

      told = {:live_now, :running, "another node", 1, [%{id: "there"}]}
      PubSub.broadcast(__MODULE__.PubSub, "phoenix_replay:live_now:" <> key, told)
      assert_receive ^told
      :sys.get_state(Teller)
      refute_received {:live_now, :running, _teller, _count, _summaries}
    end

    test "a session is given to a node that wants to play it, and asked of the others" do
      DashboardHost.run("here", [])
      PubSub.subscribe(__MODULE__.PubSub, "phoenix_replay:live_now:a key")
      question = {:live_now, :asked, "another node", {:fetch, "a key", "here"}}
      PubSub.broadcast(__MODULE__.PubSub, "phoenix_replay:live_now", question)
      assert_receive {:live_now, :fetched, "here", data}
      assert {:ok, %{event_count: 5}} = PhoenixReplay.Storage.read_summary(data)

      PubSub.subscribe(__MODULE__.PubSub, "phoenix_replay:live_now")
      opening = Task.async(fn -> Store.open_elsewhere("there") end)
      assert_receive {:live_now, :asked, _node, {:fetch, key, "there"}}
      told = {:live_now, :fetched, "there", data}
      PubSub.broadcast(__MODULE__.PubSub, "phoenix_replay:live_now:" <> key, told)
      assert {:ok, timeline} = Task.await(opening)
      assert PhoenixReplay.Timeline.size(timeline) == 5
    end

    test "a PubSub that is started again is joined again" do
      before = :sys.get_state(Teller).pubsub
      stop_supervised!(:pubsub)
      start_supervised!({PubSub, name: __MODULE__.PubSub}, id: :pubsub)
      send(Teller, :join)
      assert eventually(fn -> :sys.get_state(Teller).pubsub not in [nil, before] end)
    end
  end
end
