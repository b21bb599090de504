defmodule PhoenixReplay.Recorder.Facts do
  @moduledoc false
  # What does not change while a session runs and tells later whether the code that recorded it is
  # still the code that replays it.

  @libraries [:phoenix, :phoenix_live_view, :phoenix_html, :phoenix_replay]

  @doc "Finds out what is the same for every session. Called at boot, so that a start pays nothing."
  def init do
    for {{__MODULE__, _view} = key, _head} <- :persistent_term.get(),
        do: :persistent_term.erase(key)

    :persistent_term.put(__MODULE__, of_node())
  end

  @doc """
  What a recording of `view` begins with: a map in external term format. That of a module is made once,
  until its code is another.
  """
  @spec head(term) :: binary
  def head(view) do
    case md5(view) do
      nil -> encoded(%{})
      md5 -> kept(view, md5)
    end
  end

  defp kept(view, md5) do
    case :persistent_term.get({__MODULE__, view}, nil) do
      {^md5, head} ->
        head

      _none_or_older ->
        head = encoded(%{view => md5})
        :persistent_term.put({__MODULE__, view}, {md5, head})
        head
    end
  end

  defp encoded(modules) do
    __MODULE__
    |> :persistent_term.get(%{})
    |> Map.put(:modules, modules)
    |> :erlang.term_to_binary()
  end

  defp of_node do
    %{node: Atom.to_string(node()), release: System.get_env("RELEASE_VSN"), versions: versions()}
  end

  defp versions do
    for library <- @libraries, version = Application.spec(library, :vsn), into: %{} do
      {library, List.to_string(version)}
    end
  end

  @doc "The MD5 of a module's code. What is recorded by id names a view that need not be a module: `nil`."
  @spec md5(term) :: binary | nil
  def md5(view) do
    if is_atom(view) and view != nil and function_exported?(view, :module_info, 1),
      do: view.module_info(:md5)
  end
end
