alias PhoenixReplay.{Databases, Storage}

for kind <- [:sqlite, :postgres],
    {shape, migrations, except} <- [
      {:migrated, [Databases.Full], []},
      {:upgraded, [Databases.Contract, Databases.First, Databases.Second], []},
      {:first, [Databases.First], []},
      # Neither pins nor journals without the columns and tables for it; SQLite has no lock of its own.
      {:bare, [Databases.Contract],
       ~w(pins clears filters journals claims forgets_journals silence)a ++
         if(kind == :sqlite, do: [:alone], else: [])}
    ] do
  name = Module.concat(Storage.Ecto, "#{Macro.camelize("#{kind}_#{shape}")}ContractTest")

  defmodule name do
    use ExUnit.Case
    @moduletag kind
    use PhoenixReplay.Storage.Contract, storage: PhoenixReplay.Storage.Ecto, except: except

    @kind kind
    @migrations migrations

    setup_all do
      {:ok, repo: Databases.start(@kind, @migrations)}
    end

    setup %{repo: repo} do
      Databases.empty(repo)
      {:ok, storage_opts: [repo: repo]}
    end
  end
end
