if Code.ensure_loaded?(Ecto.Query) do
  defmodule PhoenixReplay.Storage.Ecto.Alone do
    @moduledoc false
    # One node at a time. PostgreSQL has advisory locks, which end with the connection that took them; for
    # SQLite there is a row with an end, so that a node that dies is not waited for for ever.

    import Ecto.Query

    alias PhoenixReplay.Storage.Owner

    @lease_ms 10 * 60 * 1000
    @leases "phoenix_replay_leases"

    def run(%{kind: :postgres, repo: repo}, name, task) do
      key = :erlang.phash2({:phoenix_replay, name})

      repo.checkout(fn ->
        if repo.query!("SELECT pg_try_advisory_lock($1)", [key], log: false).rows == [[true]] do
          try do
            {:ok, task.()}
          after
            repo.query!("SELECT pg_advisory_unlock($1)", [key], log: false)
          end
        else
          :busy
        end
      end)
    end

    # The contract's table alone has no room for a lease.
    def run(%{kind: :sqlite, described: false}, _name, task), do: {:ok, task.()}

    def run(%{kind: :sqlite, repo: repo}, name, task) do
      name = Atom.to_string(name)
      now = System.os_time(:millisecond)
      mine = Owner.this()
      repo.delete_all(from(l in @leases, where: l.name == ^name and l.until < ^now), log: false)
      lease = %{name: name, owner: mine, until: now + @lease_ms}

      case repo.insert_all(@leases, [lease], on_conflict: :nothing, log: false) do
        {1, _none} ->
          try do
            {:ok, task.()}
          after
            repo.delete_all(from(l in @leases, where: l.name == ^name and l.owner == ^mine),
              log: false
            )
          end

        {0, _none} ->
          :busy
      end
    end
  end
end
