defmodule PhoenixReplay.Error do
  @moduledoc """
  What went wrong, and what to do about it.

  Functions return it as `{:error, %PhoenixReplay.Error{}}`. It is an exception too, so that a script
  can `raise` what it got.

    * `:reason` - an atom to match on, as listed below
    * `:message` - a sentence for people, saying what to do

  ## Reasons

  | reason | when |
  |---|---|
  | `:invalid_id` | an id that is not of the form `[A-Za-z0-9_-]{1,128}` |
  | `:exists` | a session of that id is running already |
  | `:max_memory` | recordings in memory have reached `max_memory`, so none is started |
  | `:not_by_id` | the id is of a LiveView, which records itself |
  | `:invalid_recording`, `:invalid_event` | an argument that is not of the documented shape |
  | `:invalid_query` | conditions for a list, or something to search for, that are not of the documented shape, or none where some are needed |
  | `:unreadable` | a recording is there and cannot be read |
  | `:unreachable` | a connected node did not answer |
  | `:storage` | the storage refused, raised or could not be reached |

  ## Examples

      iex> Exception.message(%PhoenixReplay.Error{reason: :exists, message: "use another id"})
      "use another id"
  """

  @enforce_keys [:reason, :message]
  defexception [:reason, :message]

  @type t :: %__MODULE__{reason: atom, message: String.t()}

  @doc false
  @spec new(atom, String.t()) :: {:error, t}
  def new(reason, message), do: {:error, %__MODULE__{reason: reason, message: message}}
end
