defmodule PhoenixReplay.Recording.Code do
  @moduledoc false
  # The code that replays a recording today, to hold against the one that recorded it.

  @doc "The MD5 of a module's code as it is today; `nil` where there is no such module any more."
  @spec md5(term) :: binary | nil
  def md5(module),
    do: if(is_atom(module) and Code.ensure_loaded?(module), do: module.module_info(:md5))
end
