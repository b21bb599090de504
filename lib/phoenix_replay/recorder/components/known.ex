defmodule PhoenixReplay.Recorder.Components.Known do
  @moduledoc false
  # What the recorder knows of a view's components. Telemetry cannot put anything into a socket, so it
  # is in the process dictionary; a view without components has nothing there.
  #
  #   * seen    - by cid `{owner, assigns, parts}`: the owner is `{module, id}`, the assigns are as last
  #     recorded, the very terms, and the parts are those of its streams and uploads
  #   * cids    - by owner its cid
  #   * modules - those whose code the recording has, as keys
  #   * fresh   - whether the view was not rendered yet since there are components
  #   * root    - whether it is the view that renders now: its components change with it, in one moment
  #   * pending - what they changed until the view's own `after_render`, the newest first
  #   * joining - cids that render next because the component around them does, in one moment with it
  #   * chain   - whether something of that moment is recorded

  alias PhoenixReplay.Recorder.Compat

  defstruct seen: %{},
            cids: %{},
            modules: %{},
            fresh: true,
            root: false,
            pending: [],
            joining: [],
            chain: false

  @type owner :: {module, id :: term}

  def get, do: Process.get(__MODULE__) || %__MODULE__{}
  def put(%__MODULE__{} = known), do: Process.put(__MODULE__, known)
  def update(change), do: put(change.(get()))

  @doc "Whether the view that renders now has components that changed with it. Asked at every render."
  def pending?, do: match?(%__MODULE__{root: true}, Process.get(__MODULE__))

  @doc "Takes what is pending, the oldest first: the view's own render is at its end."
  def take_pending do
    known = get()
    put(%{known | pending: [], root: false, fresh: false, joining: []})
    Enum.reverse(known.pending)
  end

  @doc "The component that a socket is of, `nil` if it was never seen."
  @spec owner(Phoenix.LiveView.Socket.t() | nil) :: owner | nil
  def owner(nil), do: nil

  def owner(socket) do
    with {owner, _assigns, _parts} <- get().seen[Compat.cid(socket)], do: owner
  end

  @doc "Remembers what was recorded of a component."
  def see(%__MODULE__{seen: seen, cids: cids} = known, cid, {owner, _, _} = recorded),
    do: %{known | seen: Map.put(seen, cid, recorded), cids: Map.put(cids, owner, cid)}

  @doc "The same, where nothing is remembered of it."
  def meet(%__MODULE__{seen: seen} = known, cid, recorded),
    do: if(is_map_key(seen, cid), do: known, else: see(known, cid, recorded))

  @doc "Forgets a component, and gives what was known of it."
  def forget(%__MODULE__{seen: seen, cids: cids} = known, cid) do
    case Map.pop(seen, cid) do
      {nil, _seen} ->
        {nil, known}

      {{owner, _assigns, _parts} = recorded, seen} ->
        {recorded, %{known | seen: seen, cids: Map.delete(cids, owner)}}
    end
  end
end
