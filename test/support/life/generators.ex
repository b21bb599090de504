defmodule PhoenixReplay.Life.Generators do
  @moduledoc "Generators of the lives of LiveViews."
  use ExUnitProperties

  alias PhoenixReplay.Terms

  @names ~w(id name email pin otp password passwordHash old_password? token accessToken token_count csrf-token
    API_KEY apikey secret secretary cookie cookies card_number cvv credentials authorization flash streams)a

  @assigns ~w(a b rows user opts password api_key token_count pin messages)a

  @doc "What happens, one after the other, and what the view is mounted with."
  def life, do: tuple({assigns(), params(), list_of(step(), max_length: 12)})

  # Of few names the same is drawn again and again, so what draws maps tries often.
  defp assigns, do: map_of(member_of(@assigns), value(), max_length: 6, max_tries: 100)

  # A doing is what one callback does, as in PhoenixReplay.Life.View.
  defp step do
    one_of([
      tuple({constant(:event), name(), params(), doing()}),
      tuple({constant(:info), message(), doing()}),
      tuple({constant(:patch), query(), doing()}),
      # Two callbacks before one render.
      tuple({constant(:event_and_patch), name(), params(), query(), doing(), doing()})
    ])
  end

  defp doing, do: list_of(edit(), max_length: 3)

  defp edit do
    frequency([
      {2, tuple({constant(:put), member_of(@assigns), value()})},
      {1, tuple({constant(:copy), member_of(@assigns), member_of(@assigns)})},
      {1, tuple({constant(:rebuild), member_of(@assigns)})},
      {6, tuple({constant(:change), member_of(@assigns), path(), change()})}
    ])
  end

  defp path, do: list_of(integer(0..5), max_length: 4)

  defp change do
    one_of([
      tuple({constant(:replace), value()}),
      tuple({constant(:add), integer(0..40), value()}),
      tuple({constant(:drop), integer(0..40)}),
      constant(:reverse),
      constant(:more)
    ])
  end

  defp value do
    frequency([
      {12, Terms.term()},
      {16, tree(one_of([integer(), string(:printable), inert()]), &inside/1)},
      {8, map(list_of(integer(1..99), max_length: 30), &rows/1)},
      # More than a call may do on a normal scheduler.
      {1, map(integer(1..9), &rows(Enum.map(1..1_200, fn n -> n * &1 end)))}
    ])
  end

  defp inside(child) do
    one_of([
      list_of(child),
      map_of(key(), child, max_length: 6, max_tries: 100),
      list_of(tuple({key(), child}), max_length: 4),
      map({child, child}, fn {host, path} -> %URI{host: host, path: path} end),
      map({child, child}, fn {secret, name} ->
        %PhoenixReplay.Zoo.User{password: secret, name: name}
      end)
    ])
  end

  defp rows(numbers),
    do: Enum.map(numbers, &%{id: &1, name: "row #{&1}", done: rem(&1, 2) == 0, token: "t#{&1}"})

  defp key, do: one_of([member_of(@names), map(member_of(@names), &to_string/1), integer(0..3)])

  # Pids and the like are made anew by nobody: a copy of one is the same.
  defp inert, do: member_of([self(), make_ref(), &String.upcase/1, &:lists.reverse/1])

  defp name, do: string(:alphanumeric, min_length: 1, max_length: 8)

  defp message do
    one_of([
      member_of([:tick, nil, "text", 7, %URI{}, {:tick}, {nil, 1}, {"text", 1}]),
      map(value(), &{:changed, &1})
    ])
  end

  # What a browser can send.
  defp params do
    string(:alphanumeric, max_length: 4)
    |> tree(fn child ->
      one_of([
        list_of(child, max_length: 3),
        map_of(text_key(), child, max_length: 4, max_tries: 100)
      ])
    end)
    |> then(&map_of(text_key(), &1, max_length: 4, max_tries: 100))
  end

  defp text_key, do: map(member_of(@names), &to_string/1)

  defp query do
    map(
      map_of(text_key(), string(:alphanumeric, max_length: 5), max_length: 4, max_tries: 100),
      &URI.encode_query/1
    )
  end
end
