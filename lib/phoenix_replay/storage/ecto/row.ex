if Code.ensure_loaded?(Ecto.Schema) do
  defmodule PhoenixReplay.Storage.Ecto.Row do
    @moduledoc false
    # A row of `phoenix_replay_recordings`. The fields below the line are those that
    # `PhoenixReplay.Migrations` adds; a table without them is used by the others alone.

    use Ecto.Schema

    alias PhoenixReplay.Storage.Query

    @primary_key {:id, :string, autogenerate: false}
    schema "phoenix_replay_recordings" do
      field :view, :string
      field :connected_at, :integer
      field :event_count, :integer
      field :data, :binary
      timestamps(type: :utc_datetime)

      field :url, :string
      field :duration_ms, :integer
      field :failed, :boolean
      field :release, :string
      field :bytes, :integer
      field :pinned, :boolean
      field :search, :string
      field :facts, :string
      field :summary, :binary
    end

    # The column is a `varchar(255)`.
    @longest 255

    @doc "The columns of the contract's table."
    def contract(id, data, summary) do
      now = DateTime.truncate(DateTime.utc_now(), :second)

      %{
        id: id,
        view: view(Query.view_name(summary[:view] || "unknown")),
        connected_at: summary.connected_at,
        event_count: summary[:event_count] || 0,
        data: data,
        inserted_at: now,
        updated_at: now
      }
    end

    @doc "The columns that lists and conditions are answered from. `bytes` below 0: it cannot be read."
    def described(summary, bytes) do
      %{
        url: text(summary[:url]),
        duration_ms: summary[:duration_ms] || 0,
        failed: Query.failed?(summary),
        release: text(summary[:release]),
        bytes: bytes,
        search: text(Query.searched(summary)),
        facts: facts(summary),
        summary: :erlang.term_to_binary(summary)
      }
    end

    def unreadable, do: %{bytes: -1, summary: ""}

    def view(name), do: name |> text() |> String.slice(0, @longest)

    # Each fact as a short digest, so that any text is found whole and by itself.
    defp facts(summary) do
      events = for {name, _count} <- summary[:event_names] || %{}, do: token(:event, name, "")

      metadata =
        for fact <- summary[:metadata] || %{},
            {name, value} = Query.fact(fact),
            do: token(:metadata, name, value)

      Enum.join(events ++ metadata, " ")
    end

    def token(kind, name, value) do
      :sha256
      |> :crypto.hash([Atom.to_string(kind), 0, name, 0, value])
      |> binary_part(0, 12)
      |> Base.encode16()
    end

    @doc "Text that any database takes: PostgreSQL refuses a NUL and what is no UTF-8."
    def text(nil), do: nil

    def text(text) do
      if String.valid?(text), do: String.replace(text, "\0", ""), else: inspect(text)
    end
  end
end
