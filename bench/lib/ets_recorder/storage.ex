defmodule PhoenixReplay.Bench.EtsRecorder.Storage do
  @moduledoc """
  How the plain recorder brings sessions to files: one process monitors those that are recorded, and when
  one ends it takes its events out of the table, writes them as one compressed term and deletes them. Frozen,
  as the recorder is.

  It syncs nothing, and a reader may meet half of a file.
  """
  use GenServer

  alias PhoenixReplay.Bench.EtsRecorder

  def start_link(folder), do: GenServer.start_link(__MODULE__, folder, name: __MODULE__)

  @doc "Has the session of `socket` saved when the calling process ends."
  def watch(socket), do: GenServer.cast(__MODULE__, {:watch, self(), slim(socket)})

  # No more of the socket than names the session.
  defp slim(socket), do: %{private: Map.take(socket.private, [:ets_recorder])}

  @doc "Returns when all messages before this one were handled."
  def settle, do: GenServer.call(__MODULE__, :settle, :infinity)

  @impl true
  def init(folder), do: {:ok, {folder, %{}}}

  @impl true
  def handle_call(:settle, _from, state), do: {:reply, :ok, state}

  @impl true
  def handle_cast({:watch, pid, session}, {folder, sessions}) do
    Process.monitor(pid)
    {:noreply, {folder, Map.put(sessions, pid, session)}}
  end

  @impl true
  def handle_info({:DOWN, _monitor, :process, pid, _reason}, {folder, sessions}) do
    {session, sessions} = Map.pop!(sessions, pid)
    save(folder, session)
    EtsRecorder.delete(session)
    {:noreply, {folder, sessions}}
  end

  defp save(folder, %{private: %{ets_recorder: %{id: id}}} = session) do
    recording = %{id: id, events: EtsRecorder.events(session)}
    data = recording |> :erlang.term_to_binary() |> :zlib.gzip()
    File.write!(Path.join(folder, id <> ".etf.gz"), data)
  end
end
