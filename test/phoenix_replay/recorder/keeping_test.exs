defmodule PhoenixReplay.Recorder.KeepingTest do
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Persister.Journal
  alias PhoenixReplay.Recorder.{Attribution, Keeping, Slow}
  alias PhoenixReplay.Storage.Configured

  defmodule Reluctant do
    @moduledoc "Files, whose journals it deletes once the option `ask` says so."
    alias PhoenixReplay.Storage.File, as: Files

    for {name, arity} <- Files.__info__(:functions), name != :journal_delete do
      arguments = Macro.generate_arguments(arity, __MODULE__)
      defdelegate unquote(name)(unquote_splicing(arguments)), to: Files
    end

    def journal_delete(ids, owner, opts) do
      if opts[:ask].(), do: Files.journal_delete(ids, owner, opts), else: {:error, :eio}
    end
  end

  @moduletag :capture_log

  setup do
    configure(keep: [errors: true, slower_than: 100, rate: 0.0])
    listen([:phoenix_replay, :recording, :discarded])
    listen([:phoenix_replay, :recording, :persisted])
  end

  # A session in which something was done, and what became of it.
  defp lived(path \\ "/talking", deeds) do
    {:ok, view, _html} = live(build_conn(), path)
    render_hook(view, "change", %{})
    id = recording_id(view)
    deeds.(view)
    Process.flag(:trap_exit, true)
    if Process.alive?(view.pid), do: stop(view)
    became(id)
  end

  defp became(id) do
    receive do
      {[_, _, :discarded], _measured, %{id: ^id, reason: reason}} ->
        gone(id)
        assert Store.get_recording(id) == :error
        reason

      {[_, _, :persisted], _measured, %{id: ^id}} ->
        :kept
    after
      3_000 -> flunk("nothing became of it")
    end
  end

  test "a session in which nothing special happened is not kept" do
    assert lived(fn _view -> :ok end) == :not_kept
  end

  test "one that crashed is, unless errors are of no interest" do
    boom = fn view ->
      Process.flag(:trap_exit, true)
      monitor = Process.monitor(view.pid)
      send(view.pid, :boom)
      assert_receive {:DOWN, ^monitor, :process, _pid, _reason}, 1_000
    end

    assert lived(boom) == :kept
    configure(keep: [errors: false])
    assert lived(boom) == :not_kept
  end

  test "one that logged an error is, where the log is recorded" do
    complain = &render_hook(&1, "say", %{"text" => "no stock"})
    warn = &render_hook(&1, "say", %{"level" => "warning", "text" => "little stock"})
    assert lived(complain) == :not_kept

    configure(logs: [level: :warning])
    Attribution.attach()
    on_exit(&Attribution.detach/0)
    assert lived(complain) == :kept
    assert lived(warn) == :not_kept
  end

  test "one with a slow step is" do
    Slow.attach()
    on_exit(&Slow.detach/0)
    assert lived(&render_hook(&1, "sleep", %{"ms" => 102})) == :kept
    configure(keep: [slower_than: 60_000])
    assert lived(&render_hook(&1, "sleep", %{"ms" => 102})) == :not_kept
  end

  test "of the others the rate is" do
    configure(keep: [rate: 1.0])
    assert lived(fn _view -> :ok end) == :kept
  end

  test "a live session may have its own" do
    assert lived("/keeping", fn _view -> :ok end) == :kept
    configure(keep: nil)
    assert lived(fn _view -> :ok end) == :kept
  end

  test "nobody's session is discarded as that" do
    {:ok, view, _html} = live(build_conn(), "/pages/one")
    id = recording_id(view)
    stop(view)
    assert became(id) == :no_interaction
  end

  test "what is recorded by id is kept, for somebody asked for it" do
    :ok = Store.start_recording("by-id", %Recording{view: __MODULE__})
    :ok = Store.append_event("by-id", {1, :event, %{name: "x"}})
    assert {:ok, _recording} = Store.finalize("by-id")
    assert {:ok, _recording} = Store.get_recording("by-id")
  end

  test "it is journalled while nobody knows, and nothing of it is left" do
    {:ok, view, _html} = live(build_conn(), "/talking")
    render_hook(view, "change", %{})
    id = recording_id(view)
    :ok = Journal.flush()
    assert {:ok, [%{id: ^id}]} = Configured.journals()
    stop(view)
    assert became(id) == :not_kept
    Persister.settle()
    assert Configured.journals() == {:ok, []}
  end

  test "nothing is left of it where a storage deletes its journal later", %{folder: folder} do
    listen([:phoenix_replay, :recording, :failed])
    {:ok, asked} = Agent.start_link(fn -> 0 end)
    ask = fn -> Agent.get_and_update(asked, &{&1 > 0, &1 + 1}) end
    configure(storage: Reluctant, storage_opts: [path: folder, ask: ask])

    {:ok, view, _html} = live(build_conn(), "/talking")
    render_hook(view, "change", %{})
    id = recording_id(view)
    :ok = Journal.flush()
    stop(view)
    assert became(id) == :not_kept
    assert_received {[_, _, :failed], _measured, %{id: ^id, stage: :discard, kept: false}}
    assert Configured.journals() == {:ok, []}
  end

  property "an id is drawn once and for all, and as often as the rate says" do
    check all rate <- float(min: 0.0, max: 1.0), max_runs: 5 do
      kept = Enum.count(1..400, fn _nth -> drawn(rate) end)

      # Six standard deviations, and some for rates so small that they say little: not in a lifetime.
      assert abs(kept - 400 * rate) <= 6 * :math.sqrt(400 * rate * (1 - rate)) + 5
    end
  end

  defp drawn(rate) do
    limits = {nil, nil, nil, Keeping.keep(keep: [rate: rate])}
    facts = {__MODULE__, 0, :erlang.term_to_binary(%{}), {%{}, %{}}, nil, nil}
    {:ok, id, session} = Native.session_begin(facts, {nil, nil}, nil, limits)
    kept = Native.session_state(session).kept
    assert Native.session_state(session).kept == kept
    Native.session_remove(id)
    kept
  end
end
