defmodule PhoenixReplay.Store.ById do
  @moduledoc false
  # Sessions that are recorded by id, by any process: something that is not a LiveView.
  #
  # No process ends them, so each has a row in a table with the time of its last use, and is ended when
  # it was idle for an hour. The row also has the sanitizer the session started with. The table is read
  # by the by-id API only, never by the recorder.

  alias PhoenixReplay.{Config, Error, Native, Persister, Recording, Sanitizer}
  alias PhoenixReplay.Recorder.{Facts, Room, Session}
  alias PhoenixReplay.Sanitizer.Custom

  @idle_ms :timer.hours(1)

  @doc "Makes the table. It belongs to the process of the application, which outlives every other."
  def init, do: :ets.new(__MODULE__, [:named_table, :public, :set, write_concurrency: true])

  @spec start(term, Recording.t()) :: :ok | {:error, Error.t()}
  def start(id, %Recording{events: events} = recording) do
    with :ok <- Recording.check_id(id),
         {:ok, events} <- checked(events) do
      module = Session.custom(Config.get(:sanitizer))

      case start_native(id, recording, module) do
        {:ok, native} ->
          :ets.insert(__MODULE__, {id, module, now()})
          Native.session_put_metadata(native, given(module, recording.metadata))
          Enum.each(events, &append_native(native, module, &1))

        {:error, :exists} ->
          Error.new(
            :exists,
            "a session of the id #{id} is running; finalize it or use another id"
          )

        {:error, :max_memory} ->
          Room.refused(recording.view)

          Error.new(
            :max_memory,
            "recordings in memory reached max_memory; try again when some are saved, or raise it"
          )
      end
    end
  end

  def start(_id, other) do
    Error.new(
      :invalid_recording,
      "takes a %PhoenixReplay.Recording{} with a list of events, got: #{inspect(other, limit: 5)}"
    )
  end

  # What a recording is started with does not count against `max_events`.
  defp start_native(id, recording, module) do
    sanitizer = if module == nil, do: Sanitizer.native()

    facts = %{
      view: recording.view,
      connected_at: recording.connected_at || System.system_time(:millisecond),
      url: Custom.url(recording.url),
      head: Facts.head(recording.view),
      params: given(module, recording.params),
      session: given(module, recording.session)
    }

    Native.session_start(id, nil, facts, sanitizer, %{
      max_events: Config.get(:max_events) + length(recording.events),
      max_bytes: Config.get(:max_session_bytes),
      max_memory: Config.get(:max_memory)
    })
  end

  defp given(nil, %{} = params), do: params
  defp given(module, %{} = params), do: Custom.params(module, params)
  defp given(_module, _none), do: %{}

  @spec append(term, Recording.event()) :: :ok | :error | {:error, Error.t()}
  def append(id, event) do
    with {:ok, [event]} <- checked([event]),
         {:ok, native} <- open(id) do
      append_native(native, module_of(id), event)
      :ets.update_element(__MODULE__, id, {3, now()})
      :ok
    end
  end

  # An event past `max_events` or `max_session_bytes` is dropped, which is no error: the
  # recording is kept and counts it.
  defp append_native(native, module, {offset_ms, type, payload}) do
    appended = Native.append_by_id(native, offset_ms, type, sanitized(module, payload))
    Room.noted(appended, native)
    :ok
  end

  defp sanitized(nil, payload), do: payload

  defp sanitized(module, payload) do
    Map.new(payload, fn
      {key, %{} = assigns} when key in [:assigns, :delta, :snapshot] ->
        {key, Custom.assigns(module, assigns)}

      {:params, params} ->
        {:params, Custom.params(module, params)}

      {:url, url} when is_binary(url) ->
        {:url, Custom.url(url)}

      other ->
        other
    end)
  end

  defp open(id) do
    with true <- Recording.id?(id),
         native when native != nil <- Native.session_lookup(id),
         %{ended: nil, bound: bound} <- Native.session_state(native) do
      if bound,
        do: Error.new(:not_by_id, "#{id} is the recording of a LiveView, which records itself"),
        else: {:ok, native}
    else
      _unknown_or_ended -> :error
    end
  end

  defp module_of(id) do
    case :ets.lookup(__MODULE__, id) do
      [{^id, module, _last}] -> module
      [] -> nil
    end
  end

  @doc "Forgets a session that was finalized."
  def forget(id), do: :ets.delete(__MODULE__, id)

  @doc "Ends sessions that were idle for too long and has them saved."
  def end_idle(idle_ms \\ @idle_ms) do
    oldest = now() - idle_ms
    guard = [{:"=<", :"$2", oldest}]
    for id <- :ets.select(__MODULE__, [{{:"$1", :_, :"$2"}, guard, [:"$1"]}]), do: end_one(id)
    :ok
  end

  defp end_one(id) do
    with {:ok, native} <- open(id) do
      Native.session_close(native, :stopped, nil)
      Persister.closed(id)
    end

    forget(id)
  end

  defp now, do: System.monotonic_time(:millisecond)

  defp checked(events) when is_list(events) do
    events = Enum.map(events, &whole/1)

    case Enum.find(events, &match?({:invalid, _event}, &1)) do
      nil -> {:ok, events}
      {:invalid, event} -> invalid(event)
    end
  end

  defp checked(other), do: invalid(other)

  # An event in its documented shape; what may be left out is filled in.
  defp whole({offset_ms, type, payload} = event)
       when is_integer(offset_ms) and offset_ms >= 0 and is_atom(type) and is_map(payload) do
    case payload(type, payload) do
      {:ok, payload} -> {offset_ms, type, payload}
      :error -> {:invalid, event}
    end
  end

  defp whole(other), do: {:invalid, other}

  defp payload(:mount, %{assigns: assigns} = payload) when is_map(assigns), do: {:ok, payload}
  defp payload(:event, %{name: _} = payload), do: {:ok, Map.put_new(payload, :params, %{})}

  defp payload(:handle_params, payload),
    do: {:ok, Map.merge(%{params: %{}, url: nil}, payload)}

  defp payload(:assigns, %{delta: delta} = payload) when is_map(delta), do: {:ok, payload}
  defp payload(:assigns, %{snapshot: all} = payload) when is_map(all), do: {:ok, payload}
  defp payload(type, _payload) when type in [:mount, :event, :assigns], do: :error
  defp payload(_of_another_kind, payload), do: {:ok, payload}

  defp invalid(event) do
    Error.new(
      :invalid_event,
      "an event is {offset_ms, type, payload} with an integer from 0, an atom and the payload of that " <>
        "type as PhoenixReplay.Recording has it; got: #{inspect(event, limit: 5)}"
    )
  end
end
