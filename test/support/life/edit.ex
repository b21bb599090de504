defmodule PhoenixReplay.Life.Edit do
  @moduledoc "Edits of assigns. What an edit does not touch, the new assigns share with the old ones."

  import Phoenix.Component, only: [assign: 3]

  @type t ::
          {:put, atom, term}
          | {:copy, from :: atom, to :: atom}
          | {:rebuild, atom}
          | {:change, atom, path :: [non_neg_integer], change}

  @typedoc "What happens to the term that a path leads to. Where it makes no sense nothing happens."
  @type change ::
          {:replace, term}
          | {:add, non_neg_integer, term}
          | {:drop, non_neg_integer}
          | :reverse
          | :more

  @spec assign(t, Phoenix.LiveView.Socket.t()) :: Phoenix.LiveView.Socket.t()
  def assign({:put, key, term}, socket), do: assign(socket, key, term)

  def assign({:copy, from, to}, socket), do: assign(socket, to, socket.assigns[from])

  # The same once more, with nothing shared.
  def assign({:rebuild, key}, socket) do
    copy = socket.assigns[key] |> :erlang.term_to_binary() |> :erlang.binary_to_term()
    assign(socket, key, copy)
  end

  def assign({:change, key, path, change}, socket),
    do: assign(socket, key, at(socket.assigns[key], path, change))

  # Steps of a path are any numbers: each leads to the part at its remainder.
  defp at(term, [step | path], change) do
    case parts(term) do
      0 -> change(term, change)
      count -> update(term, rem(step, count), &at(&1, path, change))
    end
  end

  defp at(term, [], change), do: change(term, change)

  defp parts(term) when is_list(term), do: if(List.improper?(term), do: 0, else: length(term))
  defp parts(term) when is_tuple(term), do: tuple_size(term)
  defp parts(term) when is_map(term), do: term |> keys() |> length()
  defp parts(_leaf), do: 0

  defp update(list, at, fun) when is_list(list), do: List.update_at(list, at, fun)
  defp update(tuple, at, fun) when is_tuple(tuple), do: put_elem(tuple, at, fun.(elem(tuple, at)))
  defp update(map, at, fun), do: Map.update!(map, Enum.at(keys(map), at), fun)

  defp keys(map), do: map |> Map.keys() |> List.delete(:__struct__)

  defp change(_term, {:replace, term}), do: term
  defp change(list, {:add, at, term}) when is_list(list), do: add(list, at, term)
  defp change(%_{} = struct, _change), do: struct
  defp change(map, {:add, at, term}) when is_map(map), do: Map.put(map, at, term)

  defp change(list, change) when is_list(list) and list != [] do
    case {List.improper?(list), change} do
      {true, _change} -> list
      {false, {:drop, at}} -> List.delete_at(list, rem(at, length(list)))
      {false, :reverse} -> Enum.reverse(list)
      {false, :more} -> list ++ Enum.take(list, 9)
    end
  end

  defp change(map, {:drop, at}) when is_map(map) and map_size(map) > 0,
    do: Map.delete(map, Enum.at(keys(map), rem(at, map_size(map))))

  defp change(text, {:add, at, _term}) when is_binary(text) do
    at = rem(at, byte_size(text) + 1)
    binary_part(text, 0, at) <> "ö" <> binary_part(text, at, byte_size(text) - at)
  end

  defp change(number, _change) when is_integer(number), do: number + 1
  defp change(term, _change), do: term

  defp add(list, at, term) do
    if List.improper?(list),
      do: [term | list],
      else: List.insert_at(list, rem(at, length(list) + 1), term)
  end
end
