defmodule PhoenixReplay.Dashboard.List.Running do
  @moduledoc false
  # The sessions that run now, as `PhoenixReplay.LiveNow` tells of them, node by node. Only the newest are
  # known in full.

  alias PhoenixReplay.LiveNow
  alias PhoenixReplay.Recording.Summary

  defstruct nodes: %{}

  @opaque t :: %__MODULE__{nodes: %{String.t() => {non_neg_integer, [Summary.t()], integer}}}

  # What is shown of them. More would push what is saved out of sight.
  @shown 20

  @doc "Takes what a node told at `now`, in milliseconds; `visible` leaves out what may not be seen."
  @spec told(t, String.t(), non_neg_integer, [map], ([Summary.t()] -> [Summary.t()]), integer) ::
          t
  def told(%__MODULE__{nodes: nodes}, node, count, summaries, visible, now) do
    known = summaries |> Enum.map(&LiveNow.summary(&1, true)) |> visible.()
    # Of those that are not known none can be said to be visible.
    count = if length(known) == length(summaries), do: count, else: length(known)
    %__MODULE__{nodes: Map.put(nodes, node, {count, known, now})}
  end

  @doc "Takes one away that is saved: its node says only with the next second that it does not run."
  @spec saved(t, String.t()) :: t
  def saved(%__MODULE__{nodes: nodes}, id) do
    %__MODULE__{nodes: Map.new(nodes, fn {node, told} -> {node, without(told, id)} end)}
  end

  defp without({count, known, at} = told, id) do
    case Enum.reject(known, &(&1.id == id)) do
      ^known -> told
      left -> {count - 1, left, at}
    end
  end

  @doc "Forgets nodes that were silent for long."
  @spec heard(t, integer) :: t
  def heard(%__MODULE__{nodes: nodes}, now) do
    oldest = now - LiveNow.forget_ms()
    %__MODULE__{nodes: Map.filter(nodes, fn {_node, {_count, _known, at}} -> at >= oldest end)}
  end

  @doc "The newest of them."
  @spec newest(t) :: [Summary.t()]
  def newest(%__MODULE__{nodes: nodes}) do
    nodes
    |> Enum.flat_map(fn {_node, {_count, known, _at}} -> known end)
    |> Enum.sort_by(&{&1.connected_at, &1.id}, :desc)
    |> Enum.take(@shown)
  end

  @doc "How many there are besides."
  @spec more(t) :: non_neg_integer
  def more(%__MODULE__{nodes: nodes} = running) do
    all = nodes |> Map.values() |> Enum.map(&elem(&1, 0)) |> Enum.sum()
    all - length(newest(running))
  end
end
