defmodule PhoenixReplay.Recorder.CollectedTest do
  use PhoenixReplay.Case
  use ExUnitProperties

  alias PhoenixReplay.Databases
  alias PhoenixReplay.Recorder.{Attribution, Collected}
  alias PhoenixReplay.Recorder.Collected.Query
  alias PhoenixReplay.Timeline

  doctest Query

  @query [:phoenix_replay, :databases, :repos, :sq_lite, :query]

  setup context do
    configure(collect: Map.get(context, :collect, [[:zoo, :checkout, :stop], @query]))
    Attribution.attach()
    on_exit(&Attribution.detach/0)
  end

  defp visit do
    {:ok, view, _html} = live(build_conn(), "/talking")
    view
  end

  defp collected(view), do: payloads(active(view), :telemetry)

  test "an event of the host is one of the session, with its numbers and single values" do
    view = visit()
    render_hook(view, "measure", %{})

    assert collected(view) == [
             %{
               name: "zoo.checkout.stop",
               us: 1_234,
               measurements: %{duration: 1_234, items: 3},
               metadata: %{cart: "c1", gift: false, result: :ok, url: "/?token=[FILTERED]"}
             }
           ]
  end

  @tag collect: [
         [:phoenix, :live_view, :mount, :stop],
         [:phoenix, :live_view, :handle_params, :stop]
       ]
  test "what comes before the first render is no moment of its own" do
    {:ok, view, _html} = live(build_conn(), "/pages/one")
    assert [_of_mount, _of_handle_params] = collected(view)
    {:ok, timeline} = Store.open(recording_id(view))
    {:ok, %{assigns: seen}} = Timeline.page(timeline, 0)
    assert seen.page == "one"
  end

  test "so is one of a task; not that of a process that nobody of it called" do
    view = visit()
    other = visit()
    render_hook(view, "measure", %{"task" => true})
    :telemetry.execute([:zoo, :checkout, :stop], %{duration: 1}, %{})
    assert [%{name: "zoo.checkout.stop"}] = collected(view)
    assert collected(other) == []
  end

  test "an exception is there with its message" do
    view = visit()
    render_hook(view, "measure", %{"error" => true})
    assert [%{metadata: %{error: "(KeyError) key :a not found"}}] = collected(view)
  end

  test "a query is there with its SQL and times, never with a value" do
    Databases.start(:sqlite, [])
    view = visit()
    sql = "SELECT ?1 AS one, 's3cret' AS two"
    render_hook(view, "measure", %{"sql" => sql, "params" => ["s3cret"]})

    assert [%{sql: "SELECT ?1 AS one, ? AS two", repo: repo} = payload] = collected(view)
    assert repo =~ "Repos.SQLite"
    assert %{query_time: query, total_time: total} = payload.measurements
    assert is_integer(query) and total >= query and payload.us == total
    refute inspect(active(view).events |> Enum.reject(&(elem(&1, 1) == :event))) =~ "s3cret"

    {:ok, timeline} = view |> recording_id() |> Store.open()
    rows = Timeline.rows(timeline, 0, Timeline.size(timeline))
    assert %{label: label, failed?: false} = Enum.find(rows, &(&1.type == :telemetry))
    assert label =~ ~r/sq_lite\.query \d+\.\d ms SELECT \?1 AS one/
  end

  test "there is a limit, and the recording says that there was more" do
    view = visit()
    render_hook(view, "measure", %{"times" => 1_005})
    assert length(collected(view)) == 1_000
    assert [%{stage: :telemetry, reason: reason}] = payloads(active(view), :fault)
    assert reason == "there were more than 1000"
  end

  @tag collect: []
  test "without it no handler is attached" do
    handlers = :telemetry.list_handlers([:zoo, :checkout, :stop])
    refute Enum.any?(handlers, &(&1.id == Collected))
    view = visit()
    render_hook(view, "measure", %{})
    assert collected(view) == []
  end

  property "what is put in quotes into a statement is not there" do
    check all parts <- list_of(string(:printable, max_length: 20), max_length: 5) do
      sql =
        "SELECT " <> Enum.map_join(parts, ", ", &"'#{String.replace("s3cret" <> &1, "'", "''")}'")

      refute Query.without_values(sql <> " WHERE x = $1") =~ "s3cret"
    end
  end

  test "values written into SQL are not there, names and parameters are" do
    for {sql, kept} <- [
          {~s(SELECT u0."id" FROM "users" AS u0 WHERE u0."password" = $1),
           ~s(SELECT u0."id" FROM "users" AS u0 WHERE u0."password" = $1)},
          {~s(INSERT INTO "users" \("token","name"\) VALUES \(?1,?2\)),
           ~s(INSERT INTO "users" \("token","name"\) VALUES \(?1,?2\))},
          {"SELECT 'it''s', 3.5, x1", "SELECT ?, ?, x1"},
          {"SELECT 'a\\', 'b'", "SELECT ?"},
          {"SELECT 'unfinished", "SELECT ?"},
          {"SELECT $tag$ a 'b' $tag$, $$c$$", "SELECT ?, ?"},
          {"SELECT $1, $2, a$b$c, $t$ unfinished 'x'", "SELECT $1, $2, a$b$c, ?"},
          {"SELECT é, 'é'", "SELECT é, ?"},
          {"SELECT 1 'x'", "SELECT ? ?"},
          {"SELECT * FROM t WHERE a=1 AND b IN (2,3) LIMIT 10",
           "SELECT * FROM t WHERE a=? AND b IN (?,?) LIMIT ?"}
        ],
        do: assert(Query.without_values(sql) == kept)
  end
end
