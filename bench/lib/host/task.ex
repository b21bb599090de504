defmodule PhoenixReplay.Bench.Task do
  @moduledoc """
  A row of a list as an application has it: an Ecto struct with a time, a date and some text. Its
  fields and sizes are fixed, like the recorder that is compared with.
  """
  use Ecto.Schema

  schema "tasks" do
    field :title, :string
    field :description, :string
    field :status, Ecto.Enum, values: [:open, :doing, :done]
    field :priority, :integer
    field :assignee, :string
    field :due_on, :date
    field :inserted_at, :utc_datetime
  end

  @doc "Row `id`, made anew with every call: two calls share nothing. `version` is part of its title."
  def new(id, version \\ 0) do
    %__MODULE__{
      id: id,
      title: "Task #{id}, version #{version}",
      description: "Water the ferns of row #{id} and label them",
      status: :open,
      priority: rem(id, 5),
      assignee: "person#{rem(id, 17)}@example.com",
      due_on: Date.add(~D[2026-03-02], rem(id, 365)),
      inserted_at: DateTime.add(~U[2026-01-01 00:00:00Z], id)
    }
  end

  def list(count, version \\ 0), do: Enum.map(1..count, &new(&1, version))
end
