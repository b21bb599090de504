defmodule Mix.Tasks.PhoenixReplay.Erase do
  @shortdoc "Deletes all recordings of a person"

  @moduledoc """
  Deletes every saved recording with this metadata, pinned or not, and prints how many.

      $ mix phoenix_replay.erase --user-id 7
      $ mix phoenix_replay.erase --tenant acme --plan trial --dry-run

  Every `--key value` is a fact of the metadata that must be equal, a dash in the name standing for an
  underscore; see `PhoenixReplay.put_metadata/2`. Asks before it deletes.

  Sessions that are running belong to nodes, which this task does not reach. On one of them, as in a
  release, where there is no Mix, the same is a call, which ends those sessions too, and those of the
  nodes it is connected with:

      $ bin/my_app rpc "PhoenixReplay.Store.delete_recordings(metadata: %{user_id: 7})"

  ## Options

    * `--dry-run` - counts what would be deleted
    * `--yes` - does not ask
  """

  use Mix.Task
  import Mix.PhoenixReplay
  alias PhoenixReplay.Store

  @usage "mix phoenix_replay.erase --key value [--key value ...] [--dry-run] [--yes]"

  @impl true
  def run(args) do
    {opts, facts} = args |> parse!() |> Keyword.split([:dry_run, :yes])
    where = [metadata: facts]

    with_storage(fn ->
      count = where |> Store.delete_recordings(dry_run: true) |> ok!(nil)

      cond do
        opts[:dry_run] -> say("would delete", count)
        count == 0 -> say("deleted", 0)
        opts[:yes] || agreed?(count, facts) -> erase(where)
        true -> Mix.shell().info("nothing deleted")
      end
    end)
  end

  defp parse!(args) do
    switches = [dry_run: :boolean, yes: :boolean]
    parsed = OptionParser.parse(args, switches: switches, allow_nonexistent_atoms: true)

    with {opts, [], []} <- parsed,
         [_ | _] = facts <- Keyword.drop(opts, [:dry_run, :yes]),
         true <- Enum.all?(facts, fn {_name, value} -> is_binary(value) end) do
      opts
    else
      _not_understood -> Mix.raise("Usage: #{@usage}")
    end
  end

  defp agreed?(count, facts) do
    facts = Enum.map_join(facts, ", ", fn {name, value} -> "#{name} #{value}" end)
    Mix.shell().yes?("Delete #{recordings(count)} with #{facts}?", default: :no)
  end

  defp erase(where), do: say("deleted", where |> Store.delete_recordings() |> ok!(nil))

  defp say(done, count), do: Mix.shell().info("#{done} #{recordings(count)}")

  defp recordings(1), do: "1 recording"
  defp recordings(count), do: "#{count} recordings"
end
