defmodule PhoenixReplay.Recorder.Attribution do
  @moduledoc false
  # Whose doing something is that callbacks and renders do not tell of, as a line in the log: that of the
  # session of the process it happened in, or of the nearest process that called for it. Tasks name those
  # in `$callers`, and so does whoever keeps to that convention.
  #
  # Only where such things are recorded at all are sessions known by their process. A row is
  #
  #     {pid, session, open?, errors, logs, collected}
  #
  # with how many of each there were. A recording begins with its mount event, so what comes before that
  # waits in a table of its own until the session is open.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Collected, Fault, Logs, Parts, Session}

  @early Module.concat(__MODULE__, Early)

  @open 3
  @counts %{error: 4, log: 5, collected: 6}

  # A caller of a caller is worth a look, a long chain of them is not.
  @callers 8

  # As many wait for a mount as a careful host has in it.
  @most_early 100

  @type kind :: :error | :log | :collected

  @doc "Makes the tables, of the process of the application."
  def init do
    :ets.new(__MODULE__, [:named_table, :public, :set, read_concurrency: true])
    :ets.new(@early, [:named_table, :public, :duplicate_bag])
    :ok
  end

  @doc "Begins to record what is configured, if anything is."
  def attach do
    # One that was killed has left its handlers behind, which would keep this one from starting.
    detach()
    on? = Enum.any?([Logs.attach(), Collected.attach()])
    :persistent_term.put(__MODULE__, on?)
  end

  def detach do
    Logs.detach()
    Collected.detach()
    :persistent_term.put(__MODULE__, false)
  end

  @doc "A session of this process has started."
  @spec started(Session.t()) :: :ok
  def started(%Session{id: id, native: native, sanitizer: sanitizer}) do
    if on?() do
      session = %Session{id: id, native: native, sanitizer: sanitizer}
      :ets.insert(__MODULE__, {self(), session, false, 0, 0, 0})
    end

    :ok
  end

  @doc "The session of this process has its mount event: what waited for that follows it."
  @spec opened() :: :ok
  def opened do
    if on?() and :ets.update_element(__MODULE__, self(), {@open, true}), do: late(self())
    :ok
  end

  @doc "The process is gone."
  @spec ended(pid) :: :ok
  def ended(pid) do
    if on?() do
      :ets.delete(__MODULE__, pid)
      :ets.delete(@early, pid)
    end

    :ok
  end

  @doc "Forgets processes that ended while nobody watched them."
  @spec sweep() :: :ok
  def sweep do
    for [pid] <- :ets.match(__MODULE__, {:"$1", :_, :_, :_, :_, :_}),
        not Process.alive?(pid),
        do: ended(pid)

    :ok
  end

  @doc "The process whose session what happens in this one belongs to, and the session."
  @spec owner() :: {pid, Session.t()} | nil
  def owner do
    case Process.get(:"$callers") do
      callers when is_list(callers) ->
        Enum.find_value([self() | Enum.take(callers, @callers)], &owner/1)

      _none ->
        owner(self())
    end
  end

  defp owner(pid) when is_pid(pid) do
    case :ets.lookup(__MODULE__, pid) do
      [{^pid, session, _open?, _errors, _logs, _collected}] -> {pid, session}
      [] -> nil
    end
  end

  defp owner(_name), do: nil

  @doc """
  Records one more of a kind, unless there were `limit` of them; the recording says once that there were
  more. What it holds is asked of `fields` only if it is wanted.
  """
  @spec append({pid, Session.t()}, kind, pos_integer, atom, (Session.t() -> [Native.field()])) ::
          :ok
  def append({pid, session}, kind, limit, type, fields) do
    case :ets.update_counter(__MODULE__, pid, {@counts[kind], 1}) do
      count when count <= limit -> put(pid, session, type, fields.(session))
      count when count == limit + 1 -> put(pid, session, :fault, fault(type, over(limit)))
      _left_out -> :ok
    end
  catch
    # It may have ended meanwhile. Else a report of the log could not be read, and saying so in the
    # log would only bring the next.
    kind, reason -> lost(pid, session, type, Fault.name(kind, reason))
  end

  defp over(limit), do: "there were more than #{limit}"

  defp fault(type, reason), do: [{:stage, :plain, type}, {:reason, :plain, reason}]

  defp lost(pid, session, type, error) do
    if :ets.member(__MODULE__, pid), do: put(pid, session, :fault, fault(type, error))
    :ok
  catch
    _kind, _reason -> :ok
  end

  defp put(pid, session, type, fields) do
    if open?(pid) do
      now(session, type, fields)
    else
      if :ets.select_count(@early, [{{pid, :_, :_, :_}, [], [true]}]) < @most_early,
        do: :ets.insert(@early, {pid, session, type, fields})

      # Opened meanwhile, by its own process, which may have looked before this was there.
      if open?(pid), do: late(pid)
    end

    :ok
  end

  # Each is taken once, whoever comes first.
  defp late(pid) do
    for {_pid, session, type, fields} <- :ets.take(@early, pid), do: now(session, type, fields)
  end

  defp now(session, type, fields), do: Parts.put_all([{type, fields}], false, session)

  defp open?(pid), do: :ets.lookup_element(__MODULE__, pid, @open, false)

  defp on?, do: :persistent_term.get(__MODULE__, false)
end
