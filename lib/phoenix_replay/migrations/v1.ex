if Code.ensure_loaded?(Ecto.Migration) do
  defmodule PhoenixReplay.Migrations.V1 do
    @moduledoc false
    # In a table that is made here `data` comes last: SQLite reads a row from its front, and lists do not
    # need what is long.

    use Ecto.Migration

    alias PhoenixReplay.Storage.Ecto.Database

    @recordings "phoenix_replay_recordings"
    @added [
      url: :text,
      duration_ms: :bigint,
      failed: :boolean,
      release: :text,
      bytes: :bigint,
      search: :text,
      facts: :text,
      summary: :binary
    ]
    @indexes ~w(newest view failed pinned undescribed)

    def up do
      case Database.columns(repo()) do
        [] -> create_recordings()
        columns -> add_columns(columns)
      end

      Enum.each(@indexes, &index/1)
      create_journal()
    end

    defp create_recordings do
      create table(@recordings, primary_key: false) do
        add(:id, :string, primary_key: true)
        add(:view, :string, null: false)
        add(:connected_at, :bigint, null: false)
        add(:event_count, :integer, null: false, default: 0)
        timestamps(type: :utc_datetime)
        add(:pinned, :boolean, null: false, default: false)
        for {name, type} <- @added, do: add(name, type)
        add(:data, :binary, null: false)
      end
    end

    defp add_columns(there) do
      alter table(@recordings) do
        if "pinned" not in there, do: add(:pinned, :boolean, null: false, default: false)
        for {name, type} <- @added, Atom.to_string(name) not in there, do: add(name, type)
      end
    end

    defp create_journal do
      create table("phoenix_replay_journal", primary_key: false) do
        add(:seq, :bigserial, primary_key: true)
        add(:recording_id, :string, null: false)
        add(:owner, :string, null: false)
        add(:appended_at, :bigint, null: false)
        add(:data, :binary, null: false)
      end

      create(index("phoenix_replay_journal", [:recording_id, :owner, :seq]))

      create table("phoenix_replay_owners", primary_key: false) do
        add(:owner, :string, primary_key: true)
        add(:beat_at, :bigint, null: false)
      end

      create table("phoenix_replay_leases", primary_key: false) do
        add(:name, :string, primary_key: true)
        add(:owner, :string, null: false)
        add(:until, :bigint, null: false)
      end
    end

    @doc "Makes one of the indexes. Text in the order of its bytes, as everywhere else in the package."
    def index(name) do
      id = if Database.kind(repo()) == :postgres, do: ~s(id COLLATE "C"), else: "id"

      on =
        case name do
          "newest" -> "(connected_at DESC, #{id} DESC)"
          "view" -> "(view, connected_at DESC, #{id} DESC)"
          "failed" -> "(connected_at DESC, #{id} DESC) WHERE failed"
          "pinned" -> "(connected_at DESC, #{id} DESC) WHERE pinned"
          "undescribed" -> "(id) WHERE bytes IS NULL"
        end

      execute("CREATE INDEX #{@recordings}_#{name} ON #{@recordings} #{on}")
    end

    def down do
      for name <- @indexes, do: execute("DROP INDEX IF EXISTS #{@recordings}_#{name}")

      for name <- ~w(phoenix_replay_journal phoenix_replay_owners phoenix_replay_leases),
          do: drop(table(name))

      alter table(@recordings) do
        for name <- [:pinned | Keyword.keys(@added)], do: remove(name)
      end
    end
  end
end
