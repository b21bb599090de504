defmodule PhoenixReplay.Dashboard.List.Unsaved do
  @moduledoc false
  # What the list says while storage refuses recordings. Of this node: nobody knows it of the others.

  import Phoenix.Component, only: [assign: 3]
  import Phoenix.LiveView, only: [attach_hook: 4]

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Access, Format}
  alias PhoenixReplay.Store

  @doc """
  Lets a page say so: `:unsaved` is a sentence, `nil` where all is saved, and for whom the list shows nothing.
  """
  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket), do: socket |> look() |> attach_hook(:unsaved, :handle_info, &info/2)

  # As often as the page looks at anything. Others wait for the message as well.
  defp info(:renew, socket), do: {:cont, look(socket)}
  defp info(_message, socket), do: {:cont, socket}

  defp look(socket) do
    told = if Access.may?(socket, :list), do: told(socket, Store.unsaved())
    assign(socket, :unsaved, told)
  end

  defp told(_socket, %{count: 0}), do: nil

  defp told(socket, %{count: count, error: error}) do
    "#{which(Access.guarded?(socket), count)} could not be saved yet. Nothing is lost: what ended stays in the " <>
      "memory of this node and is tried again until it is saved.#{why(error)}"
  end

  # How many is a total, and hidden where totals are.
  defp which(true, _count), do: "Recordings"
  defp which(false, count), do: Format.counted(count, "recording")

  defp why(nil), do: ""
  defp why(error), do: " The last refusal: #{error.message}"
end
