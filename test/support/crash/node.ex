defmodule PhoenixReplay.Crash.Node do
  @moduledoc """
  A node that is going to be killed: what runs in it.

  It recovers what the one before it left and says for each recording how many events it has, then
  records until it is killed. What it appended, it writes to a file at once, as `id number time`: the
  kernel has it then, whatever happens to the node. And as `late ms time` how much longer than asked for
  a process had to wait for its turn.
  """

  alias PhoenixReplay.Persister.Recovery
  alias PhoenixReplay.{Recording, Store}

  @writers 16
  # Long enough to be journalled more than once, short enough that many are finished as well.
  @events 400
  # After each ten of them. Half of the sessions end all the time, so that something is always being
  # saved; the others are still running when what they began with is long older than the interval.
  @quick_ms 2
  @slow_ms 60

  @doc "Starts the application on `folder`, reports, and records until the node is killed."
  def run(folder, flush) do
    Logger.configure(level: :error)
    spawn_link(&die_with_the_test/0)

    Application.load(:phoenix_replay)

    Application.put_all_env(
      phoenix_replay: [
        storage: PhoenixReplay.Crash.Storage,
        storage_opts: [path: folder],
        flush: flush
      ]
    )

    {:ok, _started} = Application.ensure_all_started(:phoenix_replay)
    Recovery.run()
    report()
    Store.clear_all()
    IO.puts("recording")
    record(folder <> ".appended")
  end

  # A test that failed kills nobody any more, but closes what this reads from.
  defp die_with_the_test do
    if IO.read(:line) == :eof, do: System.halt(1), else: die_with_the_test()
  end

  # A gap in the numbers would be a hole in the middle of a recording: it counts up to there only.
  defp report do
    for %{id: id} <- Store.list_recording_summaries() do
      case Store.get_recording(id) do
        {:ok, recording} -> IO.puts("has #{id} #{whole(recording.events, 0)}")
        other -> IO.puts("unreadable #{id} #{inspect(other)}")
      end
    end
  end

  defp whole([{_at, :event, %{params: %{"n" => n}}} | events], n), do: whole(events, n + 1)
  defp whole(_end_or_gap, n), do: n

  defp record(file) do
    spawn_link(fn ->
      {:ok, appended} = :file.open(file, [:append, :raw])
      tell_delays(appended, now())
    end)

    for _pair <- 1..div(@writers, 2), pause_ms <- [@quick_ms, @slow_ms] do
      spawn_link(fn ->
        {:ok, appended} = :file.open(file, [:append, :raw])
        sessions(appended, pause_ms)
      end)
    end

    Process.sleep(:infinity)
  end

  defp sessions(appended, pause_ms) do
    id = Base.url_encode64(:crypto.strong_rand_bytes(9), padding: false)
    :ok = Store.start_recording(id, %Recording{view: __MODULE__})
    for n <- 0..(@events - 1), do: append(appended, id, n, pause_ms)
    {:ok, _recording} = Store.finalize(id)
    :ok = :file.write(appended, "#{id} finished #{now()}\n")
    sessions(appended, pause_ms)
  end

  defp append(appended, id, n, pause_ms) do
    :ok = Store.append_event(id, {n, :event, %{name: "count", params: %{"n" => n}}})
    :ok = :file.write(appended, "#{id} #{n} #{now()}\n")
    if rem(n, 10) == 0, do: Process.sleep(pause_ms)
  end

  @tick_ms 20

  defp tell_delays(appended, before) do
    Process.sleep(@tick_ms)
    :ok = :file.write(appended, "late #{max(now() - before - @tick_ms, 0)} #{now()}\n")
    tell_delays(appended, now())
  end

  defp now, do: System.system_time(:millisecond)
end
