defmodule PhoenixReplay.Reference.Hooks do
  @moduledoc "Attaches the reference recorder to a LiveView, after the one that users have."

  import Phoenix.LiveView
  alias PhoenixReplay.Reference.Recorder

  def on_mount(:default, _params, _session, socket) do
    {:cont,
     socket
     |> attach_hook({__MODULE__, :event}, :handle_event, &handle_event/3)
     |> attach_hook({__MODULE__, :params}, :handle_params, &handle_params/3)
     |> attach_hook({__MODULE__, :info}, :handle_info, &handle_info/2)
     |> attach_hook({__MODULE__, :render}, :after_render, &after_render/1)}
  end

  @doc "What was recorded of a running view."
  @spec recorded(pid) :: Recorder.t()
  def recorded(pid) do
    {:dictionary, dictionary} = Process.info(pid, :dictionary)
    Keyword.fetch!(dictionary, __MODULE__)
  end

  @doc "A callback that was called by an event sends the browser to `url` of the same view."
  def sent(socket, url), do: keep(Recorder.sent(recorder(socket), url))

  defp handle_event(name, params, socket) do
    keep(Recorder.event(recorder(socket), name, params))
    {:cont, socket}
  end

  defp handle_params(params, url, socket) do
    keep(Recorder.params(recorder(socket), params, url))
    {:cont, socket}
  end

  defp handle_info(message, socket) do
    keep(Recorder.info(recorder(socket), message))
    {:cont, socket}
  end

  defp after_render(%{assigns: assigns} = socket) do
    temporary = Map.keys(socket.private[:temporary_assigns] || %{})
    keep(Recorder.render(recorder(socket), assigns, assigns.__changed__, temporary))
    socket
  end

  defp recorder(socket), do: Process.get(__MODULE__) || Recorder.mount(socket.assigns)
  defp keep(recorder), do: Process.put(__MODULE__, recorder)
end
