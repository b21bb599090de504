defmodule PhoenixReplay.Dashboard.Access do
  @moduledoc false
  # What this viewer may see and do. The Store asks the `authorize` of the configuration; the one given to
  # the router is asked here, so every page goes through this module to a recording.

  import Phoenix.Component, only: [assign: 3]

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.{Options, Routes}
  alias PhoenixReplay.{Error, Recording, Store, Telemetry, Timeline}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Store.Authorization

  @type action :: :list | :view | :delete | :clear | :pin | :search | :download
  @type page :: %{entries: [Summary.t()], next: term | nil}

  @doc "Hands the router's options to the pages, as `@options`, with where they are, as `@base`."
  @spec on_mount(Options.t(), map, map, Socket.t()) :: {:cont, Socket.t()}
  def on_mount(%Options{} = options, params, _session, socket) do
    {:cont,
     socket
     |> assign(:options, options)
     |> assign(:base, Routes.base(socket, options, params))}
  end

  @doc """
  Who it is that does something, for another process: an `authorize` is asked with the socket. Of the
  page's assigns those that are much to copy, and none of its business, stay behind.
  """
  @spec viewer(Socket.t(), [atom]) :: Socket.t()
  def viewer(socket, without), do: %{socket | assigns: Map.drop(socket.assigns, without)}

  @doc "Opens a recording, saved or still running. `:error` where there is none or it is refused."
  @spec open(Socket.t(), String.t()) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def open(socket, id) do
    with {:ok, timeline} <- opened(id), do: viewed(socket, timeline)
  end

  @doc """
  The beginning of a saved recording, as `open/2` the whole of one. That somebody saw it is told here, and
  counted where the whole is opened.
  """
  @spec beginning(Socket.t(), String.t()) :: {:ok, Timeline.t()} | :error | {:error, Error.t()}
  def beginning(socket, id) do
    with {:ok, timeline} <- Store.open_beginning(id),
         {:ok, timeline} <- viewed(socket, timeline) do
      Telemetry.action(:view, 0, %{result: :ok, socket: socket, id: id})
      {:ok, timeline}
    end
  end

  defp viewed(socket, timeline),
    do: if(may?(socket, :view, Timeline.recording(timeline)), do: {:ok, timeline}, else: :error)

  defp opened(id), do: with(:error <- Store.open(id), do: Store.open_elsewhere(id))

  @doc "Tells of what somebody did, and returns how it went."
  @spec told(result, Socket.t() | Plug.Conn.t(), action, keyword) :: result when result: term
  def told(result, who, action, facts) do
    {how, count} = outcome(result)
    Telemetry.action(action, count, Map.new([{:result, how}, {:socket, who} | facts]))
    result
  end

  defp outcome({:error, _error}), do: {:error, 0}
  defp outcome(:error), do: {:refused, 0}
  defp outcome({:ok, count}) when is_integer(count), do: {:ok, count}
  defp outcome({:ok, %{entries: entries}}), do: {:ok, length(entries)}
  defp outcome({:ok, %{hits: hits}}), do: {:ok, length(hits)}
  defp outcome(_done), do: {:ok, 1}

  @doc """
  Saved recordings that meet `where` and this viewer may see, newest first, from `last` on. A page may be
  shorter than `limit` and have a next one, as those of `Store.summaries/1`.
  """
  @spec page(Socket.t(), keyword, term, pos_integer) :: {:ok, page} | {:error, Error.t()}
  def page(socket, where, last, limit) do
    if may?(socket, :list),
      do: listed(socket, where, last, limit, [:view]),
      else: {:ok, %{entries: [], next: nil}}
  end

  # Those to which all of these actions may be done.
  defp listed(socket, where, last, limit, actions) do
    request = [where: where, limit: limit, after: last]
    allowed? = fn summary -> Enum.all?(actions, &(permitted(socket, &1, [summary]) != [])) end

    if socket.assigns.options.authorize,
      do: Store.summaries([only: allowed?] ++ request),
      else: Store.summaries(request)
  end

  @doc "Those of these summaries that this viewer may see."
  @spec visible(Socket.t(), [Summary.t()]) :: [Summary.t()]
  def visible(socket, summaries), do: permitted(socket, :view, summaries)

  @doc "Ids of those of these summaries to which this viewer may do something."
  @spec ids(Socket.t(), action, [Summary.t()]) :: MapSet.t()
  def ids(socket, action, summaries) do
    if enabled?(socket, action),
      do: MapSet.new(permitted(socket, action, summaries), & &1.id),
      else: MapSet.new()
  end

  @doc "Whether something may be refused, so that it takes a look at each to know how many there are."
  @spec guarded?(Socket.t()) :: boolean
  def guarded?(%{assigns: %{options: options}}),
    do: options.authorize != nil or Authorization.any?()

  @doc "Deletes a recording this viewer may delete; to others it is not there."
  @spec delete(Socket.t(), String.t()) :: :ok | :error | {:error, Error.t()}
  def delete(socket, id),
    do: socket |> change(:delete, id, &Store.delete_recording/1) |> told(socket, :delete, id: id)

  @doc "Pins a recording, or lets go of it."
  @spec pin(Socket.t(), String.t(), boolean) :: :ok | :error | {:error, Error.t()}
  def pin(socket, id, pinned),
    do: socket |> change(:pin, id, &Store.pin(&1, pinned)) |> told(socket, :pin, id: id)

  defp change(socket, action, id, change) do
    with true <- enabled?(socket, action),
         {:ok, summary} <- Store.get_summary(id),
         true <- visible(socket, [summary]) != [] and permitted(socket, action, [summary]) != [] do
      change.(id)
    else
      false -> :error
      other -> other
    end
  end

  @doc """
  Deletes every saved recording that meets `where` and this viewer may delete, a page of them at a time.
  What is refused is kept. Gives how many, and tells `so_far` after each page.
  """
  @spec clear(Socket.t(), keyword, (non_neg_integer -> term)) ::
          {:ok, non_neg_integer} | :error | {:error, Error.t()}
  def clear(socket, where, so_far) do
    cleared =
      if may?(socket, :clear), do: delete_pages(socket, where, so_far, nil, 0), else: :error

    told(cleared, socket, :clear, where: where)
  end

  defp delete_pages(socket, where, so_far, last, count) do
    with {:ok, page} <- listed(socket, where, last, 200, [:view, :delete]),
         :ok <- Store.delete_listed(page.entries) do
      count = count + length(page.entries)
      so_far.(count)
      if page.next, do: delete_pages(socket, where, so_far, page.next, count), else: {:ok, count}
    end
  end

  @doc "Searches as `Store.search/2` does. `:error` where this viewer may not."
  @spec search(Socket.t(), String.t() | number | Regex.t(), keyword) ::
          {:ok, map} | :error | {:error, Error.t()}
  def search(socket, sought, opts) do
    found = if may?(socket, :search), do: Store.search(sought, opts), else: :error
    told(found, socket, :search, where: opts[:where])
  end

  @doc """
  Whether this viewer may do something: to a recording (without its events), or at all where `subject` is
  `nil`, as for `:list`, `:search` and `:clear`.
  """
  @spec may?(Socket.t(), action, Recording.t() | nil) :: boolean
  def may?(%{assigns: %{options: options}} = socket, action, subject \\ nil),
    do: enabled?(socket, action) and asked(options.authorize, action, subject, socket)

  @doc "Whether the router leaves this switched on, whoever asks."
  @spec enabled?(Socket.t(), action) :: boolean
  def enabled?(%{assigns: %{options: options}}, action),
    do: action not in [:delete, :clear] or options.allow_destructive_actions

  # Lists are made of summaries, so `authorize` is asked about what a summary knows.
  defp permitted(%{assigns: %{options: %{authorize: nil}}}, _action, summaries), do: summaries

  defp permitted(socket, action, summaries),
    do: Enum.filter(summaries, &may?(socket, action, Summary.recording(&1)))

  # The host's own code: where it fails, nothing is shown.
  defp asked(nil, _action, _subject, _socket), do: true

  defp asked(authorize, action, subject, socket) do
    ask(authorize, action, subject, socket) not in [false, nil]
  catch
    kind, reason -> Authorization.refuse(authorize, subject && subject.id, kind, reason)
  end

  # A function of the recording says which recordings there are for this viewer, whatever is done to them.
  defp ask({_module, _function}, _action, nil, _socket), do: true

  defp ask({module, function}, _action, recording, _socket),
    do: apply(module, function, [recording])

  defp ask(module, action, subject, socket) do
    Code.ensure_loaded(module)

    cond do
      function_exported?(module, :authorize, 3) -> module.authorize(action, subject, socket)
      subject == nil -> true
      true -> module.authorize(subject)
    end
  end
end
