defmodule PhoenixReplay.Bench.Storage.Kept do
  @moduledoc "Storages with many recordings in them, made past the storage, which syncs each."

  alias PhoenixReplay.{Migrations, Storage}
  alias PhoenixReplay.Storage.Contract
  alias PhoenixReplay.Storage.Ecto.{Database, Row}
  alias PhoenixReplay.Storage.File.Layout

  defmodule SQLite do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.SQLite3
  end

  defmodule Postgres do
    @moduledoc false
    use Ecto.Repo, otp_app: :phoenix_replay, adapter: Ecto.Adapters.Postgres
  end

  defmodule Migration do
    @moduledoc false
    use Ecto.Migration
    def up, do: Migrations.up()
    def down, do: Migrations.down()
  end

  @batch 500
  # About what the beginning of a form session does not say of it.
  @rest 3_000

  @doc "Name, module and the options of two of each: for few recordings and for many."
  def storages(folder) do
    files = for name <- ["few", "many"], do: [path: Path.join(folder, "pages_#{name}")]
    [few, many] = files
    [{"files", Storage.File, few, many} | databases(folder)]
  end

  # One database each, emptied between few and many.
  defp databases(folder) do
    sqlite = start(SQLite, database: Path.join(folder, "bench.db"), pool_size: 1)
    found = [{"SQLite", Storage.Ecto, [repo: sqlite], [repo: sqlite]}]

    case System.get_env("REPLAY_POSTGRES") do
      nil ->
        IO.puts("PostgreSQL is left out: REPLAY_POSTGRES names none (see bin/postgres)")
        found

      url ->
        postgres = start(Postgres, [pool_size: 2] ++ Ecto.Repo.Supervisor.parse_url(url))
        found ++ [{"PostgreSQL", Storage.Ecto, [repo: postgres], [repo: postgres]}]
    end
  end

  defp start(repo, options) do
    {:ok, _pid} = repo.start_link([log: false] ++ options)
    Ecto.Migrator.run(repo, [{1, Migration}], :up, all: true, log: false)
    Database.forget(repo)
    repo
  end

  @doc "Fills an empty storage with recordings."
  def fill(Storage.File, opts, count) do
    folder = Layout.folder(opts)

    for n <- 1..count do
      {id, data, _summary} = recording(n)
      {:ok, path} = Layout.path(folder, id, :etf)

      with {:error, :enoent} <- File.write(path, data, [:raw]) do
        File.mkdir_p!(Path.dirname(path))
        File.write!(path, data, [:raw])
      end
    end
  end

  def fill(Storage.Ecto, [repo: repo], count) do
    repo.delete_all(Row)

    1..count
    |> Stream.map(fn n ->
      {id, data, summary} = recording(n)

      id
      |> Row.contract(data, summary)
      |> Map.merge(Row.described(summary, byte_size(data)))
      |> Map.put(:pinned, false)
    end)
    |> Stream.chunk_every(@batch)
    |> Enum.each(&repo.insert_all(Row, &1))
  end

  defp recording(n) do
    id = "r#{:erlang.phash2(n, 1_000_000_000)}-#{n}"

    {data, summary} =
      Contract.recording(id, 1_700_000_000_000 + n * 1_000, %{
        url: "https://example.com/carts/#{rem(n, 97)}?page=#{rem(n, 7)}",
        event_names: %{"save" => 3, "validate" => rem(n, 9) + 1},
        metadata: %{"user_id" => rem(n, 500), "plan" => "pro"},
        errors: if(rem(n, 20) == 0, do: 1, else: 0),
        event_count: 400,
        duration_ms: rem(n * 7_919, 600_000)
      })

    {id, data <> :binary.copy(<<0>>, @rest), summary}
  end
end
