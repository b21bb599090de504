if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Conditions do
    @moduledoc false
    # A `PhoenixReplay.Storage.Query` as SQL, worded as the indexes of `PhoenixReplay.Migrations` can answer
    # it. PostgreSQL sorts text by a locale unless it is told not to.

    import Ecto.Query

    alias PhoenixReplay.Storage.Ecto.{Database, Row}
    alias PhoenixReplay.Storage.Query

    # What the contract's own columns can answer.
    @contract [:view, :from, :to, :ids]

    @doc "Those conditions that the table can answer."
    def where(%Query{} = query, %Database{} = database) do
      query
      |> asked()
      |> Enum.filter(fn {key, _value} -> database.described or key in @contract end)
      |> Enum.reduce(from(r in Row), &narrow(&2, &1, database.kind))
      |> readable(database.described)
    end

    @doc "Whether the table answers all of them."
    def answered?(%Query{} = query, database),
      do: database.described or Enum.all?(asked(query), fn {key, _value} -> key in @contract end)

    defp asked(query),
      do: for({key, value} <- Map.from_struct(query), value != nil, do: {key, value})

    defp readable(rows, true), do: where(rows, [r], r.bytes >= 0)
    defp readable(rows, false), do: rows

    defp narrow(rows, {:view, view}, _kind),
      do: where(rows, [r], r.view in ^[Row.view(view), Row.view("Elixir." <> view)])

    defp narrow(rows, {:from, from}, _kind), do: where(rows, [r], r.connected_at >= ^from)
    defp narrow(rows, {:to, to}, _kind), do: where(rows, [r], r.connected_at <= ^to)
    defp narrow(rows, {:ids, ids}, _kind), do: where(rows, [r], r.id in ^ids)

    defp narrow(rows, {:min_duration_ms, least}, _kind),
      do: where(rows, [r], r.duration_ms >= ^least)

    defp narrow(rows, {:max_duration_ms, most}, _kind),
      do: where(rows, [r], r.duration_ms <= ^most)

    # Without a parameter, or an index of those that failed is none to SQLite.
    defp narrow(rows, {:errors, true}, _kind), do: where(rows, [r], r.failed)
    defp narrow(rows, {:errors, false}, _kind), do: where(rows, [r], not r.failed)
    defp narrow(rows, {:pinned, true}, _kind), do: where(rows, [r], r.pinned)
    defp narrow(rows, {:pinned, false}, _kind), do: where(rows, [r], not r.pinned)

    defp narrow(rows, {:release, release}, _kind),
      do: where(rows, [r], r.release == ^Row.text(release))

    defp narrow(rows, {:url, url}, kind), do: contains(rows, :url, Row.text(url), kind)
    defp narrow(rows, {:text, text}, kind), do: contains(rows, :search, Row.text(text), kind)

    defp narrow(rows, {:event, name}, kind), do: known(rows, [Row.token(:event, name, "")], kind)

    defp narrow(rows, {:metadata, facts}, kind) do
      known(rows, for({name, value} <- facts, do: Row.token(:metadata, name, value)), kind)
    end

    defp contains(rows, column, text, :sqlite),
      do: where(rows, [r], fragment("instr(?, ?) > 0", field(r, ^column), ^text))

    # What an index of trigrams knows, as it does not `strpos`.
    defp contains(rows, column, text, :postgres) do
      pattern = "%" <> String.replace(text, ["\\", "%", "_"], &("\\" <> &1)) <> "%"
      where(rows, [r], like(field(r, ^column), ^pattern))
    end

    defp known(rows, tokens, :sqlite),
      do: Enum.reduce(tokens, rows, &contains(&2, :facts, &1, :sqlite))

    defp known(rows, tokens, :postgres),
      do: where(rows, [r], fragment("string_to_array(?, ' ') @> ?::text[]", r.facts, ^tokens))

    @doc "Newest first."
    def ordered(rows, :sqlite), do: order_by(rows, [r], desc: r.connected_at, desc: r.id)

    def ordered(rows, :postgres),
      do: order_by(rows, [r], desc: r.connected_at, desc: fragment(~s|? COLLATE "C"|, r.id))

    @doc "Those behind the last one of the page before."
    def beyond(rows, nil, _kind), do: rows

    def beyond(rows, {at, id}, :sqlite),
      do: where(rows, [r], fragment("(?, ?) < (?, ?)", r.connected_at, r.id, ^at, ^id))

    def beyond(rows, {at, id}, :postgres) do
      where(
        rows,
        [r],
        fragment(
          ~s|(?, ? COLLATE "C") < (?, ? COLLATE "C")|,
          r.connected_at,
          r.id,
          type(^at, :integer),
          type(^id, :string)
        )
      )
    end
  end
end
