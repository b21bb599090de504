defmodule PhoenixReplay.Bench.Storage.Searching do
  @moduledoc """
  Searching all that ended before for a text that is nowhere, beside inflating, decoding and scanning the
  plain recorder's files of the same sessions once, in one process. MB are of that recorder's terms: what
  it kept whole.
  """
  alias PhoenixReplay.Store

  @enforce_keys [:bytes, :search_ms, :decoding_ms, :at_once]
  defstruct [:bytes, :search_ms, :decoding_ms, :at_once]

  @type t :: %__MODULE__{}

  @text "appears nowhere"

  @spec measure(Path.t(), Path.t()) :: t
  def measure(folder, plain) do
    Application.put_env(:phoenix_replay, :storage_opts, path: folder, format: :etf)
    IO.puts("Measuring: search")
    files = plain |> Path.join("*.etf.gz") |> Path.wildcard()
    {search_us, {:ok, %{hits: []}}} = :timer.tc(fn -> Store.search(@text) end)
    {decoding_us, bytes} = :timer.tc(fn -> files |> Enum.map(&decode/1) |> Enum.sum() end)

    %__MODULE__{
      bytes: bytes,
      search_ms: search_us / 1_000,
      decoding_ms: decoding_us / 1_000,
      at_once: Store.Search.at_once()
    }
  end

  defp decode(file) do
    bytes = file |> File.read!() |> :zlib.gunzip()
    _recording = :erlang.binary_to_term(bytes)
    :nomatch = :binary.match(bytes, @text)
    byte_size(bytes)
  end
end
