defmodule PhoenixReplay.Bench.EmptyHooks do
  @moduledoc """
  Hooks that do nothing: what LiveView itself takes to call a recorder. It is taken off what the
  recorders take, so that the ratio is of what they add.
  """
  import Phoenix.LiveView, only: [attach_hook: 4]

  def on_mount(_options, _params, _session, socket) do
    {:cont,
     socket
     |> attach_hook(:empty, :handle_event, fn _name, _params, socket -> {:cont, socket} end)
     |> attach_hook(:empty, :handle_info, fn _message, socket -> {:cont, socket} end)
     |> attach_hook(:empty, :after_render, fn socket -> socket end)}
  end
end
