defmodule PhoenixReplay.Recorder.Facts do
  @moduledoc false
  # What does not change while a session runs and tells later whether the code that recorded it is
  # still the code that replays it.

  @libraries [:phoenix, :phoenix_live_view, :phoenix_html, :phoenix_replay]

  @doc "Finds out what is the same for every session. Called at boot, so that a start pays nothing."
  def init, do: :persistent_term.put(__MODULE__, of_node())

  def head(view) do
    __MODULE__
    |> :persistent_term.get(%{})
    |> Map.put(:modules, modules(view))
  end

  defp of_node do
    %{node: Atom.to_string(node()), release: System.get_env("RELEASE_VSN"), versions: versions()}
  end

  defp versions do
    for library <- @libraries, version = Application.spec(library, :vsn), into: %{} do
      {library, List.to_string(version)}
    end
  end

  # What is recorded by id names a view that need not be a module.
  defp modules(view) do
    if is_atom(view) and view != nil and function_exported?(view, :module_info, 1),
      do: %{view => view.module_info(:md5)},
      else: %{}
  end
end
