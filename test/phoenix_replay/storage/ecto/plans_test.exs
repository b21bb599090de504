# That the database answers conditions from the indexes made for them, as it says itself.
conditions = [
  newest: [],
  newest: [from: 1_000, to: 1_010],
  newest: [errors: false],
  view: [view: URI],
  text: [url: "/rare/100%"],
  text: [text: "rare/100%"],
  facts: [event: "rare"],
  facts: [metadata: %{user_id: 7, plan: "pro"}],
  facts: [event: "save", metadata: %{user_id: 7}],
  release: [release: "2.0.0"],
  duration: [min_duration_ms: 3_999],
  duration: [max_duration_ms: 2],
  failed: [errors: true],
  pinned: [pinned: true]
]

for kind <- [:sqlite, :postgres] do
  defmodule Module.concat(PhoenixReplay.Storage.Ecto, "#{Macro.camelize("#{kind}")}PlansTest") do
    use ExUnit.Case
    @moduletag kind

    import Ecto.Query, only: [select: 3]

    alias PhoenixReplay.{Databases, Storage}
    alias PhoenixReplay.Storage.Ecto.{Conditions, Database, Described, Row}
    alias PhoenixReplay.Storage.Query

    @kind kind
    @rows 4_000

    setup_all do
      repo = Databases.start(@kind, [Databases.Full])
      1..@rows |> Enum.map(&row/1) |> Enum.chunk_every(500) |> Enum.each(&insert(repo, &1))
      if @kind == :postgres, do: repo.query!("ANALYZE phoenix_replay_recordings")
      {:ok, database: Database.of(repo: repo)}
    end

    for {index, where} <- conditions do
      test "a page with #{inspect(where)} is read from an index", %{database: database} do
        {:ok, where} = Query.new(unquote(Macro.escape(where)))
        page = Described.query(%{where: where, limit: 50, after: nil}, database)
        assert explain(database, page) =~ index(unquote(index))
      end
    end

    test "so is the page behind one, and how many there are", %{database: database} do
      {:ok, where} = Query.new(url: "example.com")
      page = Described.query(%{where: where, limit: 50, after: {900, "r900"}}, database)
      assert explain(database, page) =~ index(:newest)
      {:ok, where} = Query.new(event: "rare")
      count = where |> Conditions.where(database) |> select([r], count())
      assert explain(database, count) =~ index(:facts)
    end

    # SQLite reads all conditions from one index, but for the few rows of a kind that has one of its own.
    if kind == :sqlite do
      defp index(name) when name in [:failed, :pinned], do: name(name)
      defp index(_name), do: "COVERING INDEX " <> name(:newest)
    else
      defp index(name), do: name(name)
    end

    defp name(name), do: "phoenix_replay_recordings_#{name}"

    defp explain(%{repo: repo}, query), do: Ecto.Adapters.SQL.explain(repo, :all, query)

    defp insert(repo, rows), do: repo.insert_all(Row, rows)

    defp row(n) do
      rare = n == 100

      {data, summary} =
        Storage.Contract.recording("r#{n}", n, %{
          view: if(rare, do: URI, else: Enum),
          url: "https://example.com/#{if rare, do: "rare/100%/"}carts/#{n}",
          event_names: if(rare, do: %{"rare" => 1, "save" => 1}, else: %{"save" => 1}),
          metadata: %{"user_id" => n, "plan" => "pro"},
          release: if(rare, do: "2.0.0", else: "1.0.0"),
          errors: if(rem(n, 200) == 0, do: 1, else: 0),
          duration_ms: n
        })

      summary.id
      |> Row.contract(data, summary)
      |> Map.merge(Row.described(summary, byte_size(data)))
      |> Map.put(:pinned, rem(n, 500) == 0)
    end
  end
end
