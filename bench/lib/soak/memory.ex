defmodule PhoenixReplay.Bench.Soak.Memory do
  @moduledoc """
  Memory of this operating system process.

  Resident memory is `VmRSS` of `/proc/self/status`: what the kernel has given and not got back, shared
  code included. The BEAM's own part of it is `:erlang.memory(:total)`; it keeps some of what it once
  had, as does the C library, from which Rust allocates.
  """

  @doc "Resident bytes now."
  @spec resident() :: non_neg_integer
  def resident do
    [_line, kb] = Regex.run(~r/^VmRSS:\s+(\d+) kB$/m, File.read!("/proc/self/status"))
    String.to_integer(kb) * 1_024
  end

  @doc "Bytes that the BEAM has given to processes, binaries, tables and code."
  @spec beam() :: non_neg_integer
  def beam, do: :erlang.memory(:total)

  # What sessions held is given back some seconds after the last of them is gone.
  @rest_s 8

  @doc "Resident bytes once every process has collected its garbage: the least of some seconds."
  @spec at_rest() :: non_neg_integer
  def at_rest do
    for _second <- 1..@rest_s do
      Enum.each(Process.list(), &:erlang.garbage_collect/1)
      Process.sleep(1_000)
      resident()
    end
    |> Enum.min()
  end
end
