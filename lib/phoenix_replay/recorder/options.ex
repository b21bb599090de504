defmodule PhoenixReplay.Recorder.Options do
  @moduledoc false
  # Options of `on_mount: [{PhoenixReplay.Recorder, options}]`.

  @known [:max_events, :sanitizer]

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

  defp check!({key, _value}) when key in @known, do: :ok

  defp check!({key, _value}) do
    raise ArgumentError,
          "unknown option #{inspect(key)} of PhoenixReplay.Recorder, known are #{inspect(@known)}"
  end

  defp check!(other) do
    raise ArgumentError,
          "PhoenixReplay.Recorder takes a keyword list of options, got in it: #{inspect(other)}"
  end
end
