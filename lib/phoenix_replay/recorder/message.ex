defmodule PhoenixReplay.Recorder.Message do
  @moduledoc false
  # What a message is called. Its content is the host's and is not recorded.

  @spec tag(term) :: atom
  def tag(message) when is_atom(message), do: message
  def tag(%module{}), do: module

  def tag(message)
      when is_tuple(message) and tuple_size(message) > 0 and is_atom(elem(message, 0)),
      do: elem(message, 0)

  def tag(_other), do: nil
end
