defmodule PhoenixReplay.Storage.File.ConditionsTest do
  # That the index, which asks conditions in Rust, means by each what `PhoenixReplay.Storage.Query` means.
  use ExUnit.Case, async: true
  use ExUnitProperties

  alias PhoenixReplay.Storage.{Contract, Query}
  alias PhoenixReplay.Storage.File, as: Storage
  alias PhoenixReplay.Storage.File.Layout

  # Few words, so that conditions are met; of several alphabets, cases and kinds.
  defp word do
    member_of(~w(a A ab /cart ÄÖ äö İ i̇ ς Σ straße STRASSE K k) ++ ["", "x\ny", "7", "true"])
  end

  defp value do
    one_of([word(), integer(0..9), constant(1.5), member_of([true, nil, :pro, URI, 2 ** 70])])
  end

  defp changes do
    fixed_map(%{
      view: member_of([URI, Enum, :"odd view", :lower]),
      url: map(list_of(word(), max_length: 3), &Enum.join/1),
      event_names: map_of(word(), integer(1..3), max_length: 3),
      metadata: map_of(word(), value(), max_length: 3),
      release: one_of([word(), constant(nil)]),
      errors: integer(0..1),
      error: member_of([nil, "KeyError"]),
      ended: member_of([:closed, :crashed, :killed, nil]),
      duration_ms: integer(0..5)
    })
  end

  defp where do
    optional_map(%{
      view: member_of([URI, "Elixir.URI", ":lower", :"odd view"]),
      url: word(),
      event: word(),
      from: integer(0..20),
      to: integer(0..20),
      min_duration_ms: integer(0..5),
      max_duration_ms: one_of([integer(0..5), constant(2 ** 70)]),
      errors: boolean(),
      metadata: map_of(word(), value(), max_length: 2),
      release: word(),
      text: word(),
      pinned: boolean(),
      ids: list_of(member_of(~w(r1 r2 r3 r4)), max_length: 3)
    })
  end

  property "what is listed and counted is what the conditions mean" do
    check all(
            recordings <- list_of(changes(), min_length: 1, max_length: 20),
            pinned <- list_of(integer(1..20), max_length: 3),
            conditions <- list_of(where(), min_length: 1, max_length: 20),
            max_runs: 15
          ) do
      folder = Path.join(System.tmp_dir!(), "replay_where_#{System.unique_integer([:positive])}")
      summaries = for {changes, n} <- Enum.with_index(recordings, 1), do: put(folder, n, changes)
      pins = for n <- pinned, n <= length(summaries), do: "r#{n}"
      for id <- pins, do: File.write!(Layout.pin(folder, id), "")
      summaries = for summary <- summaries, do: Map.put(summary, :pinned, summary.id in pins)

      for where <- conditions do
        {:ok, query} = Query.new(where)
        expected = for summary <- summaries, Query.matches?(query, summary), do: summary.id
        request = %{where: query, limit: nil, after: nil}
        assert {:ok, %{entries: entries}} = Storage.list(request, path: folder)
        assert Enum.map(entries, & &1.id) == Enum.reverse(expected), inspect(where)
        assert Storage.count(query, path: folder) == {:ok, length(expected)}, inspect(where)
      end

      File.rm_rf!(folder)
    end
  end

  defp put(folder, n, changes) do
    {data, summary} = Contract.recording("r#{n}", n, changes)
    {:ok, path} = Layout.path(folder, "r#{n}", :etf)
    File.mkdir_p!(Path.dirname(path))
    File.write!(path, data)
    summary
  end
end
