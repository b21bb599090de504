defmodule PhoenixReplay.Replay.Moment do
  @moduledoc false
  # What a template finds in its assigns besides those of the host: LiveView keeps it there itself, so
  # it is recorded apart from them, as parts of the page, and put back here.
  #
  #   * :flash                  - the flash
  #   * {:stream, owner, name}  - the rows of a stream, [{dom_id, item}]
  #   * {:upload, owner, name}  - what a page shows of an upload
  #
  # An owner is nil for the view and {module, id} for a component.

  alias PhoenixReplay.Recorder.Compat

  @doc "Assigns of the view or a component, with what LiveView would have put among them."
  @spec assigns(map, PhoenixReplay.Replay.parts(), nil | {module, term}) :: map
  def assigns(assigns, parts, owner) do
    %{flash: %{}}
    |> Map.merge(assigns)
    |> put_flash(parts, owner)
    |> put_streams(parts, owner)
    |> put_uploads(parts, owner)
  end

  @doc "The same moment with an assign that it lacks being `nil`, for the view and all components."
  @spec with_nil(moment, atom) :: moment when moment: %{assigns: map, parts: map}
  def with_nil(%{assigns: assigns, parts: parts} = moment, key) do
    parts =
      Map.new(parts, fn
        {{:component, _module, _id} = part, %{} = of_it} -> {part, Map.put_new(of_it, key, nil)}
        other -> other
      end)

    %{moment | assigns: Map.put_new(assigns, key, nil), parts: parts}
  end

  defp put_flash(assigns, %{flash: flash}, nil), do: %{assigns | flash: flash}
  defp put_flash(assigns, _parts, _owner), do: assigns

  # A view without streams has no `@streams` either.
  defp put_streams(assigns, parts, owner) do
    streams =
      for {{:stream, ^owner, name}, rows} <- parts, is_list(rows), into: %{} do
        {name, Compat.stream(name, rows)}
      end

    if streams == %{}, do: assigns, else: Map.put(assigns, :streams, streams)
  end

  defp put_uploads(assigns, parts, owner) do
    uploads = for {{:upload, ^owner, name}, %{} = shown} <- parts, into: %{}, do: {name, shown}

    if uploads == %{},
      do: assigns,
      else: Map.put(assigns, :uploads, Compat.uploads_assign(uploads))
  end
end
