defmodule PhoenixReplay.Persister.Recovery do
  @moduledoc false
  # Makes recordings of the journals that nodes left behind which are gone: killed, or cut off from
  # their storage. At boot, and now and then, for a node may go while this one runs.

  use GenServer

  alias PhoenixReplay.{Config, Error, Native, Storage, Telemetry}
  alias PhoenixReplay.Persister.Journal
  alias PhoenixReplay.Storage.{Configured, Owner}
  alias PhoenixReplay.Telemetry.Once

  # As long may an owner be silent before it is taken for gone. It gives a sign of life often enough
  # that several may be lost or late.
  @lapse_ms 60_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc """
  Recovers now what there is to recover. Returns when it is done. A Mix task, where nothing of ours is
  started, does it itself.
  """
  @spec run(timeout) :: :ok
  def run(timeout \\ :infinity) do
    if Process.whereis(__MODULE__),
      do: GenServer.call(__MODULE__, :run, timeout),
      else: recover()
  end

  @impl true
  def init([]), do: {:ok, [], {:continue, :run}}

  @impl true
  def handle_continue(:run, state) do
    recover()
    Process.send_after(self(), :run, @lapse_ms)
    {:noreply, state}
  end

  @impl true
  def handle_call(:run, _from, state), do: {:reply, recover(), state}

  @impl true
  def handle_info(:run, state), do: {:noreply, state, {:continue, :run}}
  def handle_info(_other, state), do: {:noreply, state}

  defp recover do
    with true <- Journal.on?(),
         {:ok, journals} <- Configured.journals() do
      for journal <- journals, left?(journal), do: take_over(journal)
    end

    :ok
  end

  # One of our own that has no session any more was being saved or recovered when that failed.
  defp left?(%{id: id, owner: owner, silent_ms: silent_ms}) do
    if owner == Owner.this(),
      do: Native.session_lookup(id) == nil,
      else: Owner.gone?(owner, silent_ms, @lapse_ms)
  end

  defp take_over(%{id: id, owner: owner}) do
    with :ok <- claim(id, owner),
         {:ok, data} <- Configured.journal_fetch(id, Owner.this()),
         :ok <- save_unless_there(id, data) do
      Configured.journal_delete([id], Owner.this())
    else
      # Another node was quicker.
      :error -> :ok
      {:error, %Error{} = error} -> failed(id, error)
    end
  end

  defp claim(id, owner) do
    if owner == Owner.this(), do: :ok, else: Configured.journal_claim(id, owner, Owner.this())
  end

  # The node was killed after a session was saved and before its journal was deleted.
  defp save_unless_there(id, data) do
    case Configured.summary(id) do
      {:ok, %{interrupted: false}} -> :ok
      _none_or_an_earlier_attempt -> save(id, data)
    end
  end

  defp save(id, journal) do
    with {:ok, data} <- finished(journal),
         {:ok, summary} <- Storage.read_summary(data),
         :ok <- Configured.save(id, data, summary) do
      Telemetry.recovered(
        %{event_count: summary.event_count, bytes: byte_size(data)},
        %{id: id, view: summary.view, node: Map.get(summary, :node)}
      )
    end
  end

  defp finished(journal) do
    format = Keyword.get(Config.get(:storage_opts), :format, :etf)

    with {:error, {reason, message}} <- Native.journal_finish(journal, format),
         do: Error.new(reason, "a journal cannot be read: #{message}")
  end

  # The node was killed as it wrote the beginning: there is nothing in it.
  defp failed(id, %Error{reason: :truncated}) do
    Telemetry.failed(id, :recover, :truncated)
    Configured.journal_delete([id], Owner.this())
  end

  # It stays where it is and is tried again: a storage that refuses now may not do so later.
  defp failed(id, error) do
    Telemetry.failed(id, :recover, error.reason)

    Once.warn({:recover, id, error.reason}, fn ->
      "PhoenixReplay: recording #{id}, left by a node that is gone, could not be recovered: " <>
        "#{error.message}. Its journal is kept"
    end)
  end
end
