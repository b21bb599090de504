defmodule PhoenixReplay.Store.Opening do
  @moduledoc false
  # Recordings by id: saved, in memory, or on another node. What native results are becomes structs and
  # errors here.

  alias PhoenixReplay.{Error, LiveNow, Native, Recording, Timeline}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.Configured
  alias PhoenixReplay.Store.Authorization

  @type opened :: {:ok, Timeline.t()} | :error | {:error, Error.t()}

  # Memory first: a session that ends meanwhile is in storage before it leaves memory.
  @spec any(String.t()) :: opened
  def any(id), do: with(:error <- active(id), do: saved(id))

  # A recording that is cut anywhere is a shorter one. Numbers are below atoms.
  @spec saved(String.t(), non_neg_integer | :all) :: opened
  def saved(id, most \\ :all) do
    with :ok <- known_form(id),
         {:ok, data} <- Configured.fetch(id),
         data = binary_part(data, 0, min(byte_size(data), most)),
         {:ok, reference} <- readable(Native.recording_open(data)) do
      allowed(Timeline.new(reference, false))
    end
  end

  @beginning 256 * 1024

  @spec beginning(String.t()) :: opened
  def beginning(id) do
    with :ok <- known_form(id) do
      if Native.session_lookup(id), do: :error, else: saved(id, @beginning)
    end
  end

  @spec active(String.t()) :: opened
  def active(id) do
    with :ok <- known_form(id),
         session when session != nil <- Native.session_lookup(id),
         {:ok, reference} <- readable(Native.session_timeline(session)),
         # Saved meanwhile, it is freed, and what was read of it may be nothing.
         still when still != nil <- Native.session_lookup(id) do
      allowed(Timeline.new(reference, Native.session_state(session).ended == nil))
    else
      nil -> :error
      other -> other
    end
  end

  @doc """
  Whether opening a session again would show more than this timeline of it. Of one that does not run here
  that is not known, and so it may.
  """
  @spec grown?(Timeline.t()) :: boolean
  def grown?(timeline) do
    with session when session != nil <- Native.session_lookup(Timeline.summary(timeline).id),
         %{ended: nil} <- Native.session_state(session) do
      Native.session_summary(session).event_count != Timeline.size(timeline)
    else
      _ended_or_elsewhere -> true
    end
  end

  @spec elsewhere(String.t()) :: opened
  def elsewhere(id) do
    with :ok <- known_form(id),
         {:ok, data} <- LiveNow.fetch(id),
         {:ok, reference} <- readable(Native.recording_open(data)) do
      allowed(Timeline.new(reference, true))
    end
  end

  @doc "Of a session that ended, which nobody is asked about."
  @spec ended(Native.session()) :: {:ok, Timeline.t()} | {:error, Error.t()}
  def ended(session) do
    with {:ok, reference} <- readable(Native.session_timeline(session)),
         do: {:ok, Timeline.new(reference, false)}
  end

  @doc "All of a timeline as a recording."
  @spec recording(Timeline.t()) :: {:ok, Recording.t()} | {:error, Error.t()}
  def recording(timeline) do
    with {:ok, events} <- Timeline.events(timeline, 0, Timeline.size(timeline)),
         do: {:ok, %{Timeline.recording(timeline) | events: events}}
  end

  @doc "The bytes of a recording."
  @spec export(String.t()) :: {:ok, binary} | :error | {:error, Error.t()}
  def export(id) do
    with {:ok, timeline} <- any(id) do
      if Timeline.summary(timeline).active?, do: sealed(id), else: Configured.fetch(id)
    end
  end

  defp sealed(id) do
    with session when session != nil <- Native.session_lookup(id),
         {:ok, data, _summary} <- Native.session_seal(session, :etf) do
      {:ok, data}
    else
      # Saved meanwhile.
      nil -> Configured.fetch(id)
      unreadable -> readable(unreadable)
    end
  end

  @spec summary(String.t()) :: {:ok, Summary.t()} | :error | {:error, Error.t()}
  def summary(id) do
    with :ok <- known_form(id),
         {:ok, map} <- Configured.summary(id),
         summary = Summary.from_map(map, false),
         true <- Authorization.allowed?(summary) do
      {:ok, summary}
    else
      false -> :error
      other -> other
    end
  end

  defp allowed(timeline) do
    if Authorization.allowed?(Timeline.summary(timeline)), do: {:ok, timeline}, else: :error
  end

  defp known_form(id), do: if(Recording.id?(id), do: :ok, else: :error)

  defp readable({:ok, reference}), do: {:ok, reference}

  # The core says what is wrong and what to do.
  defp readable({:error, {_reason, message}}), do: Error.new(:unreadable, message)
end
