defmodule PhoenixReplay.Replay.Thaw do
  @moduledoc false
  # Makes functions callable again that a recording holds as module, name and arity.
  #
  # Stored bytes are not to be trusted, so a function is thawed only where calling it is part of
  # rendering: on the recorded view, on a schema (a changeset casts through it) and where it is a declared
  # function component. All else stays inert.
  #
  # A form with nested ones, as `inputs_for` renders it, makes a changeset of each that has none yet,
  # through what Ecto knows it by (`on_cast`). Unless a host gave its own, that is a closure around the
  # `changeset/2` of the schema, and no closure is recorded; so here it is that function again.

  alias PhoenixReplay.Inert

  @doc "The recorded assigns with the functions that `view` may call."
  @spec assigns(map, module) :: map
  def assigns(assigns, view) do
    if function?(assigns), do: thaw(assigns, view), else: assigns
  end

  @doc """
  The function that `module`, a view or a component, is rendered with: its `render/1`, or what was recorded
  of the one it was given. Stored bytes are not to be trusted: that is one of `module` itself or of a
  module of function components.
  """
  @spec template(module, term) :: (map -> term) | nil
  def template(module, nil) do
    if Code.ensure_loaded?(module) and function_exported?(module, :render, 1),
      do: Function.capture(module, :render, 1)
  end

  def template(module, %Inert{function: {given, name, 1}})
      when is_atom(given) and is_atom(name) do
    if Code.ensure_loaded?(given) and function_exported?(given, name, 1) and
         (given == module or of_components?(given)),
       do: Function.capture(given, name, 1)
  end

  def template(_module, _closure), do: nil

  @doc "Whether a recorded layout may be rendered: it is in a module of function components."
  @spec layout?(term) :: boolean
  def layout?({module, name}) when is_atom(module) and (is_atom(name) or is_binary(name)),
    do: Code.ensure_loaded?(module) and of_components?(module)

  def layout?(_other), do: false

  defp of_components?(module) do
    function_exported?(module, :__components__, 0) and
      not function_exported?(module, :__live__, 0)
  end

  # Most states hold none, and then the assigns are used as they are.
  defp function?(%Inert{function: function}), do: function != nil
  defp function?(%{on_cast: nil, related: _}), do: true
  defp function?(%{} = map), do: Enum.any?(:maps.values(map), &function?/1)
  defp function?([head | tail]), do: function?(head) or function?(tail)
  defp function?(tuple) when is_tuple(tuple), do: function?(Tuple.to_list(tuple))
  defp function?(_term), do: false

  defp thaw(%Inert{function: {module, name, arity}} = inert, view) do
    if callable?(module, name, arity, view),
      do: Function.capture(module, name, arity),
      else: inert
  end

  defp thaw(%{on_cast: nil, related: schema} = relation, view) do
    if callable?(schema, :changeset, 2, view),
      do: %{relation | on_cast: Function.capture(schema, :changeset, 2)},
      else: relation
  end

  defp thaw(%{} = map, view), do: :maps.map(fn _key, value -> thaw(value, view) end, map)
  defp thaw([head | tail], view), do: [thaw(head, view) | thaw(tail, view)]

  defp thaw(tuple, view) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> thaw(view) |> List.to_tuple()

  defp thaw(term, _view), do: term

  defp callable?(module, name, arity, view) do
    is_atom(module) and is_atom(name) and is_integer(arity) and Code.ensure_loaded?(module) and
      function_exported?(module, name, arity) and
      (module == view or schema?(module) or component?(module, name, arity))
  end

  defp schema?(module), do: function_exported?(module, :__schema__, 1)

  defp component?(module, name, 1) do
    function_exported?(module, :__components__, 0) and
      is_map_key(module.__components__(), name)
  end

  defp component?(_module, _name, _arity), do: false
end
