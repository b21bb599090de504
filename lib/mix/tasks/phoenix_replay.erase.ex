defmodule Mix.Tasks.PhoenixReplay.Erase do
  @shortdoc "Deletes all recordings of a person"

  @moduledoc """
  Deletes every saved recording with this metadata, pinned or not, and prints how many.

      $ mix phoenix_replay.erase --user-id 7
      $ mix phoenix_replay.erase --tenant acme --plan trial --dry-run

  Every `--key value` is a fact of the metadata that must be equal, a dash in the name standing for an
  underscore; see `PhoenixReplay.put_metadata/2`. Asks before it deletes.

  Sessions that are running are in the memory of nodes. With the name of one it is done there: its sessions
  are ended and deleted too, and those of the nodes it is connected with.

      $ mix phoenix_replay.erase --user-id 7 --node my_app@localhost --cookie secret

  In a release, where there is no Mix, the same is a call:

      $ bin/my_app rpc "PhoenixReplay.Store.delete_recordings(metadata: %{user_id: 7})"

  ## Options

    * `--node` - a running node of the application, to include what runs
    * `--cookie` - of that node; by default the one of `~/.erlang.cookie`
    * `--dry-run` - counts what would be deleted
    * `--yes` - does not ask
  """

  use Mix.Task
  import Mix.PhoenixReplay
  alias Mix.PhoenixReplay.Node
  alias PhoenixReplay.Store

  @usage "mix phoenix_replay.erase --key value [--key value ...] [--node name] [--dry-run] [--yes]"
  @switches [dry_run: :boolean, yes: :boolean, node: :string, cookie: :string]

  @impl true
  def run(args) do
    {opts, facts} = args |> parse!() |> Keyword.split(Keyword.keys(@switches))

    if node = opts[:node],
      do: run(opts, facts, &Node.store(node, opts[:cookie], :delete_recordings, &1)),
      else: with_storage(fn -> run(opts, facts, &apply(Store, :delete_recordings, &1)) end)
  end

  defp run(opts, facts, delete) do
    where = [metadata: facts]
    count = [where, [dry_run: true]] |> delete.() |> ok!(nil)

    cond do
      opts[:dry_run] -> say("would delete", count)
      count == 0 -> say("deleted", 0)
      opts[:yes] || agreed?(count, facts) -> say("deleted", [where] |> delete.() |> ok!(nil))
      true -> Mix.shell().info("nothing deleted")
    end
  end

  defp parse!(args) do
    parsed = OptionParser.parse(args, switches: @switches, allow_nonexistent_atoms: true)

    with {opts, [], []} <- parsed,
         [_ | _] = facts <- Keyword.drop(opts, Keyword.keys(@switches)),
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

  defp say(done, count), do: Mix.shell().info("#{done} #{recordings(count)}")

  defp recordings(1), do: "1 recording"
  defp recordings(count), do: "#{count} recordings"
end
