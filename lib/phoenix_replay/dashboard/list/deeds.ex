defmodule PhoenixReplay.Dashboard.List.Deeds do
  @moduledoc false
  # What can be done to recordings from the list: one is kept or deleted, all that match are deleted. What
  # cannot be undone is asked about first.
  #
  #   clears     whether this viewer may delete all that match
  #   asked      what is asked about: nil, :all or the summary of a recording
  #   busy       what is being done, in words
  #   problem    why it could not be done

  import Phoenix.Component, only: [assign: 2, assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, Format}
  alias PhoenixReplay.Dashboard.List.Reading

  @doc "Lets a page act."
  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket
    |> assign(clears: Access.may?(socket, :clear), asked: nil, busy: nil, problem: nil)
    |> attach_hook(:deeds, :handle_event, &event/3)
    |> attach_hook(:deeds, :handle_info, &info/2)
    |> attach_hook(:deeds, :handle_async, &async/3)
  end

  defp event("pin", %{"id" => id, "pinned" => pinned}, socket),
    do: {:halt, done(socket, Access.pin(socket, id, pinned == "true"))}

  defp event("ask", %{"id" => id}, socket),
    do: {:halt, assign(socket, :asked, Enum.find(socket.assigns.saved || [], &(&1.id == id)))}

  defp event("ask_all", _params, socket), do: {:halt, assign(socket, :asked, :all)}
  defp event("cancel", _params, socket), do: {:halt, assign(socket, :asked, nil)}

  defp event("delete", %{"id" => id}, socket),
    do: {:halt, done(socket, Access.delete(socket, id))}

  defp event("clear", _params, %{assigns: %{busy: nil}} = socket) do
    {viewer, where, page} = {Reading.viewer(socket), Reading.where(socket), self()}
    so_far = fn count -> send(page, {:deleted, count}) end

    {:halt,
     socket
     |> assign(asked: nil, busy: "Deleting…")
     |> start_async(:clear, fn -> Access.clear(viewer, where, so_far) end)}
  end

  defp event(_name, _params, socket), do: {:cont, socket}

  defp info({:deleted, count}, %{assigns: %{busy: busy}} = socket) when busy != nil,
    do: {:halt, assign(socket, :busy, "Deleting… #{Format.count(count)} so far")}

  defp info({:deleted, _count}, socket), do: {:halt, socket}
  defp info(_message, socket), do: {:cont, socket}

  defp async(:clear, {:ok, result}, socket),
    do: {:halt, socket |> assign(:busy, nil) |> done(result)}

  defp async(:clear, {:exit, _reason}, socket),
    do: {:halt, socket |> assign(:busy, nil) |> again("Not all were deleted.")}

  defp async(_name, _result, socket), do: {:cont, socket}

  # One that was not there any more is as deleted as it can be.
  defp done(socket, {:error, error}), do: again(socket, error.message)
  defp done(socket, _done_or_gone), do: again(socket, nil)

  defp again(socket, problem),
    do: socket |> assign(asked: nil, problem: problem) |> Reading.start()
end
