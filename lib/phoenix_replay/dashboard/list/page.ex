defmodule PhoenixReplay.Dashboard.List.Page do
  @moduledoc false
  # Which page of the list is shown. A page begins after a recording, as the storage's cursor names it, so
  # that it stays where it is while newer ones come; the address has it as `after=<connected_at>.<id>`.
  #
  #   after    the cursor, nil for the first page
  #   trail    the cursors of the pages before this one, as far as the viewer came by them
  #   next     the cursor of the page after it

  alias PhoenixReplay.Recording

  defstruct after: nil, trail: [], next: nil

  @type cursor :: {integer, String.t()} | nil
  @type t :: %__MODULE__{after: cursor, trail: [cursor], next: cursor}

  @doc "The page of an address, coming from another of the same list (or from `nil`)."
  @spec turn(t | nil, String.t() | nil) :: t
  def turn(from, text) do
    case {from, cursor(text)} do
      {_from, nil} -> %__MODULE__{}
      {%{after: cursor} = from, cursor} -> from
      {%{next: cursor, trail: trail, after: here}, cursor} -> new(cursor, [here | trail])
      {%{trail: [cursor | trail]}, cursor} -> new(cursor, trail)
      {_elsewhere, cursor} -> new(cursor, [])
    end
  end

  defp new(cursor, trail), do: %__MODULE__{after: cursor, trail: trail}

  @doc "The cursor before it, or `:newest` where the viewer did not come by one."
  @spec newer(t) :: :newest | {:ok, cursor} | nil
  def newer(%__MODULE__{after: nil}), do: nil
  def newer(%__MODULE__{trail: []}), do: :newest
  def newer(%__MODULE__{trail: [cursor | _rest]}), do: {:ok, cursor}

  @doc "How many pages are before it, where that is known."
  @spec before(t) :: non_neg_integer | nil
  def before(%__MODULE__{after: nil}), do: 0

  def before(%__MODULE__{trail: trail}),
    do: if(trail != [] and List.last(trail) == nil, do: length(trail))

  @doc "The parameter of an address."
  @spec params(cursor) :: keyword
  def params(nil), do: []
  def params({at, id}), do: [after: "#{at}.#{id}"]

  defp cursor(text) when is_binary(text) do
    with [at, id] <- String.split(text, ".", parts: 2),
         {at, ""} <- Integer.parse(at),
         true <- Recording.id?(id) do
      {at, id}
    else
      _no_cursor -> nil
    end
  end

  defp cursor(_none), do: nil
end
