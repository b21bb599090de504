defmodule PhoenixReplay.Demo.DeskPolicy do
  @moduledoc false
  # Who sits at a desk sees checkouts, and changes nothing.

  alias PhoenixReplay.Demo.CheckoutLive

  def authorize(action, nil, _socket), do: action in [:list, :search]
  def authorize(:view, recording, _socket), do: recording.view == CheckoutLive
  def authorize(_action, _recording, _socket), do: false
end
