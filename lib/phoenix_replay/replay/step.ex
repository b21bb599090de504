defmodule PhoenixReplay.Replay.Step do
  @moduledoc false
  # From one replayed moment to another, sending what differs.
  #
  # LiveView leaves out the parts of a tree that are nil. Two forced trees are plain data, so the parts
  # that are equal are found by comparing them: it works for any jump, not only from one event to the
  # next, and needs no record of which assigns changed.

  alias Phoenix.LiveView.{Comprehension, Rendered}

  @doc "`next`, sending only where it differs from `previous` (a forced tree, or nil) when tracked."
  @spec between(Rendered.t() | nil, Rendered.t()) :: Rendered.t()
  def between(
        %Rendered{fingerprint: fingerprint} = previous,
        %Rendered{fingerprint: fingerprint} = next
      ) do
    old = previous.dynamic.(false)
    new = next.dynamic.(false)
    %{next | dynamic: fn track? -> if track?, do: changes(old, new), else: new end}
  end

  def between(_previous, %Rendered{} = next), do: next

  defp changes(old, new), do: Enum.zip_with(old, new, &change/2)

  defp change(same, same) when is_binary(same), do: nil
  defp change(%Rendered{} = old, %Rendered{} = new), do: between(old, new)

  defp change(
         %{__struct__: Comprehension, fingerprint: fingerprint} = old,
         %{__struct__: Comprehension, fingerprint: fingerprint, stream: nil} = new
       ),
       do: comprehension(old, new)

  defp change(_old, new), do: new

  defp comprehension(%{entries: old}, %{entries: new, has_key?: keyed?} = comprehension) do
    known = Map.new(with_keys(old, keyed?))

    entries =
      for {place, {key, variables, render}} <- with_keys(new, keyed?) do
        case known do
          %{^place => {_key, _variables, before}} ->
            {key, variables, entry(before.(%{}, false), render.(%{}, false))}

          %{} ->
            {key, variables, render}
        end
      end

    %{comprehension | entries: entries}
  end

  # LiveView 1.0 sends a comprehension whole or not at all.
  defp comprehension(%{dynamics: same}, %{dynamics: same}), do: nil
  defp comprehension(_old, new), do: new

  defp entry(old, new),
    do: fn _changed, track? -> if track?, do: changes(old, new), else: new end

  # Without a key of the template's own, LiveView goes by position.
  defp with_keys(entries, true), do: Enum.map(entries, fn {key, _, _} = entry -> {key, entry} end)
  defp with_keys(entries, _keyless), do: Enum.with_index(entries, &{&2, &1})
end
