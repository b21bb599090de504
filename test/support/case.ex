defmodule PhoenixReplay.Case do
  @moduledoc """
  A test that records: with a folder of its own for recordings and the configuration as it was before
  it, whatever it changes. Configuration is global, so none of these run at the same time.
  """

  use ExUnit.CaseTemplate

  import ExUnit.Assertions
  alias PhoenixReplay.{Native, Persister, Store}
  alias PhoenixReplay.Recorder.Watchers
  alias PhoenixReplay.Telemetry.Once

  using do
    quote do
      import Phoenix.ConnTest
      import Phoenix.LiveViewTest
      import PhoenixReplay.Case

      alias PhoenixReplay.{Error, Recording, Store, Zoo}

      @endpoint PhoenixReplay.Zoo.Endpoint
    end
  end

  setup do
    # What another test made the log say once is not this one's.
    :ets.delete_all_objects(Once)
    before = Application.get_all_env(:phoenix_replay)
    folder = Path.join(System.tmp_dir!(), "phoenix_replay_#{System.unique_integer([:positive])}")
    configure(storage_opts: [path: folder], persistence_retry_delay_ms: 10)

    # Also where the one below fails, which comes first: no other test is to have what this one configured.
    on_exit(fn ->
      reset(before)
      # A heartbeat of the journals may come in between.
      eventually(fn -> match?({:ok, _files}, File.rm_rf(folder)) end)
    end)

    on_exit(&forget_all/0)
    {:ok, folder: folder}
  end

  defp reset(before) do
    for {key, _value} <- Application.get_all_env(:phoenix_replay),
        do: Application.delete_env(:phoenix_replay, key)

    Application.put_all_env(phoenix_replay: before)
  end

  @doc "Sets keys of the configuration for this test."
  def configure(keys), do: Application.put_all_env(phoenix_replay: keys)

  # Sessions a test left behind: its LiveViews die with the test's process, some of them just now.
  defp forget_all do
    eventually(fn -> Enum.all?(Native.session_ids(:open), &by_id?/1) end)
    for id <- Native.session_ids(:open), do: Native.session_remove(id)
    Persister.settle()
    for id <- Native.session_ids(:ended), do: Native.session_remove(id)
    # It finds that what it could not save is gone.
    Persister.retry()
    Persister.settle()
  end

  defp by_id?(id) do
    session = Native.session_lookup(id)
    session == nil or not Native.session_state(session).bound
  end

  @doc "The id of the recording of a view under test, `nil` if it is not recorded."
  def recording_id(%{pid: pid}), do: recording_id(pid)

  def recording_id(pid) do
    case :sys.get_state(pid).socket.private do
      %{phoenix_replay: %{id: id}} -> id
      _not_recorded -> nil
    end
  end

  @doc "What a running view has recorded, after everything sent to it so far."
  def active(view) do
    {:ok, recording} = view |> recording_id() |> Store.get_active()
    recording
  end

  @doc "Ends a view as a closed tab does and returns its recording."
  def close(view, reason \\ {:shutdown, :closed}) do
    id = recording_id(view)
    stop(view, reason)
    saved(id)
  end

  @doc "Ends a view. Its test client, which is linked to the test, goes with it."
  def stop(%{pid: pid}, reason \\ {:shutdown, :closed}) do
    Process.flag(:trap_exit, true)
    watched()
    monitor = Process.monitor(pid)
    Process.exit(pid, reason)
    assert_receive {:DOWN, ^monitor, :process, ^pid, _reason}, 1_000
  end

  @doc """
  Waits until every session so far is watched. One whose process dies before ends for an unknown
  reason, which happens on a machine that is busy with other things.
  """
  def watched do
    for {_id, watcher, _type, _modules} <- PartitionSupervisor.which_children(Watchers),
        do: :sys.get_state(watcher)
  end

  @doc "Waits until a recording is saved and out of memory, and returns it."
  def saved(id) do
    assert eventually(fn -> Native.session_lookup(id) == nil end), "#{id} is still in memory"
    assert {:ok, recording} = Store.get_recording(id)
    recording
  end

  @doc "Waits until a session is out of memory."
  def gone(id), do: assert(eventually(fn -> Native.session_lookup(id) == nil end))

  @doc "Asks again until the answer is true, for at most `timeout` milliseconds."
  def eventually(fun, timeout \\ 3_000) do
    cond do
      fun.() -> true
      timeout <= 0 -> false
      true -> Process.sleep(10) && eventually(fun, timeout - 10)
    end
  end

  @doc "The files of recordings in a folder of the File storage."
  def stored(folder) do
    for pattern <- ["*.*", "[0-9A-F][0-9A-F]/*.*"],
        path <- folder |> Path.join(pattern) |> Path.wildcard(),
        File.regular?(path),
        do: path
  end

  @doc "The file of one recording."
  def stored(folder, name), do: Enum.find(stored(folder), &(Path.basename(&1) == name))

  @doc "Payloads of the events of one type."
  def payloads(recording, type), do: for({_at, ^type, payload} <- recording.events, do: payload)

  @doc "Sends telemetry events to this process as `{event, measurements, metadata}`, until the test ends."
  def listen(event) do
    test = self()
    id = {__MODULE__, make_ref()}

    :telemetry.attach(
      id,
      event,
      fn event, measured, meta, _ -> send(test, {event, measured, meta}) end,
      nil
    )

    ExUnit.Callbacks.on_exit(fn -> :telemetry.detach(id) end)
  end
end
