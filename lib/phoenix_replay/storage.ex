defmodule PhoenixReplay.Storage do
  @moduledoc """
  Where recordings are kept: a behaviour.

  A storage keeps and returns recordings as opaque bytes, each with a summary. It never needs to read
  what is in them: a summary is a map of plain terms and given with every save, and
  `read_summary/1` tells it from the first 64 KB of the bytes.

  The summary's keys are those of `PhoenixReplay.Recording.Summary` without `:active?`. There may be
  more: keep what you know.

  A storage is called in the process that needs it, several at a time. It may raise: what it
  raises becomes an error with the reason `:storage`, and a session that could not be saved is kept.
  """

  @type id :: String.t()
  @type opts :: keyword
  @type summary :: %{
          required(:id) => id,
          required(:connected_at) => integer,
          optional(atom) => term
        }

  @typedoc """
  What of a list is asked for; all keys are optional.

    * `:limit` - at most so many
    * `:after` - what the page before gave as `:next`
  """
  @type query :: %{optional(:limit) => pos_integer, optional(:after) => term}

  @typedoc "Summaries, newest first, and where the next page begins; `nil` when there is none."
  @type page :: %{entries: [summary], next: term | nil}

  @doc """
  Keeps a recording, in place of one of the same id.

  `:ok` promises that `c:fetch/2` has it from now on, whole: a reader must never meet half of one.
  """
  @callback save(id, data :: binary, summary, opts) :: :ok | {:error, term}

  @doc "The bytes of a recording, `:error` when there is none."
  @callback fetch(id, opts) :: {:ok, binary} | :error | {:error, term}

  @doc "The summary of one recording, `:error` when there is none."
  @callback summary(id, opts) :: {:ok, summary} | :error | {:error, term}

  @doc """
  Summaries, newest first by `:connected_at`, then by `:id`. Recordings that cannot be read are passed
  over.
  """
  @callback list(query, opts) :: {:ok, page} | {:error, term}

  @doc "Deletes recordings. One that is not there is no error."
  @callback delete([id], opts) :: :ok | {:error, term}

  @doc "Deletes every recording."
  @callback clear(opts) :: :ok | {:error, term}

  @doc "Checks the options at boot; the message says what the storage takes."
  @callback validate(opts) :: :ok | {:error, String.t()}

  @optional_callbacks validate: 1

  @doc """
  The summary of a recording, from its bytes or the first 64 KB of them.

  `{:error, %PhoenixReplay.Error{reason: :unreadable}}` when they are not those of a recording.
  """
  @spec read_summary(binary) :: {:ok, summary} | {:error, PhoenixReplay.Error.t()}
  def read_summary(prefix) do
    case PhoenixReplay.Native.recording_summary(prefix) do
      {:ok, summary} -> {:ok, summary}
      {:error, {reason, message}} -> PhoenixReplay.Error.new(:unreadable, "#{reason}: #{message}")
    end
  end
end
