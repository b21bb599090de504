defmodule PhoenixReplay.Persister.JournalTest do
  use PhoenixReplay.Case

  import ExUnit.CaptureLog

  alias PhoenixReplay.{Databases, Native, Persister}
  alias PhoenixReplay.Persister.{Journal, Recovery}
  alias PhoenixReplay.Storage.{Configured, Owner}
  alias PhoenixReplay.Storage.File, as: Files

  defmodule Answerless do
    @moduledoc "Files, which take what is added to a journal, and then do not say so."

    for {name, arity} <- Files.__info__(:functions), name != :journal_append do
      arguments = Macro.generate_arguments(arity, __MODULE__)
      defdelegate unquote(name)(unquote_splicing(arguments)), to: Files
    end

    def journal_append(id, owner, data, opts) do
      {:ok, _bytes} = Files.journal_append(id, owner, data, opts)
      if opts[:answer], do: :ok, else: exit(:timeout)
    end
  end

  # The name this process would have had in an earlier life: certainly gone.
  defp earlier, do: String.replace(Owner.this(), ~r/[^.]*\z/, "earlier")

  defp begin(id, events \\ 3) do
    :ok = Store.start_recording(id, %Recording{view: __MODULE__, url: "/import"})
    for n <- 1..events, do: :ok = Store.append_event(id, {n, :event, %{name: "n#{n}"}})
    Native.session_lookup(id)
  end

  # As a node that was killed leaves it.
  defp left_behind(id) do
    begin(id)
    :ok = Journal.flush()
    leave(id)
  end

  defp leave(id) do
    {:ok, journal} = Configured.journal_fetch(id, Owner.this())
    Native.session_remove(id)
    :ok = Configured.journal_delete([id], Owner.this())
    {:ok, _bytes} = Configured.journal_append(id, earlier(), journal)
    journal
  end

  defp journals do
    {:ok, journals} = Configured.journals()
    for %{id: id, owner: owner} <- journals, do: {id, owner}
  end

  test "what a running session records is journalled, and forgotten once it is saved" do
    session = begin("a")
    refute Native.session_state(session).journalled
    :ok = Journal.flush()
    assert Native.session_state(session).journalled
    assert journals() == [{"a", Owner.this()}]

    assert {:ok, %{events: [_, _, _]}} = Store.finalize("a")
    assert journals() == []
  end

  test "many events are journalled without waiting for the interval" do
    configure(flush: [events: 50, interval_ms: 600_000])
    begin("many", 50)
    begin("few", 49)
    assert eventually(fn -> journals() == [{"many", Owner.this()}] end)
  end

  test "few events are journalled within the interval" do
    configure(flush: [events: 1_000, interval_ms: 200])
    begin("few", 1)
    assert eventually(fn -> journals() == [{"few", Owner.this()}] end)
  end

  test "nothing is journalled where flush is false, and nothing of a view nobody used" do
    configure(flush: false)
    begin("off")
    send(Process.whereis(Journal), :look)
    assert journals() == []

    configure(flush: [events: 1, interval_ms: 100])
    {:ok, view, _html} = live(build_conn(), "/counter")
    :ok = Journal.flush()
    assert Enum.map(journals(), &elem(&1, 0)) == ["off"]
    render_click(view, "inc")
    :ok = Journal.flush()
    assert recording_id(view) in Enum.map(journals(), &elem(&1, 0))
  end

  test "what a killed node left behind becomes a recording that says it was interrupted" do
    listen([:phoenix_replay, :recording, :recovered])
    left_behind("a")
    assert Store.list_recording_summaries() == []
    :ok = Recovery.run()

    assert [%{id: "a", interrupted: true, event_count: 3, url: "/import"}] =
             Store.list_recording_summaries()

    assert {:ok, %{events: [{1, :event, %{name: "n1"}}, _, _]}} = Store.get_recording("a")
    assert_received {_event, %{event_count: 3}, %{id: "a", view: __MODULE__}}
    assert journals() == []
    assert :ok = Recovery.run()
    refute_received {_event, _measured, %{id: "a"}}
  end

  test "a journal that does not say what node it is from is recovered as any other" do
    listen([:phoenix_replay, :recording, :recovered])
    head = :erlang.term_to_binary(%{})
    facts = %{view: V, connected_at: 0, url: nil, head: head, params: %{}, session: %{}}
    {:ok, session} = Native.session_start("nowhere", nil, facts, nil, %{})
    :ok = Native.append_event(session, "inc", %{})
    :ok = Journal.flush()
    leave("nowhere")
    :ok = Recovery.run()
    assert_received {_event, %{event_count: 1}, %{id: "nowhere", node: nil}}
    assert journals() == []
  end

  test "a recording that was saved before the node was killed is not replaced" do
    journal = left_behind("a")
    :ok = Configured.journal_delete(["a"], earlier())
    begin("a", 5)
    {:ok, _recording} = Store.finalize("a")
    {:ok, _bytes} = Configured.journal_append("a", earlier(), journal)
    :ok = Recovery.run()
    assert [%{event_count: 5, interrupted: false}] = Store.list_recording_summaries()
    assert journals() == []
  end

  test "a journal that was cut is a shorter recording, one cut at its beginning is told of" do
    listen([:phoenix_replay, :recording, :failed])
    whole = left_behind("cut")
    {:ok, _bytes} = Configured.journal_append("begun", earlier(), binary_part(whole, 0, 20))
    {:ok, _bytes} = Configured.journal_append("cut", earlier(), binary_part(whole, 0, 40))
    :ok = Recovery.run()
    assert [%{id: "cut", event_count: 3}] = Store.list_recording_summaries()
    assert_received {_event, _measured, %{id: "begun", stage: :recover, error: :truncated}}
    assert journals() == []
  end

  test "what a storage took and did not say so is recovered once", %{folder: folder} do
    answer = fn answer ->
      configure(storage: Answerless, storage_opts: [path: folder, answer: answer])
    end

    answer.(false)
    begin("a")
    assert capture_log(fn -> assert Journal.flush() == :error end) =~ "cannot be journalled"
    :ok = Store.append_event("a", {4, :event, %{name: "n4"}})
    answer.(true)
    assert Journal.flush() == :ok
    leave("a")
    :ok = Recovery.run()
    assert {:ok, %{events: events}} = Store.get_recording("a")
    assert Enum.map(events, fn {at, _type, _payload} -> at end) == [1, 2, 3, 4]
  end

  describe "a journal that was deleted, or taken for left behind, is begun anew" do
    test "in files", %{folder: folder} do
      begun_anew(fn -> File.rm_rf!(folder) end)
    end

    test "in a database" do
      repo = Databases.start(:sqlite, [Databases.Full])
      configure(storage: PhoenixReplay.Storage.Ecto, storage_opts: [repo: repo])
      begun_anew(fn -> repo.delete_all("phoenix_replay_journal") end)
    end

    defp begun_anew(delete) do
      claim = fn -> :ok = Configured.journal_claim("a", Owner.this(), earlier()) end

      for lose <- [delete, claim] do
        begin("a")
        :ok = Journal.flush()
        lose.()
        :ok = Store.append_event("a", {4, :event, %{name: "n4"}})
        assert Journal.flush() == :ok
        leave("a")
        :ok = Recovery.run()
        assert {:ok, %{events: [{1, _, _}, _, _, {4, _, _}]}} = Store.get_recording("a")
        :ok = Store.clear_all()
      end
    end
  end

  test "a session that is erased takes its journal along" do
    begin("a")
    :ok = Journal.flush()
    {:ok, 1} = Store.delete_recordings(ids: ["a"])
    Persister.settle()
    assert journals() == []
  end
end
