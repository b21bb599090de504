defmodule PhoenixReplay.Zoo.Describing do
  @moduledoc false
  # A host's own `metadata`: of the browser's session, and of what mount assigned.

  def metadata(%{} = _session, %Phoenix.LiveView.Socket{assigns: assigns}),
    do: %{view_name: assigns.name, count: assigns.count, plan: :gold, api_token: "s3cret"}

  def failing(_session, _socket), do: raise(ArgumentError, "s3cret")
end

defmodule PhoenixReplay.Zoo.MemberLive do
  @moduledoc false
  # A view that says itself who uses it.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket),
    do:
      {:ok, socket |> assign(count: 0) |> PhoenixReplay.put_metadata(%{user_id: 7, plan: :trial})}

  @impl true
  def handle_event("put", %{"facts" => facts}, socket),
    do: {:noreply, PhoenixReplay.put_metadata(socket, facts)}

  def handle_event("odd", _params, socket),
    do: {:noreply, PhoenixReplay.put_metadata(socket, {:not, "facts"})}

  @impl true
  def render(assigns), do: ~H"<p>{@count}</p>"
end
