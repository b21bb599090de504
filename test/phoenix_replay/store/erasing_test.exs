defmodule PhoenixReplay.Store.ErasingTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.{Native, Persister}
  alias PhoenixReplay.Persister.Journal
  alias PhoenixReplay.Storage.{Configured, Owner}

  @seven [metadata: %{user_id: 7}]

  test "a running session is ended, and does not come back when its view goes on and ends" do
    {:ok, view, _html} = live(build_conn(), "/member")
    {:ok, kept, _html} = live(build_conn(), "/counter")
    render_click(kept, "inc")
    id = recording_id(view)

    assert Store.delete_recordings(@seven, dry_run: true) == {:ok, 1}
    assert Store.delete_recordings(@seven) == {:ok, 1}
    assert Store.get_active(id) == :error

    assert render_click(view, "put", %{"facts" => %{"user_id" => 7}}) =~ "0"
    stop(view)
    Persister.settle()
    assert Store.get_recording(id) == :error
    assert Store.delete_recordings(@seven) == {:ok, 0}
    assert %{id: other} = close(kept)
    assert {:ok, %{entries: [%{id: ^other}]}} = Store.filter([])
  end

  test "what a node that is gone left of somebody does not come back either" do
    {:ok, view, _html} = live(build_conn(), "/member")
    render_click(view, "put", %{"facts" => %{"a" => 1}})
    id = recording_id(view)
    :ok = Journal.flush()
    {:ok, journal} = Configured.journal_fetch(id, Owner.this())
    Native.session_remove(id)
    :ok = Configured.journal_delete([id], Owner.this())
    {:ok, _bytes} = Configured.journal_append(id, Owner.this() <> "x", journal)
    assert Store.delete_recordings(@seven, dry_run: true) == {:ok, 1}
    assert Store.delete_recordings(@seven) == {:ok, 1}
    assert Configured.journals() == {:ok, []}
    assert Store.count() == {:ok, 0}
  end

  defmodule Slow do
    @moduledoc false
    # Keeps in files, once it is told that it may.
    @behaviour PhoenixReplay.Storage
    alias PhoenixReplay.Storage.File

    def save(id, data, summary, opts) do
      send(opts[:test], {:saving, self()})

      receive do
        :save -> File.save(id, data, summary, Keyword.delete(opts, :test))
      end
    end

    for {name, arity} <- [fetch: 2, summary: 2, list: 2, count: 2, delete: 2, clear: 1, pin: 3] do
      arguments = Macro.generate_arguments(arity - 1, __MODULE__)

      def unquote(name)(unquote_splicing(arguments), opts),
        do: File.unquote(name)(unquote_splicing(arguments), Keyword.delete(opts, :test))
    end
  end

  test "one that is just being saved does not come back either", %{folder: folder} do
    configure(storage: Slow, storage_opts: [path: folder, test: self()])
    {:ok, view, _html} = live(build_conn(), "/member")
    render_click(view, "put", %{"facts" => %{"a" => 1}})
    id = recording_id(view)
    stop(view)
    assert_receive {:saving, task}, 1_000
    assert Native.session_lookup(id) != nil

    assert Store.delete_recordings(@seven) == {:ok, 1}
    send(task, :save)
    Persister.settle()
    assert Store.get_recording(id) == :error
    assert Store.count() == {:ok, 0}
  end
end
