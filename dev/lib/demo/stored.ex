defmodule PhoenixReplay.Demo.Stored do
  @moduledoc """
  A page a visitor held and the recording that was stored of it.
  """
  alias Phoenix.HTML.Safe
  alias PhoenixReplay.Demo.{Endpoint, Page, Router}
  alias PhoenixReplay.{Replay, Store, Timeline}
  alias PhoenixReplay.Replay.Nested

  defstruct [:page, :summary, :bytes, :file]

  @type t :: %__MODULE__{page: Page.t(), summary: map, bytes: pos_integer, file: binary}

  @doc "Reads what lies on disk of the recording: the file itself, not what the library says of it."
  @spec read(Page.t(), map, String.t()) :: t
  def read(page, summary, recordings) do
    [path] = Path.wildcard("#{recordings}/**/*#{summary.id}*")
    file = File.read!(path)
    %__MODULE__{page: page, summary: summary, bytes: byte_size(file), file: file}
  end

  @doc "The HTML of the recording's last state, rendered from the recording alone."
  @spec replay_last(t) :: {:ok, String.t()} | {:error, Exception.t()}
  def replay_last(%__MODULE__{page: page, summary: summary}) do
    with {:ok, timeline} <- Store.open(summary.id),
         {:ok, moment} <- Timeline.page(timeline, Timeline.size(timeline) - 1),
         {:ok, nested} <- nested(summary),
         {:ok, rendered} <- Replay.render(page.view, moment, socket(), nested) do
      {:ok, rendered |> Safe.to_iodata() |> IO.iodata_to_binary()}
    end
  end

  # What was within it, at its end.
  defp nested(summary) do
    with {:ok, summaries} <- Store.nested(summary) do
      nested =
        for %{id: id, metadata: %{"nested_id" => place}} <- summaries,
            {:ok, timeline} <- [Store.open(id)],
            do: Nested.new(place, timeline)

      end_ms = summary.connected_at + summary.duration_ms
      {:ok, Nested.drawn(nested, end_ms, socket(), fn _recording -> true end)}
    end
  end

  # A socket as the dashboard's frame has one.
  defp socket do
    %Phoenix.LiveView.Socket{
      endpoint: Endpoint,
      router: Router,
      id: "replay",
      transport_pid: self(),
      root_pid: self(),
      host_uri: URI.parse(Endpoint.url()),
      private: %{live_temp: %{}, root_view: nil, live_session_name: nil}
    }
  end

  @doc "Is a text, or any six letters of it in a row, anywhere in the recording, once inflated?"
  @spec contains?(t, String.t()) :: boolean
  def contains?(%__MODULE__{file: file}, text) do
    parts = for from <- 0..(String.length(text) - 6)//1, do: String.slice(text, from, 6)
    file |> inflate() |> String.contains?(parts)
  end

  # A recording is several gzip members: each is read as `gunzip` would.
  defp inflate(file) do
    z = :zlib.open()
    :zlib.inflateInit(z, 31, :reset)
    inflated = z |> :zlib.inflate(file) |> IO.iodata_to_binary()
    :zlib.close(z)
    inflated
  end
end
