defmodule PhoenixReplay.Reference.Recorder do
  @moduledoc """
  A recorder to compare with: it sanitizes the whole of the assigns at every render, keeps every state
  whole, and finds what changed by comparing whole values. Nothing in it is shared with the one that
  users have.
  """

  alias PhoenixReplay.Reference.Sanitizer

  defstruct events: [], states: [], handled: 0, rendered: false

  @typedoc "Events and the states as of each of them, the last one first; a state holds what is hidden."
  @type t :: %__MODULE__{
          events: [{atom, map}],
          states: [map],
          handled: non_neg_integer,
          rendered: boolean
        }

  @spec mount(map) :: t
  def mount(assigns) do
    state = Sanitizer.assigns(assigns)
    %__MODULE__{events: [{:mount, %{assigns: Sanitizer.stripped(state)}}], states: [state]}
  end

  @spec event(t, String.t(), term) :: t
  def event(recorder, name, params),
    do: handled(recorder, {:event, %{name: name, params: stripped_params(params)}}, 1)

  @doc "The first one belongs to mounting."
  @spec params(t, map, String.t()) :: t
  def params(recorder, params, url) do
    payload = %{params: stripped_params(params), url: Sanitizer.url(url)}
    count = if match?([{:mount, _}], recorder.events), do: 0, else: 1
    handled(recorder, {:handle_params, payload}, count)
  end

  @spec sent(t, String.t()) :: t
  def sent(recorder, url),
    do: handled(recorder, {:navigate, %{kind: :patch, url: Sanitizer.url(url)}}, 0)

  @spec info(t, term) :: t
  def info(recorder, message), do: handled(recorder, {:info, tagged(message)}, 1)

  @doc """
  A render, with LiveView's `__changed__`. A temporary assign is there as long as it is being rendered;
  what it is reset to afterwards is no change, and being given anything afterwards is one.
  """
  @spec render(t, map, map, [atom]) :: t
  def render(%__MODULE__{states: [before | _]} = recorder, assigns, changed, temporary) do
    given = for key <- temporary, recorder.rendered, is_map_key(changed, key), do: key
    reset = for key <- temporary, not is_map_key(changed, key), do: key
    state = assigns |> Sanitizer.assigns() |> Map.merge(Map.take(before, reset))
    keys = for key <- Map.keys(state), key in given or differ?(before, state, key), do: key
    recorder = %{recorder | rendered: true}

    if keys == [],
      do: recorder,
      else: %{add(recorder, {:assigns, change(recorder, state, keys)}, state) | handled: 0}
  end

  defp change(%__MODULE__{handled: handled}, state, _keys) when handled > 1,
    do: %{snapshot: Sanitizer.stripped(state)}

  defp change(_recorder, state, keys),
    do: %{delta: state |> Map.take(keys) |> Sanitizer.stripped()}

  defp handled(%__MODULE__{states: [state | _]} = recorder, event, count),
    do: add(%{recorder | handled: recorder.handled + count}, event, state)

  defp add(recorder, event, state),
    do: %{recorder | events: [event | recorder.events], states: [state | recorder.states]}

  defp stripped_params(params), do: params |> Sanitizer.params() |> Sanitizer.stripped()

  defp tagged(nil), do: %{}
  defp tagged(tag) when is_atom(tag), do: %{tag: tag}
  defp tagged(%module{}), do: %{tag: module}

  defp tagged(message) when is_tuple(message) and is_atom(elem(message, 0)),
    do: tagged(elem(message, 0))

  defp tagged(_other), do: %{}

  defp differ?(before, state, key),
    do: exactly(Map.fetch(before, key)) != exactly(Map.fetch(state, key))

  @doc "For comparing: `==` takes 1 for 1.0 and 0.0 for -0.0."
  @spec exactly(term) :: binary
  def exactly(term), do: :erlang.term_to_binary(term, [:deterministic])
end
