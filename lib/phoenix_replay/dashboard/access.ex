defmodule PhoenixReplay.Dashboard.Access do
  @moduledoc false
  # What this viewer may see. The Store asks the `authorize` of the configuration; the one given to the
  # router is asked here, so every page goes through this module to a recording.

  import Phoenix.Component, only: [assign: 3]

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Options, Routes}
  alias PhoenixReplay.{Error, Recording, Store, Timeline}
  alias PhoenixReplay.Recording.Summary

  @doc "Hands the router's options to the pages, as `@options`, with where they are, as `@base`."
  @spec on_mount(Options.t(), map, map, Socket.t()) :: {:cont, Socket.t()}
  def on_mount(%Options{} = options, params, _session, socket) do
    {:cont,
     socket
     |> assign(:options, options)
     |> assign(:base, Routes.base(socket, options, params))}
  end

  @doc "Opens a recording, saved or still running. `:error` where there is none or it is refused."
  @spec open(Options.t(), String.t()) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def open(%Options{} = options, id) do
    with {:ok, timeline} <- Store.open(id) do
      if allowed?(options, Timeline.recording(timeline)), do: {:ok, timeline}, else: :error
    end
  end

  @doc "Summaries of saved recordings this viewer may see, newest first."
  @spec saved(Options.t()) :: {:ok, [Summary.t()]} | {:error, Error.t()}
  def saved(%Options{} = options) do
    with {:ok, %{entries: summaries}} <- Store.summaries(),
         do: {:ok, permitted(options, summaries)}
  end

  @doc "Summaries of running sessions this viewer may see, newest first."
  @spec running(Options.t()) :: [Summary.t()]
  def running(%Options{} = options), do: permitted(options, Store.list_active_summaries())

  @doc "Deletes a recording this viewer may see; to others it is not there."
  @spec delete(Options.t(), String.t()) :: :ok | :error | {:error, Error.t()}
  def delete(%Options{} = options, id) do
    with {:ok, summary} <- Store.get_summary(id) do
      if allowed?(options, Summary.recording(summary)),
        do: Store.delete_recording(id),
        else: :error
    end
  end

  @doc "Deletes every saved recording this viewer may see. What is refused is kept."
  @spec clear(Options.t()) :: :ok | {:error, Error.t()}
  def clear(%Options{} = options) do
    with {:ok, summaries} <- saved(options), do: delete_each(summaries)
  end

  defp delete_each([]), do: :ok

  defp delete_each([summary | rest]) do
    with :ok <- Store.delete_recording(summary.id), do: delete_each(rest)
  end

  @doc "Whether the router's `authorize` lets this recording (without its events) be seen."
  @spec allowed?(Options.t(), Recording.t()) :: boolean
  def allowed?(%Options{authorize: nil}, %Recording{}), do: true

  def allowed?(%Options{authorize: authorize}, %Recording{} = recording),
    do: ask(authorize, recording) not in [false, nil]

  # Lists are made of summaries, so `authorize` is asked about what a summary knows.
  defp permitted(%Options{authorize: nil}, summaries), do: summaries

  defp permitted(options, summaries),
    do: Enum.filter(summaries, &allowed?(options, Summary.recording(&1)))

  # The host's own code: where it fails, nothing is shown.
  defp ask(authorize, recording) do
    case authorize do
      {module, function} -> apply(module, function, [recording])
      module -> module.authorize(recording)
    end
  rescue
    _exception -> false
  catch
    _kind, _reason -> false
  end
end
