defmodule PhoenixReplay.Demo.Task do
  @moduledoc false
  # The nursery's work for the year. The same tasks every time, so that what is recorded of them can
  # be compared from run to run.
  defstruct [:id, :title, :place, :owner, :due, done: false]

  @work ["Water the", "Prune the", "Repot the", "Label the", "Feed the", "Photograph the"]
  @plants ~w(ferns mosses ivies hostas sedums orchids lilies irises heathers cyclamens thymes)
  @places ["Glasshouse 1", "Glasshouse 2", "Cold frame", "Nursery bed", "Shop floor"]
  @owners ["Ada Quill", "Bram Oakes", "Cleo Marsh", "Dev Anand", "Esme Wood"]

  @doc "The tasks of a year, 480 of them."
  def all, do: Enum.map(1..480, &task/1)

  def places, do: @places
  def owners, do: @owners

  @doc "Does a task fit a search in title, place and owner, and a state (all, open, done)?"
  def fits?(%__MODULE__{} = task, query, state) do
    state_fits?(task, state) and
      (query == "" or
         String.contains?(
           String.downcase("#{task.title} #{task.place} #{task.owner}"),
           String.downcase(query)
         ))
  end

  defp state_fits?(task, "open"), do: not task.done
  defp state_fits?(task, "done"), do: task.done
  defp state_fits?(_task, _all), do: true

  defp task(id) do
    %__MODULE__{
      id: id,
      title: "#{pick(@work, id)} #{pick(@plants, id * 7)}",
      place: pick(@places, id * 3 + div(id, 11)),
      owner: pick(@owners, id * 13 + div(id, 7)),
      due: Date.add(~D[2026-03-02], div(id * 3, 4)),
      done: rem(id * 31, 9) == 0
    }
  end

  defp pick(list, number), do: Enum.at(list, rem(number, length(list)))
end
