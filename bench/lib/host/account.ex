defmodule PhoenixReplay.Bench.Account do
  @moduledoc "What the form of the typing scenario edits."
  use Ecto.Schema

  import Ecto.Changeset

  embedded_schema do
    field :name, :string
    field :email, :string
    field :city, :string
    field :notes, :string
  end

  def changeset(params) do
    %__MODULE__{}
    |> cast(params, [:name, :email, :city, :notes])
    |> validate_required([:name, :email])
    |> validate_length(:name, max: 80)
    |> validate_format(:email, ~r/@/)
  end
end
