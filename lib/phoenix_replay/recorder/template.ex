defmodule PhoenixReplay.Recorder.Template do
  @moduledoc false
  # What a page is rendered with, where that is not its module's own: a function given by `render_with`,
  # and a layout given by the live session or by mount. Both are settled by the first render.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.Compat

  @doc "Events for what is not the module's own, of the view or of the component `owner`."
  @spec events(Phoenix.LiveView.Socket.t(), nil | {module, term}) :: [
          {:template, [Native.field()]}
        ]
  def events(socket, owner) do
    given =
      for function <- [Compat.render_with(socket)], function, do: {{:template, owner}, function}

    for {part, value} <- given ++ layout(socket, owner), do: event(part, value)
  end

  defp layout(socket, nil) do
    case Compat.layout(socket) do
      {:ok, layout} -> [{:layout, layout}]
      :own -> []
    end
  end

  defp layout(_socket, _owner), do: []

  defp event(part, value), do: {:template, [{:part, :plain, part}, {:value, :plain, value}]}
end
