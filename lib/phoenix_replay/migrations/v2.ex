if Code.ensure_loaded?(Ecto.Migration) do
  defmodule PhoenixReplay.Migrations.V2 do
    @moduledoc false
    # Indexes for conditions.
    #
    # PostgreSQL gets one for each kind of condition and chooses between them. SQLite would choose without
    # knowing how many rows meet a condition, so it gets one that all conditions can be read from, in the
    # order of the list: 300 bytes of each row in place of all of it.

    use Ecto.Migration

    require Logger

    alias PhoenixReplay.Migrations.V1
    alias PhoenixReplay.Storage.Ecto.Database

    @recordings "phoenix_replay_recordings"
    @newest "(connected_at DESC, id DESC, bytes, failed, pinned, duration_ms, view, release, facts, url, search)"

    def up, do: up(Database.kind(repo()))
    def down, do: down(Database.kind(repo()))

    defp up(:sqlite) do
      replace("newest", @newest)
      drop_index("view")
    end

    defp up(:postgres) do
      id = ~s(id COLLATE "C" DESC)
      # Numbers are counted without a look at the rows.
      replace("newest", "(connected_at DESC, #{id}) INCLUDE (bytes, failed, pinned, duration_ms)")
      create_index("release", "(release, connected_at DESC, #{id})")
      create_index("duration", "(duration_ms)")
      create_index("facts", gin("string_to_array(facts, ' ')"))
      if schema = trigrams(), do: create_index("text", gin(text(schema)))
    end

    defp down(:sqlite) do
      drop_index("newest")
      V1.index("newest")
      V1.index("view")
    end

    defp down(:postgres) do
      for name <- ~w(newest release duration facts text), do: drop_index(name)
      V1.index("newest")
    end

    # New entries at once, not in a list that each look has to read until the next vacuum.
    defp gin(on), do: "USING gin (#{on}) WITH (fastupdate = off)"

    defp text(schema), do: "url #{schema}.gin_trgm_ops, search #{schema}.gin_trgm_ops"

    # Where the extension is; `nil` where it is not, and this user may not create it. One that fails alone
    # leaves the migration's transaction as it was.
    defp trigrams do
      repo().query!("""
      DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm;
      EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN NULL;
      END $$
      """)

      found =
        repo().query!(
          "SELECT quote_ident(n.nspname) FROM pg_extension e " <>
            "JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'"
        )

      case found.rows do
        [[schema]] -> schema
        [] -> without_trigrams()
      end
    end

    defp without_trigrams do
      Logger.warning(
        "PhoenixReplay: PostgreSQL has no extension pg_trgm and this user may not create it, so looking for " <>
          "text in recordings reads every row; see PhoenixReplay.Migrations"
      )

      nil
    end

    defp replace(name, on) do
      drop_index(name)
      create_index(name, on)
    end

    defp create_index(name, on),
      do: execute("CREATE INDEX #{@recordings}_#{name} ON #{@recordings} #{on}")

    defp drop_index(name), do: execute("DROP INDEX IF EXISTS #{@recordings}_#{name}")
  end
end
