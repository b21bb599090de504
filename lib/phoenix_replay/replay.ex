defmodule PhoenixReplay.Replay do
  @moduledoc """
  Renders a recorded moment: a view and its assigns become the page the user saw.

  A template is a function of its assigns, so the recorded view's own `render/1` is called again. What
  it returns is lazy, and code that is not ours runs when it is forced; so the whole tree is forced here,
  inside a rescue, and comes back as plain data that cannot fail any more.

  No callback of the host runs: LiveComponents are rendered from what was recorded of them, and a nested
  LiveView from its own recording, so nothing mounts, updates or handles anything.
  """

  alias Phoenix.LiveView.{Rendered, Socket}
  alias PhoenixReplay.Replay.{Component, Failure, Migrated, Moment, Placeholder, Thaw, Tree}

  # Beyond that it is another template, and each costs a rendering.
  @most_missing 20

  @typedoc """
  What a page is made of besides the assigns of its view, each part under a key of the recorder's:
  `:flash` is the flash, `{:stream, nil, name}` the rows of a stream, `[{dom_id, item}]`, `{:upload, nil, name}` an
  upload, and `{:component, module, id}` the assigns of a LiveComponent, whose parts have `{module, id}` for `nil`.
  `{:template, nil}` is the function it is rendered with and `:layout` its layout, where they are not its module's own.
  """
  @type parts :: %{optional(term) => term}

  @typedoc "What a page shows at a moment, as `PhoenixReplay.Timeline.page/2` gives it."
  @type moment :: %{
          required(:assigns) => map,
          required(:parts) => parts,
          optional(:recorded) => map
        }

  @typedoc """
  Draws the LiveView in a place of the page, by the DOM id of its element; `nil` where nothing of it is
  recorded. See `PhoenixReplay.Replay.Nested.drawn/4`.
  """
  @type nested :: (String.t() -> Rendered.t() | nil)

  @doc """
  Renders `view` at a moment that `PhoenixReplay.Timeline.page/2` gave, in its own layout where it has one.

  `socket` is the socket of the LiveView that shows the replay; the template sees a copy of it, as
  `@socket`, that names the recorded view. The tree that comes back is forced: rendering it raises nothing.
  `nested` draws the LiveViews that are nested in it; without it a placeholder stands in their places.

  A template of today may read assigns that there were none of when the recording was made. They are
  `nil`, and a note on the page names them. Where a `PhoenixReplay.Migration` is configured, it has seen the
  assigns before.

  ## Errors

  `{:error, %PhoenixReplay.Replay.Failure{}}` where the view or its template is no longer there, or the
  template, or a migration, failed with these assigns. It raises nothing.

  ## Examples

      moment = %{assigns: %{items: []}, parts: %{flash: %{"info" => "Saved"}}}
      {:ok, rendered} = PhoenixReplay.Replay.render(MyAppWeb.CartLive, moment, socket)
      Phoenix.HTML.Safe.to_iodata(rendered)
  """
  @spec render(module, moment, Socket.t(), nested) ::
          {:ok, Rendered.t()} | {:error, Failure.t()}
  def render(view, moment, socket, nested \\ fn _place -> nil end)

  def render(view, %{assigns: _, parts: _} = moment, %Socket{} = socket, nested) do
    if view?(view) and Thaw.template(view, moment.parts[{:template, nil}]) != nil do
      with {:ok, moment} <- Migrated.moment(moment, view),
           do: force(view, moment, socket, nested)
    else
      {:error, Failure.gone(view)}
    end
  end

  @longest_title 300

  @doc """
  The title of a page whose view has these assigns, `nil` where it has none. A prefix or suffix is of the
  host's root layout, which is not recorded.

      iex> PhoenixReplay.Replay.title(%{page_title: "Cart"})
      "Cart"
      iex> PhoenixReplay.Replay.title(%{page_title: ""})
      nil
  """
  @spec title(map) :: String.t() | nil
  def title(%{page_title: title}) when is_binary(title) and title != "",
    do: String.slice(title, 0, @longest_title)

  def title(%{page_title: title}) when is_number(title), do: to_string(title)
  def title(_assigns), do: nil

  # One seam of three where code of the host runs and anything may come out of it.
  defp force(view, moment, socket, nested, missing \\ []) do
    component = &Component.render(&1, &2, &3, moment.parts, socket)
    {:ok, view |> page(moment, socket) |> Tree.force(component, nested) |> noted(missing)}
  rescue
    exception ->
      view
      |> Failure.raised(exception, __STACKTRACE__, moment.assigns)
      |> with_nil(view, moment, {socket, nested}, missing)
  catch
    kind, reason -> {:error, Failure.caught(view, kind, reason, __STACKTRACE__)}
  end

  # Where the template cannot do with nil either, what it lacked first is what there is to say.
  defp with_nil(
         %Failure{reason: :missing_assign, assign: key} = failure,
         view,
         moment,
         {socket, nested},
         missing
       )
       when length(missing) < @most_missing do
    with false <- key in missing,
         {:ok, rendered} <-
           force(view, Moment.with_nil(moment, key), socket, nested, [key | missing]) do
      {:ok, rendered}
    else
      _neither -> {:error, failure}
    end
  end

  defp with_nil(failure, _view, _moment, _shown_in, _missing), do: {:error, failure}

  defp noted(page, []), do: page
  defp noted(page, missing), do: page |> Placeholder.missing(Enum.sort(missing)) |> Tree.force()

  defp page(view, moment, socket) do
    assigns = view_assigns(view, moment, socket)
    template = Thaw.template(view, moment.parts[{:template, nil}])
    content = assigns |> template.() |> rendered!(view)

    case layout(view, moment.parts) do
      {module, template} ->
        module
        |> Phoenix.Template.render(to_string(template), "html", layout_assigns(assigns, content))
        |> rendered!(module)

      _none ->
        content
    end
  end

  # That of the live session or of mount where there was one; one that is not there any more is left out.
  defp layout(_view, %{layout: layout}), do: if(Thaw.layout?(layout), do: layout)
  defp layout(view, _parts), do: view.__live__()[:layout]

  defp layout_assigns(assigns, content), do: Map.put(assigns, :inner_content, content)

  defp rendered!(%Rendered{} = rendered, _module), do: rendered

  defp rendered!(other, module) do
    raise ArgumentError,
          "expected #{inspect(module)} to return a ~H template, got: #{inspect(other, limit: 5)}"
  end

  # `__changed__: nil` turns change tracking off: what changed is found by comparing trees.
  defp view_assigns(view, %{assigns: recorded, parts: parts}, socket) do
    assigns =
      recorded
      |> Moment.assigns(parts, nil)
      |> Thaw.assigns(view)
      |> Map.put(:__changed__, nil)

    Map.put(assigns, :socket, view_socket(view, assigns, socket))
  end

  # A `live_render` in the template runs the child's `mount/3` where the transport is nil, so it never is.
  # The assigns are hidden in the socket the way LiveView itself hides them from templates.
  defp view_socket(view, assigns, socket) do
    %{
      socket
      | view: view,
        transport_pid: socket.transport_pid || self(),
        host_uri: socket.host_uri || %URI{scheme: "http", host: "localhost"},
        assigns: %Socket.AssignsNotInSocket{__assigns__: assigns}
    }
  end

  defp view?(view) do
    is_atom(view) and Code.ensure_loaded?(view) and function_exported?(view, :__live__, 0)
  end
end
