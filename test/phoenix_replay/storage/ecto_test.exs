defmodule PhoenixReplay.Storage.EctoTest do
  use PhoenixReplay.Case

  import Ecto.Query, only: [from: 2]
  import ExUnit.CaptureLog

  alias PhoenixReplay.{Databases, Storage}
  alias PhoenixReplay.Storage.Contract
  alias PhoenixReplay.Storage.Ecto.Row

  @legacy %{
    id: "old",
    view: Zoo.CounterLive,
    url: "https://example.com/counter",
    params: %{},
    session: %{},
    connected_at: 1_000,
    events: [
      {0, :mount, %{assigns: %{count: 0}}},
      {50, :event, %{name: "inc", params: %{}}},
      {51, :assigns, %{delta: %{count: 1}}}
    ]
  }

  defp legacy(repo, id, data) do
    now = DateTime.truncate(DateTime.utc_now(), :second)

    repo.insert_all(Row, [
      %{
        id: id,
        view: inspect(Zoo.CounterLive),
        connected_at: 1_000,
        event_count: 3,
        data: data,
        inserted_at: now,
        updated_at: now
      }
    ])
  end

  defp recorded(id) do
    :ok = Store.start_recording(id, %Recording{view: Zoo.CounterLive, connected_at: 2_000})
    :ok = Store.append_event(id, {0, :event, %{name: "inc", params: %{}}})
    {:ok, recording} = Store.finalize(id)
    recording
  end

  defp columns(repo), do: Storage.Ecto.Database.columns(repo)

  for kind <- [:sqlite, :postgres] do
    describe "#{kind}" do
      @describetag kind

      test "the contract's table works as it is, with rows of the existing package" do
        repo = Databases.start(unquote(kind), [Databases.Contract])
        configure(storage: Storage.Ecto, storage_opts: [repo: repo])
        before = columns(repo)

        json =
          ~s({"id":"json","view":"PhoenixReplay.Zoo.CounterLive","url":"/c","params":{},
          "session":{},"connected_at":1000,"events":[{"offset":0,"type":"mount","payload":{"assigns":{}}}]})

        large = put_in(@legacy.params, %{"x" => Base.encode16(:crypto.strong_rand_bytes(20_000))})

        legacy(repo, "old", :erlang.term_to_binary(@legacy))
        legacy(repo, "large", :erlang.term_to_binary(%{large | id: "large"}))
        legacy(repo, "json", json)
        new = recorded("new")

        assert [%{id: "new"} | old] = Store.list_recording_summaries()
        assert Enum.map(old, & &1.id) == ~w(old large json)
        assert %{url: "https://example.com/counter", duration_ms: 51, event_count: 3} = hd(old)
        assert {:ok, ^new} = Store.get_recording("new")
        assert {:ok, %{events: [_, _, _]}} = Store.get_recording("old")
        assert {:ok, %{events: [_]}} = Store.get_recording("json")
        assert {:ok, %{entries: [%{id: "old"} | _]}} = Store.filter(url: "/counter")
        assert {:error, %Error{message: message}} = Store.pin("old", true)
        assert message =~ "PhoenixReplay.Migrations"
        assert Store.delete_recordings(url: "/counter") == {:ok, 2}
        assert columns(repo) == before
      end

      test "a migration keeps the rows, describes them, and goes back" do
        repo = Databases.start(unquote(kind), [Databases.Contract])
        configure(storage: Storage.Ecto, storage_opts: [repo: repo])
        before = columns(repo)
        legacy(repo, "old", :erlang.term_to_binary(@legacy))
        legacy(repo, "noise", "no recording")
        recorded("new")

        Databases.Repos.migrate(repo, [Databases.Contract, Databases.Full], :up)
        assert "summary" in columns(repo)
        assert Enum.map(Store.list_recording_summaries(), & &1.id) == ~w(new old)
        assert repo.exists?(from(r in Row, where: r.id == "old" and r.bytes > 0))
        assert {:error, %Error{reason: :unreadable}} = Store.get_summary("noise")
        assert {:ok, %{entries: [%{id: "old"}]}} = Store.filter(min_duration_ms: 51)
        assert Store.pin("old", true) == :ok

        Ecto.Migrator.run(repo, [{2, Databases.Full}], :down, all: true, log: false)
        assert Enum.sort(columns(repo)) == Enum.sort(before)
        assert {:ok, %{events: [_, _, _]}} = Store.get_recording("old")
      end

      test "the host's log has none of its queries" do
        for migrations <- [[Databases.Full], [Databases.Contract]] do
          {repo, _log} =
            with_log(fn -> Databases.start(unquote(kind), migrations, log: :error) end)

          full = migrations == [Databases.Full]

          tests =
            if full, do: Keyword.keys(Contract.tests()), else: ~w(keeps_bytes pages deletes)a

          everything = fn ->
            for test <- tests do
              apply(Contract, test, [Storage.Ecto, [repo: repo]])
              Databases.empty(repo)
            end
          end

          assert capture_log(everything) == ""
          assert capture_log(fn -> repo.exists?(Row) end) =~ "QUERY OK"
          stop_supervised!(repo)
        end
      end

      test "one cleaner at a time" do
        repo = Databases.start(unquote(kind), [Databases.Full])
        opts = [repo: repo]

        inner = fn ->
          Task.await(Task.async(fn -> Storage.Ecto.alone(:a, fn -> 1 end, opts) end))
        end

        assert Storage.Ecto.alone(:a, inner, opts) == {:ok, :busy}
        assert Storage.Ecto.alone(:a, fn -> 2 end, opts) == {:ok, 2}
      end

      test "a session of a LiveView is saved and replaced" do
        repo = Databases.start(unquote(kind), [Databases.Full])
        configure(storage: Storage.Ecto, storage_opts: [repo: repo])
        {:ok, view, _html} = live(build_conn(), "/counter")
        render_click(view, "inc")
        id = recording_id(view)
        before = active(view)
        assert close(view) == before
        assert {:ok, %{entries: [%{id: ^id}]}} = Store.filter(event: "inc", view: Zoo.CounterLive)
        assert Store.cleanup() == :ok
        assert Store.clear_all() == :ok
        assert Store.count() == {:ok, 0}
      end
    end
  end
end
