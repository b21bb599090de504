defmodule PhoenixReplay.Bench.Size do
  @moduledoc """
  What a session takes: in memory while it runs, on disk when it has ended.

  In memory counts what the recorder holds for the session, and what the socket holds more than it
  would with empty hooks, shared terms counted once. On disk the plain recorder's events are written as one
  term and compressed by gzip, as PhoenixReplay's recording is.
  """
  alias PhoenixReplay.Bench.{Contender, EtsRecorder, Live, Scenario}
  alias PhoenixReplay.Native

  @enforce_keys [:name, :unit, :bytes]
  defstruct [:name, :unit, :bytes]

  @type t :: %__MODULE__{
          name: String.t(),
          unit: String.t(),
          bytes: %{ours: integer, ets: integer}
        }

  # An event and its render are two events of a recording.
  @sessions [
    {:form, 200, "form session, 400 events"},
    {:row_1000, 200, "list session, 200 one-row changes of 1,000"}
  ]

  @spec measure() :: [t]
  def measure do
    Enum.flat_map(@sessions, fn {key, pairs, name} ->
      scenario = Scenario.fetch!(key)
      measured = Map.new(Contender.all(), &{&1, live(&1, scenario, pairs)})

      [
        %__MODULE__{name: name, unit: "memory", bytes: over_empty(measured)},
        %__MODULE__{
          name: name,
          unit: "disk",
          bytes: Map.new([:ours, :ets], &{&1, measured[&1].disk})
        }
      ]
    end)
  end

  def ratio(%__MODULE__{bytes: bytes}), do: bytes.ours / bytes.ets

  defp over_empty(measured) do
    empty = measured.empty.socket
    Map.new([:ours, :ets], &{&1, measured[&1].held + measured[&1].socket - empty})
  end

  # In a process of its own, as a session is one process's.
  defp live(contender, scenario, pairs) do
    task = Task.async(fn -> run(contender, scenario, pairs) end)
    Task.await(task, :infinity)
  end

  defp run(contender, scenario, pairs) do
    before = held(contender)

    socket =
      Enum.reduce(1..pairs, Live.mount(contender, scenario.assigns.()), fn n, socket ->
        socket |> scenario.change.(n) |> Live.pair() |> Live.rendered()
      end)

    held = held(contender) - before
    words = :erts_debug.size(socket)
    disk = disk(contender, socket)
    Contender.delete(contender, socket)
    %{held: held, socket: words * :erlang.system_info(:wordsize), disk: disk}
  end

  defp held(:empty), do: 0
  defp held(:ets), do: EtsRecorder.bytes()
  defp held(:ours), do: Native.info().bytes

  defp disk(:empty, _socket), do: 0

  defp disk(:ets, socket),
    do: socket |> EtsRecorder.events() |> :erlang.term_to_binary() |> :zlib.gzip() |> byte_size()

  defp disk(:ours, socket) do
    {:ok, data, _summary} = Native.session_seal(socket.private.phoenix_replay.native, :etf)
    byte_size(data)
  end
end
