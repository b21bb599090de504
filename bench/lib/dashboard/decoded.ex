defmodule PhoenixReplay.Bench.Dashboard.Decoded do
  @moduledoc "How many bytes of recordings are decoded while something is done, in whichever process."

  alias PhoenixReplay.Native

  @doc "What `fun` gives, and the bytes."
  @spec during((-> result)) :: {result, non_neg_integer} when result: term
  def during(fun) do
    test = self()
    # A process is not told of its own calls.
    tracer = spawn_link(fn -> listen(test) end)
    receive(do: (:listening -> :ok))
    result = fun.()
    send(tracer, :stop)
    receive(do: ({:decoded, bytes} -> {result, bytes}))
  end

  defp listen(test) do
    :erlang.trace(:all, true, [:call])
    spec = [{[:"$1"], [], [{:message, {:byte_size, :"$1"}}]}]
    :erlang.trace_pattern({Native, :recording_open, 1}, spec, [])
    send(test, :listening)
    receive(do: (:stop -> :ok))
    :erlang.trace_pattern({Native, :recording_open, 1}, false, [])
    :erlang.trace(:all, false, [:call])
    send(test, {:decoded, heard(0)})
  end

  defp heard(bytes) do
    receive do
      {:trace, _pid, :call, _function, more} -> heard(bytes + more)
    after
      0 -> bytes
    end
  end
end
