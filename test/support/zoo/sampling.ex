defmodule PhoenixReplay.Zoo.Sampling do
  @moduledoc false
  # A host's own `sample_rate`: answers what the page's address asks for.

  def asked(%{"sample" => "yes"}, %{} = _session, %Phoenix.LiveView.Socket{}), do: true
  def asked(%{"sample" => "no"}, _session, _socket), do: false
  def asked(%{"sample" => "raise"}, _session, _socket), do: raise(ArgumentError, "s3cret")
  def asked(%{"sample" => "odd"}, _session, _socket), do: :perhaps
  def asked(%{"sample" => rate}, _session, _socket), do: String.to_float(rate)
end
