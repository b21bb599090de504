if Code.ensure_loaded?(ExUnit) do
  defmodule PhoenixReplay.Storage.Contract do
    @moduledoc """
    The tests a storage must pass.

    Every storage of PhoenixReplay passes them, and one of your own can use them:

        defmodule MyApp.ReplayStorageTest do
          use ExUnit.Case
          use PhoenixReplay.Storage.Contract, storage: MyApp.ReplayStorage

          # Options of a storage that is empty.
          setup do
            {:ok, storage_opts: [bucket: MyApp.Bucket.new()]}
          end
        end

    Tests of journals run where the storage exports `journal_append/4`, those of what one node does at a time
    where it exports `alone/3`. `:except` leaves out tests by the
    atoms of `tests/0`.
    """

    import ExUnit.Assertions

    alias PhoenixReplay.Storage
    alias PhoenixReplay.Storage.{Owner, Query}

    @tests [
      keeps_bytes: "gives back what it was given",
      replaces: "keeps the last of two recordings of one id",
      knows_nothing_else: "says :error of what is not there",
      pages: "lists newest first, page by page, each recording once",
      pages_while_changing: "goes on where a page ended while recordings come and go",
      filters: "lists and counts what meets each condition and no other",
      filters_pages: "fills pages with what meets the conditions",
      odd_text: "takes quotes, wildcards and other letters in conditions as they are",
      deletes: "deletes what it is told to and nothing else",
      clears: "is empty when cleared",
      pins: "pins, and stays pinned when saved again",
      knows_sizes: "knows how many bytes it keeps of each",
      many_at_once: "is called by many processes at once"
    ]
    @journal_tests [
      journals: "keeps what is appended to a journal, in order, by owner",
      claims: "gives a journal to one of those who claim it",
      forgets_journals: "deletes a journal of its owner only",
      silence: "tells for how long an owner gave no sign of life"
    ]

    @alone_tests [
      alone: "runs a task of a name once at a time",
      alone_raises: "is free again after a task that raised"
    ]

    @doc "The tests by name, with what each says."
    def tests, do: @tests ++ @journal_tests ++ @alone_tests

    defmacro __using__(options) do
      quote bind_quoted: [options: options] do
        @storage Keyword.fetch!(options, :storage)

        for {name, title} <-
              PhoenixReplay.Storage.Contract.tests(@storage, options[:except] || []) do
          test "contract: #{title}", %{storage_opts: opts} do
            apply(PhoenixReplay.Storage.Contract, unquote(name), [@storage, opts])
          end
        end
      end
    end

    @doc false
    def tests(storage, except) do
      Code.ensure_loaded!(storage)
      journals = if function_exported?(storage, :journal_append, 4), do: @journal_tests, else: []
      alone = if function_exported?(storage, :alone, 3), do: @alone_tests, else: []
      Keyword.drop(@tests ++ journals ++ alone, except)
    end

    ## Recordings to test with

    @doc """
    A recording as bytes and its summary, of an id, when it was connected, and what of the summary is to be
    otherwise.
    """
    def recording(id, connected_at, changes \\ %{}) do
      {view, changes} = Map.pop(changes, :view, PhoenixReplay.Storage.Contract)
      {release, changes} = Map.pop(changes, :release, "1.0.0")

      head = %{
        id: id,
        view: view,
        connected_at: connected_at,
        node: "n@host",
        release: release
      }

      summary = Map.merge(summary(), changes)

      front = [term({:phoenix_replay, 1, head}), term({:summary, summary})]
      context = term({:context, %{params: %{}, session: %{}}})
      events = [context, term({0, :mount, %{assigns: %{count: 0}}})]
      data = IO.iodata_to_binary([:zlib.gzip(front), :zlib.gzip(events)])
      {:ok, read} = Storage.read_summary(data)
      {data, read}
    end

    defp summary do
      %{
        url: "https://example.com/",
        event_count: 1,
        duration_ms: 0,
        dropped: 0,
        faults: 0,
        truncated: false,
        interrupted: false,
        ended: :closed,
        error: nil,
        errors: 0,
        event_names: %{},
        metadata: %{},
        interacted: true,
        inflated_bytes: 100
      }
    end

    defp term(term), do: :erlang.term_to_binary(term)

    defp save(storage, opts, id, connected_at, changes \\ %{}) do
      {data, summary} = recording(id, connected_at, changes)
      assert storage.save(id, data, summary, opts) == :ok
      {data, summary}
    end

    defp list(storage, opts, where, request \\ %{}) do
      {:ok, query} = Query.new(where)
      request = Map.merge(%{where: query, limit: nil, after: nil}, request)
      assert {:ok, %{entries: entries, next: next}} = storage.list(request, opts)
      {Enum.map(entries, & &1.id), next}
    end

    defp count(storage, opts, where) do
      {:ok, query} = Query.new(where)
      assert {:ok, count} = storage.count(query, opts)
      count
    end

    ## The tests

    @doc false
    def keeps_bytes(storage, opts) do
      changes = %{
        metadata: %{"user_id" => 7, "plan" => "pro"},
        event_names: %{"save" => 2},
        errors: 1
      }

      {data, summary} = save(storage, opts, "kept", 1_000, changes)
      assert storage.fetch("kept", opts) == {:ok, data}
      assert {:ok, read} = storage.summary("kept", opts)
      assert Map.take(read, Map.keys(summary)) == summary
      assert {:ok, %{entries: [listed]}} = storage.list(everything(), opts)
      assert listed == read
    end

    @doc false
    def replaces(storage, opts) do
      save(storage, opts, "same", 1_000, %{metadata: %{"a" => 1}, event_names: %{"old" => 1}})
      {data, _summary} = save(storage, opts, "same", 2_000, %{metadata: %{"b" => 2}})
      assert storage.fetch("same", opts) == {:ok, data}
      assert {:ok, %{connected_at: 2_000}} = storage.summary("same", opts)
      assert list(storage, opts, []) == {["same"], nil}
      assert count(storage, opts, metadata: %{a: 1}) == 0
      assert count(storage, opts, event: "old") == 0
      assert count(storage, opts, metadata: %{b: 2}) == 1
    end

    @doc false
    def knows_nothing_else(storage, opts) do
      assert list(storage, opts, []) == {[], nil}
      assert count(storage, opts, []) == 0
      assert storage.fetch("none", opts) == :error
      assert storage.summary("none", opts) == :error
      assert storage.pin("none", true, opts) == :error
      assert storage.delete(["none"], opts) == :ok
      assert storage.clear(opts) == :ok
    end

    @doc false
    def pages(storage, opts) do
      # Several of one moment: the id decides.
      for n <- 1..10, do: save(storage, opts, "p#{n}", div(n, 3) * 1_000)
      expected = Enum.map(Enum.sort(for n <- 1..10, do: {div(n, 3), "p#{n}"}), &elem(&1, 1))
      expected = Enum.reverse(expected)
      assert list(storage, opts, []) == {expected, nil}

      for limit <- [1, 3, 5, 10, 11],
          do: assert(all_pages(storage, opts, [], limit) == expected)
    end

    defp all_pages(storage, opts, where, limit, last \\ nil) do
      {ids, next} = list(storage, opts, where, %{limit: limit, after: last})
      assert length(ids) <= limit
      if next, do: ids ++ all_pages(storage, opts, where, limit, next), else: ids
    end

    @doc false
    def pages_while_changing(storage, opts) do
      for n <- 1..6, do: save(storage, opts, "c#{n}", n)
      assert {["c6", "c5"], next} = list(storage, opts, [], %{limit: 2})
      assert storage.delete(["c5", "c4"], opts) == :ok
      save(storage, opts, "c7", 7)
      assert {["c3", "c2"], next} = list(storage, opts, [], %{limit: 2, after: next})
      assert {["c1"], nil} = list(storage, opts, [], %{limit: 2, after: next})
    end

    @doc false
    def filters(storage, opts) do
      kinds = [
        {"cart", 1_000, %{view: URI, url: "https://a.example/cart?x=1", duration_ms: 10}},
        {"home", 2_000, %{event_names: %{"save" => 1, "open" => 2}, duration_ms: 20}},
        {"user", 3_000, %{metadata: %{"user_id" => 7, "plan" => "pro"}, duration_ms: 30}},
        {"other", 4_000, %{metadata: %{"user_id" => "8"}, release: "2.0.0"}},
        {"crash", 5_000, %{ended: :crashed, error: "KeyError"}},
        {"faulty", 6_000, %{errors: 2}}
      ]

      summaries =
        for {id, at, changes} <- kinds, do: elem(save(storage, opts, id, at, changes), 1)

      assert storage.pin("home", true, opts) == :ok
      summaries = Enum.map(summaries, &Map.put(&1, :pinned, &1.id == "home"))

      for where <- conditions() do
        {:ok, query} = Query.new(where)
        expected = for summary <- summaries, Query.matches?(query, summary), do: summary.id
        assert list(storage, opts, where) == {Enum.reverse(expected), nil}, inspect(where)
        assert count(storage, opts, where) == length(expected), inspect(where)
      end
    end

    defp conditions do
      single = [
        [view: URI],
        [view: "Elixir.URI"],
        [view: Nope],
        [url: "/cart"],
        [url: "example"],
        [event: "save"],
        [event: "sav"],
        [from: 3_000],
        [to: 3_000],
        [from: 2_000, to: 4_000],
        [min_duration_ms: 20],
        [max_duration_ms: 20],
        [errors: true],
        [errors: false],
        [metadata: %{user_id: 7}],
        [metadata: %{"user_id" => 8}],
        [metadata: %{user_id: 7, plan: "pro"}],
        [metadata: %{user_id: 7, plan: "free"}],
        [release: "2.0.0"],
        [text: "CART"],
        [text: "pro"],
        [text: "us"],
        [pinned: true],
        [pinned: false],
        [ids: ["cart", "user", "none"]],
        [ids: []]
      ]

      single ++ [[errors: false, from: 2_000, text: "e"], [event: "open", pinned: true]]
    end

    @doc false
    def filters_pages(storage, opts) do
      for n <- 1..30, do: save(storage, opts, "f#{n}", n, %{errors: rem(n, 3)})
      expected = for n <- 30..1//-1, rem(n, 3) > 0, do: "f#{n}"

      for limit <- [1, 7, 20],
          do: assert(all_pages(storage, opts, [errors: true], limit) == expected)

      assert {first, next} = list(storage, opts, [errors: true], %{limit: 5})
      assert length(first) == 5
      assert next != nil
    end

    @doc false
    def odd_text(storage, opts) do
      odd = ["100%", "a_b", "it's \"so\"", "back\\slash", "Grün", "ÄÖ", "日本", "x\ny", ""]

      for {text, n} <- Enum.with_index(odd) do
        changes = %{
          url: "https://example.com/#{text}/",
          metadata: %{"odd" => text},
          event_names: %{text => 1}
        }

        save(storage, opts, "o#{n}", n, changes)
      end

      for {text, n} <- Enum.with_index(odd), text != "" do
        assert list(storage, opts, url: text) == {["o#{n}"], nil}
        assert list(storage, opts, event: text) == {["o#{n}"], nil}
        assert list(storage, opts, metadata: %{odd: text}) == {["o#{n}"], nil}
        assert list(storage, opts, text: String.upcase(text)) == {["o#{n}"], nil}
      end
    end

    @doc false
    def deletes(storage, opts) do
      for n <- 1..5, do: save(storage, opts, "d#{n}", n, %{metadata: %{"n" => n}})
      assert storage.delete(["d1", "none", "d3"], opts) == :ok
      assert list(storage, opts, []) == {["d5", "d4", "d2"], nil}
      assert storage.fetch("d1", opts) == :error
      assert count(storage, opts, metadata: %{n: 3}) == 0
      assert storage.delete(for(n <- 1..1_200, do: "many#{n}"), opts) == :ok
    end

    @doc false
    def clears(storage, opts) do
      for n <- 1..3, do: save(storage, opts, "x#{n}", n)
      assert storage.pin("x1", true, opts) == :ok
      assert storage.clear(opts) == :ok
      assert list(storage, opts, []) == {[], nil}
      assert storage.fetch("x1", opts) == :error
      save(storage, opts, "x1", 1)
      assert {:ok, %{pinned: false}} = storage.summary("x1", opts)
    end

    @doc false
    def pins(storage, opts) do
      for n <- 1..2, do: save(storage, opts, "k#{n}", n)
      assert {:ok, %{pinned: false}} = storage.summary("k1", opts)
      assert storage.pin("k1", true, opts) == :ok
      assert storage.pin("k1", true, opts) == :ok
      assert {:ok, %{pinned: true}} = storage.summary("k1", opts)
      assert list(storage, opts, pinned: true) == {["k1"], nil}
      save(storage, opts, "k1", 5)
      assert list(storage, opts, pinned: true) == {["k1"], nil}
      assert storage.pin("k1", false, opts) == :ok
      assert list(storage, opts, pinned: true) == {[], nil}
      assert storage.pin("k2", true, opts) == :ok
      assert storage.delete(["k2"], opts) == :ok
      save(storage, opts, "k2", 2)
      assert list(storage, opts, pinned: true) == {[], nil}
    end

    @doc false
    def knows_sizes(storage, opts) do
      {data, _summary} = save(storage, opts, "size", 1)
      assert {:ok, %{entries: [%{bytes: bytes}]}} = storage.list(everything(), opts)
      assert bytes == byte_size(data)
    end

    @doc false
    def many_at_once(storage, opts) do
      1..40
      |> Task.async_stream(fn n -> save(storage, opts, "m#{n}", n) end,
        max_concurrency: 8,
        timeout: 30_000
      )
      |> Stream.run()

      {ids, nil} = list(storage, opts, [])
      assert length(ids) == 40
      assert count(storage, opts, []) == 40
    end

    ## Journals

    @doc false
    def journals(storage, opts) do
      assert storage.journals(opts) == {:ok, []}
      {mine, other} = owners()
      assert storage.journal_append("a", mine, "one", opts) in [:ok, {:ok, 3}]
      assert storage.journal_append("b", mine, <<0, 255>>, opts) in [:ok, {:ok, 2}]
      assert storage.journal_append("a", mine, "two", opts) in [:ok, {:ok, 6}]
      assert storage.journal_append("a", other, "another", opts) in [:ok, {:ok, 7}]
      assert storage.journal_fetch("a", mine, opts) == {:ok, "onetwo"}
      assert storage.journal_fetch("b", mine, opts) == {:ok, <<0, 255>>}
      assert storage.journal_fetch("a", other, opts) == {:ok, "another"}
      assert storage.journal_fetch("c", mine, opts) == :error
      assert {:ok, all} = storage.journals(opts)

      assert all |> Enum.map(&{&1.id, &1.owner, &1.bytes}) |> Enum.sort() ==
               Enum.sort([{"a", mine, 6}, {"b", mine, 2}, {"a", other, 7}])

      # They are no recordings.
      assert list(storage, opts, []) == {[], nil}
      assert storage.fetch("a", opts) == :error
    end

    @doc false
    def claims(storage, opts) do
      {old, _other} = owners()
      assert storage.journal_append("a", old, "bytes", opts) in [:ok, {:ok, 5}]

      claimed =
        1..8
        |> Task.async_stream(fn n ->
          {n, storage.journal_claim("a", old, "host.#{n}.new", opts)}
        end)
        |> Enum.map(fn {:ok, claimed} -> claimed end)

      assert [{winner, :ok}] = for({n, :ok} <- claimed, do: {n, :ok})
      assert length(for {n, :error} <- claimed, do: n) == 7
      new = "host.#{winner}.new"
      assert storage.journal_fetch("a", old, opts) == :error
      assert storage.journal_fetch("a", new, opts) == {:ok, "bytes"}
      assert {:ok, [%{id: "a", owner: ^new}]} = storage.journals(opts)
    end

    @doc false
    def forgets_journals(storage, opts) do
      {mine, other} = owners()
      for owner <- [mine, other], do: storage.journal_append("a", owner, "x", opts)
      assert storage.journal_delete(["a", "none"], mine, opts) == :ok
      assert storage.journal_fetch("a", mine, opts) == :error
      assert storage.journal_fetch("a", other, opts) == {:ok, "x"}
      assert storage.clear(opts) == :ok
      assert storage.journal_fetch("a", other, opts) == {:ok, "x"}
    end

    @doc false
    def silence(storage, opts) do
      {mine, _other} = owners()
      assert storage.journal_beat(mine, opts) == :ok
      assert storage.journal_append("a", mine, "x", opts) in [:ok, {:ok, 1}]
      assert storage.journal_beat(mine, opts) == :ok
      assert {:ok, [%{silent_ms: silent_ms}]} = storage.journals(opts)
      assert silent_ms in 0..60_000
    end

    ## One at a time

    @doc false
    def alone(storage, opts) do
      save(storage, opts, "a", 1)

      task = fn -> {elsewhere(storage, opts, :sweeping), elsewhere(storage, opts, :dusting)} end
      assert storage.alone(:sweeping, task, opts) == {:ok, {:busy, {:ok, :dusting}}}
      for _ <- 1..3, do: assert(elsewhere(storage, opts, :sweeping) == {:ok, :sweeping})

      at_it = :counters.new(1, [])

      1..20
      |> Task.async_stream(fn _n -> storage.alone(:sweeping, fn -> count(at_it) end, opts) end,
        max_concurrency: 4,
        timeout: 30_000
      )
      |> Enum.each(fn {:ok, result} -> assert result in [:busy, {:ok, 1}] end)

      assert elsewhere(storage, opts, :sweeping) == {:ok, :sweeping}
    end

    defp elsewhere(storage, opts, name) do
      here = fn -> storage.alone(name, fn -> name end, opts) end
      here |> Task.async() |> Task.await()
    end

    # How many are at it right now, as each of them sees it.
    defp count(at_it) do
      :counters.add(at_it, 1, 1)
      Process.sleep(1)
      count = :counters.get(at_it, 1)
      :counters.sub(at_it, 1, 1)
      count
    end

    @doc false
    def alone_raises(storage, opts) do
      save(storage, opts, "a", 1)
      failing = fn -> raise ArgumentError, "no" end
      assert_raise ArgumentError, fn -> storage.alone(:sweeping, failing, opts) end
      assert storage.alone(:sweeping, fn -> 1 end, opts) == {:ok, 1}
    end

    defp owners, do: {Owner.this(), "elsewhere.1.abc"}
    defp everything, do: %{where: %Query{}, limit: nil, after: nil}
  end
end
