defmodule PhoenixReplay.Fidelity do
  @moduledoc """
  A visitor's life in a LiveView of the zoo: what was done, and what the browser showed after it.

  The HTML is that of the live client at the moment, which keeps a page as a browser does; it is never
  rendered from a recording.
  """

  import Phoenix.ConnTest
  import Phoenix.LiveViewTest

  alias PhoenixReplay.{Case, Native, Replay, Timeline}
  alias PhoenixReplay.Fidelity.Html
  alias PhoenixReplay.Replay.Nested

  @endpoint PhoenixReplay.Zoo.Endpoint

  @typedoc "What a visitor does, or what happens to the page."
  @type step ::
          {:event, name :: String.t(), params :: map}
          | {:on, selector :: String.t(), name :: String.t(), params :: map}
          | {:press, selector :: String.t()}
          | {:change | :submit, selector :: String.t(), params :: map}
          | {:upload, selector :: String.t(), name :: atom, [file :: map], percent :: integer}
          | {:patch, path :: String.t()}
          | {:send, message :: term}
          | {:in, [dom_id :: String.t()], step}

  @typedoc "Index of the last event so far, and the page."
  @type moment :: {non_neg_integer, html :: String.t()}

  @doc "Lives these steps. A life ends early where the page does, as when it crashes."
  @spec lead(path :: String.t(), [step]) :: {id :: String.t(), view :: term, [moment]}
  def lead(path, steps) do
    {:ok, view, _html} = live(build_conn(), path)
    id = Case.recording_id(view)
    native = Native.session_lookup(id)
    first = moment(native, view)
    {id, view, [first | Enum.flat_map(steps, &lived(&1, native, view))]}
  end

  defp lived(step, native, view) do
    take(view, step)
    # With its tasks on their way, and after them.
    before = moment(native, view)
    render_async(view, 1_000)
    [before, moment(native, view)]
  end

  # Rendering waits for all that was sent to the page. Where a task ended meanwhile, nobody could say which
  # event the page is of.
  defp moment(native, view) do
    index = last(native)
    html = view |> render() |> Html.inside()
    if last(native) == index, do: {index, html}, else: moment(native, view)
  end

  defp last(native), do: Native.session_summary(native).event_count - 1

  @doc "Does one step."
  def take(view, {:event, name, params}), do: render_hook(view, name, params)

  def take(view, {:on, selector, name, params}),
    do: view |> with_target(selector) |> render_hook(name, params)

  # In a view within the page, if it is there.
  def take(view, {:in, [], step}), do: take(view, step)

  def take(view, {:in, [id | inside], step}) do
    if child = find_live_child(view, id), do: take(child, {:in, inside, step})
  end

  def take(view, {:patch, path}), do: render_patch(view, path)
  def take(view, {:send, message}), do: send(view.pid, message)

  def take(view, {:change, selector, params}),
    do: view |> form(selector, params) |> render_change()

  def take(view, {:submit, selector, params}),
    do: view |> form(selector, params) |> render_submit()

  # Of more than one file the first is sent, as far as it is said.
  def take(view, {:upload, selector, name, [%{name: file} | _] = files, percent}) do
    if has_element?(view, selector),
      do: view |> file_input(selector, name, files) |> render_upload(file, percent)
  end

  # What is not there cannot be pressed.
  def take(view, {:press, selector}) do
    if has_element?(view, selector), do: view |> element(selector) |> render_click()
  end

  @doc """
  The page that a recording shows at an event, from the recording alone; with those of what is nested in
  it, and the time it is then, from all of them.
  """
  @spec replayed(Timeline.t(), non_neg_integer, {[Nested.t()], integer}) :: String.t()
  def replayed(timeline, index, {nested, at} \\ {[], 0}, allowed? \\ fn _recording -> true end) do
    {:ok, moment} = Timeline.page(timeline, index)
    drawn = Nested.drawn(nested, at, socket(), allowed?)

    case Replay.render(Timeline.recording(timeline).view, moment, socket(), drawn) do
      {:ok, page} ->
        page |> Phoenix.HTML.Safe.to_iodata() |> IO.iodata_to_binary() |> Html.normal()

      {:error, failure} ->
        "not rendered: #{inspect(failure)}"
    end
  end

  # A socket as the dashboard's frame has one.
  defp socket do
    %Phoenix.LiveView.Socket{
      id: "frame",
      endpoint: @endpoint,
      router: PhoenixReplay.Zoo.Router,
      transport_pid: self(),
      host_uri: URI.parse("http://localhost"),
      private: %{live_temp: %{}, root_view: nil, live_session_name: nil}
    }
  end
end
