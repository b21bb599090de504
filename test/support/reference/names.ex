defmodule PhoenixReplay.Reference.Names do
  @moduledoc "Which names are sensitive, as the contract says it, slowly: a name is taken apart into words."

  @always ~w(token csrf_token secret api_key private_key authorization cookie credential credentials card_number)
  @in_params ~w(cvv cvc ssn otp pin)

  @doc "Whether an atom or text is the name of something that is not recorded, in assigns or in params."
  @spec sensitive?(term, :assigns | :params) :: boolean
  def sensitive?(name, rule) when is_atom(name), do: sensitive?(Atom.to_string(name), rule)

  def sensitive?(name, rule) when is_binary(name) do
    words = words(name)
    names = if rule == :params, do: @always ++ @in_params, else: @always
    name =~ ~r/password/i or Enum.any?(names, &ends_in?(words, &1))
  end

  def sensitive?(_other, _rule), do: false

  defp words(name) do
    name
    |> String.replace(~r/([a-z])([A-Z])/, "\\1_\\2")
    |> String.replace(~r/([A-Z])([A-Z][a-z])/, "\\1_\\2")
    |> String.replace(~r/([0-9])([A-Za-z])/, "\\1_\\2")
    |> String.downcase(:ascii)
    |> String.split(~r/[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/, trim: true)
  end

  # `api_key` may be written as two words or as one.
  defp ends_in?(words, name) do
    parts = String.split(name, "_")
    Enum.take(words, -length(parts)) == parts or List.last(words) == Enum.join(parts)
  end
end
