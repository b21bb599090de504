defmodule PhoenixReplay.Inert do
  @moduledoc """
  What a recording holds in place of a pid, port, reference or function.

  Such a term means nothing outside its node and its moment, so it is recorded as what it was and how
  it prints. It prints as the original did, so that `inspect(@pid)` in a template replays as it was.

    * `:kind` - `:pid`, `:port`, `:reference` or `:function`
    * `:text` - how `inspect/1` showed it
    * `:function` - `{module, name, arity}` of an external function (`&Mod.fun/1`), else `nil`. A replay
      calls it only on the recorded view, its components or a schema.

  ## Examples

      iex> inspect(%PhoenixReplay.Inert{kind: :pid, text: "#PID<0.42.0>"})
      "#PID<0.42.0>"
  """

  @enforce_keys [:kind, :text]
  defstruct [:kind, :text, :function]

  @type t :: %__MODULE__{
          kind: :pid | :port | :reference | :function,
          text: String.t(),
          function: mfa | nil
        }

  defimpl Inspect do
    def inspect(inert, _opts), do: inert.text
  end
end
