defmodule PhoenixReplay.Recorder.Options do
  @moduledoc false
  # Options of `on_mount: [{PhoenixReplay.Recorder, options}]`. They are checked at each mount, also of
  # a session that is not recorded, so by hand: a schema costs more than all else a mount does here.

  alias PhoenixReplay.Config
  alias PhoenixReplay.Config.Types

  @known [:max_events, :max_session_bytes, :sample_rate, :sanitizer, :metadata, :keep]

  # LiveView gives `:default` where there are none. Any other atom is a name the host may have given
  # the hook, as on_mount hooks often take one.
  def parse!(name) when is_atom(name), do: []
  def parse!([]), do: []

  def parse!(options) when is_list(options) do
    Enum.each(options, &check!/1)
    options
  end

  def parse!(other) do
    raise ArgumentError,
          "PhoenixReplay.Recorder takes a keyword list of options, got: #{inspect(other)}"
  end

  defp check!({key, value}) when key in @known do
    with {:error, why} <- checked(key, value) do
      raise ArgumentError,
            "option #{inspect(key)} of PhoenixReplay.Recorder takes #{Config.takes(key)}, " <>
              String.trim_trailing("got: #{inspect(value)} #{why}")
    end
  end

  defp check!({key, _value}) do
    raise ArgumentError,
          "unknown option #{inspect(key)} of PhoenixReplay.Recorder, known are #{inspect(@known)}"
  end

  defp check!(other) do
    raise ArgumentError,
          "PhoenixReplay.Recorder takes a keyword list of options, got in it: #{inspect(other)}"
  end

  defp checked(:max_events, count) when is_integer(count) and count > 0, do: {:ok, count}
  defp checked(:max_events, _other), do: {:error, ""}
  defp checked(:max_session_bytes, bytes), do: Types.session_bytes(bytes)
  defp checked(:sample_rate, rate), do: Types.sample_rate(rate)
  defp checked(:metadata, function), do: Types.metadata(function)
  defp checked(:keep, keep), do: Types.keep(keep)
  defp checked(:sanitizer, module), do: Types.sanitizer(module)
end
