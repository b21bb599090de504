defmodule PhoenixReplay.Bench.Page do
  @moduledoc "The view of the sockets that are measured. It is never rendered."
  use Phoenix.LiveView

  @impl true
  def render(assigns), do: ~H""
end
