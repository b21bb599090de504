defmodule PhoenixReplay.Bench.Storage.Kept do
  @moduledoc "Storages with many recordings in them, made past the storage, which syncs each."

  alias PhoenixReplay.Bench.Storage.Databases
  alias PhoenixReplay.Storage
  alias PhoenixReplay.Storage.Contract
  alias PhoenixReplay.Storage.Ecto.Row
  alias PhoenixReplay.Storage.File.Layout

  @batch 500
  # About what the beginning of a form session does not say of it. Like what gzip makes, it does not get
  # any shorter.
  @rest 3_000

  @doc """
  Calls `fun` with each storage there is: its name, its module, and the options of two of it, for few
  recordings and for many.
  """
  @spec each(Path.t(), (String.t(), module, keyword, keyword -> result)) :: [result]
        when result: term
  def each(folder, fun) do
    [few, many] = for name <- ["few", "many"], do: [path: Path.join(folder, "pages_#{name}")]
    files = fun.("files", Storage.File, few, many)

    # One database each, emptied between few and many.
    databases =
      Databases.each(folder, fn name, repo ->
        fun.(name, Storage.Ecto, [repo: repo], repo: repo)
      end)

    [files | databases]
  end

  @doc "Fills an empty storage with recordings."
  @spec fill(module, keyword, pos_integer) :: :ok
  def fill(Storage.File, opts, count) do
    folder = Layout.folder(opts)

    Enum.each(recordings(count), fn {id, data, _summary} ->
      {:ok, path} = Layout.path(folder, id, :etf)

      with {:error, :enoent} <- File.write(path, data, [:raw]) do
        File.mkdir_p!(Path.dirname(path))
        File.write!(path, data, [:raw])
      end
    end)
  end

  def fill(Storage.Ecto, [repo: repo], count) do
    repo.delete_all(Row)

    count
    |> recordings()
    |> Stream.map(&row/1)
    |> Stream.chunk_every(@batch)
    |> Enum.each(&repo.insert_all(Row, &1))

    # As PostgreSQL does by itself a minute after so many inserts.
    if repo.__adapter__() == Ecto.Adapters.Postgres,
      do: repo.query!("VACUUM ANALYZE phoenix_replay_recordings", [], timeout: 60_000)

    :ok
  end

  defp row({id, data, summary}) do
    id
    |> Row.contract(data, summary)
    |> Map.merge(Row.described(summary, byte_size(data)))
    |> Map.put(:pinned, false)
  end

  defp recordings(count) do
    rest = :crypto.strong_rand_bytes(@rest)
    Stream.map(1..count, &recording(&1, rest))
  end

  # The oldest alone handled the event "rare".
  defp recording(n, rest) do
    id = "r#{:erlang.phash2(n, 1_000_000_000)}-#{n}"

    {data, summary} =
      Contract.recording(id, 1_700_000_000_000 + n * 1_000, %{
        url: "https://example.com/carts/#{rem(n, 97)}?page=#{rem(n, 7)}",
        event_names: %{"validate" => rem(n, 9) + 1, if(n == 1, do: "rare", else: "save") => 1},
        metadata: %{"user_id" => rem(n, 500), "plan" => "pro"},
        errors: if(rem(n, 20) == 0, do: 1, else: 0),
        event_count: 400,
        duration_ms: rem(n * 7_919, 600_000)
      })

    {id, data <> rest, summary}
  end
end
