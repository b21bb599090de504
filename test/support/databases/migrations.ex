defmodule PhoenixReplay.Databases.Contract do
  @moduledoc "The table as the contract has it."
  use Ecto.Migration

  def change do
    create table(:phoenix_replay_recordings, primary_key: false) do
      add(:id, :string, primary_key: true)
      add(:view, :string, null: false)
      add(:connected_at, :bigint, null: false)
      add(:event_count, :integer, null: false, default: 0)
      add(:data, :binary, null: false)
      timestamps(type: :utc_datetime)
    end
  end
end

defmodule PhoenixReplay.Databases.Full do
  @moduledoc "What a host's migration looks like."
  use Ecto.Migration

  def up, do: PhoenixReplay.Migrations.up(version: 2)
  def down, do: PhoenixReplay.Migrations.down(version: 1)
end

defmodule PhoenixReplay.Databases.First do
  @moduledoc "What it looked like when there was the first version alone."
  use Ecto.Migration

  def up, do: PhoenixReplay.Migrations.up(version: 1)
  def down, do: PhoenixReplay.Migrations.down(version: 1)
end

defmodule PhoenixReplay.Databases.Second do
  @moduledoc "What brings the second version to a table of the first."
  use Ecto.Migration

  def up, do: PhoenixReplay.Migrations.up(version: 2)
  def down, do: PhoenixReplay.Migrations.down(version: 2)
end
