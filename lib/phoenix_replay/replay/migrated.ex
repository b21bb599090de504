defmodule PhoenixReplay.Replay.Migrated do
  @moduledoc false
  # A recorded moment in the shape of today, by what the host configured as `migration`. Its code runs here,
  # inside a rescue, before anything is rendered.

  alias PhoenixReplay.Config
  alias PhoenixReplay.Recording.Code
  alias PhoenixReplay.Replay.Failure

  @doc "The moment with the assigns of the view and its components migrated."
  @spec moment(moment, module) :: {:ok, moment} | {:error, Failure.t()}
        when moment: %{assigns: map, parts: map}
  def moment(moment, view) do
    case Config.get(:migration) do
      nil -> {:ok, moment}
      migration -> migrated(moment, view, migration)
    end
  end

  defp migrated(%{assigns: assigns, parts: parts} = moment, view, migration) do
    recorded = Map.get(moment, :recorded, %{})
    migrate = &migrate(migration, &1, &2, facts(view, &1, recorded))
    {:ok, %{moment | assigns: migrate.(view, assigns), parts: Map.new(parts, &part(&1, migrate))}}
  rescue
    exception ->
      {:error, Failure.migration(view, migration, :error, exception, __STACKTRACE__)}
  catch
    kind, reason -> {:error, Failure.migration(view, migration, kind, reason, __STACKTRACE__)}
  end

  defp part({{:component, module, id} = key, %{} = assigns}, migrate),
    do: {key, migrate.({module, id}, assigns)}

  defp part(other, _migrate), do: other

  defp migrate(migration, of, assigns, facts) do
    case migration.migrate(of, assigns, facts) do
      %{} = migrated ->
        migrated

      other ->
        raise ArgumentError,
              "expected migrate/3 to return a map of assigns for #{inspect(of)}, got: #{inspect(other, limit: 5)}"
    end
  end

  defp facts(view, of, recorded) do
    module = with {module, _id} <- of, do: module
    md5 = recorded[:modules][module]

    %{
      view: view,
      md5: md5,
      changed?: md5 != nil and md5 != Code.md5(module),
      release: recorded[:release],
      versions: recorded[:versions] || %{},
      connected_at: recorded[:connected_at]
    }
  end
end
