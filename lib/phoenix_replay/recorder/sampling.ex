defmodule PhoenixReplay.Recorder.Sampling do
  @moduledoc false
  # Whether a session is recorded at all. Asked once, at mount, before anything else is done for it.

  alias PhoenixReplay.Config
  alias PhoenixReplay.Recorder.Fault

  @doc """
  Decides by `sample_rate`, of the options or else of the configuration.

  A function that raises, or answers with neither a rate nor a boolean, was perhaps about to say no:
  what nobody agreed to is not recorded.
  """
  @spec sampled?(keyword, map | :not_mounted_at_router, map, Phoenix.LiveView.Socket.t()) ::
          boolean
  def sampled?(options, params, session, socket) do
    options
    |> Keyword.get_lazy(:sample_rate, fn -> Config.get(:sample_rate) end)
    |> decide(params, session, socket)
  catch
    kind, reason ->
      Fault.report(nil, :sample_rate, kind, reason)
      false
  end

  defp decide(rate, _params, _session, _socket) when is_number(rate), do: draw(rate)

  defp decide({module, function}, params, session, socket),
    do: module |> apply(function, [params, session, socket]) |> draw()

  defp decide(fun, params, session, socket), do: draw(fun.(params, session, socket))

  defp draw(answer) when is_boolean(answer), do: answer
  defp draw(rate) when rate == 1, do: true
  defp draw(rate) when rate == 0, do: false
  defp draw(rate) when is_number(rate) and rate > 0 and rate < 1, do: uniform() < rate

  defp draw(other),
    do: raise(ArgumentError, "a sample rate is 0.0 to 1.0, got: #{inspect(other)}")

  # Not `:rand`: its state is in the process, which is the host's, and so may be its seed.
  defp uniform do
    <<number::53, _rest::3>> = :crypto.strong_rand_bytes(7)
    number / 0x20000000000000
  end
end
