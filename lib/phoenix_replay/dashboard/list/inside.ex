defmodule PhoenixReplay.Dashboard.List.Inside do
  @moduledoc false
  # A search of what is in recordings, which the list shows instead of itself. It runs in a task of the
  # page, so it ends with it, with another search or when it is told to; what it finds is shown as it is
  # found.
  #
  # `@inside` is nil, or
  #
  #   ref        of this search: what an earlier one still says is not listened to
  #   found      [{summary, [hit]}], newest recording first, the newest found at the head until it is done
  #   searched   how many recordings were looked into
  #   phase      :running, :done, :cancelled or {:failed, message}
  #   more       whether there are more hits than are looked for

  import Phoenix.Component, only: [assign: 3]
  import Phoenix.LiveView

  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.Dashboard.List.{Filter, Reading}
  alias PhoenixReplay.Store

  @most_hits 200
  @of_one 5
  # How often at most it is said how far it is.
  @said_ms 100

  @doc "Lets a page search."
  @spec attach(Socket.t()) :: Socket.t()
  def attach(socket) do
    socket
    |> assign(:inside, nil)
    |> attach_hook(:inside, :handle_info, &info/2)
    |> attach_hook(:inside, :handle_async, &async/3)
    |> attach_hook(:inside, :handle_event, &event/3)
  end

  @doc "Searches for what the filter says, if it says so; what ran before ends."
  @spec start(Socket.t()) :: Socket.t()
  def start(socket) do
    socket = socket |> cancel_async(:inside) |> assign(:inside, nil)

    case connected?(socket) && Filter.sought(socket.assigns.filter) do
      none when none in [false, nil] ->
        socket

      sought ->
        {page, ref} = {self(), make_ref()}
        {viewer, where} = {Reading.viewer(socket), Reading.where(socket)}

        socket
        |> assign(:inside, %{ref: ref, found: [], searched: 0, phase: :running, more: false})
        |> start_async(:inside, fn -> {ref, search(viewer, sought, where, page, ref)} end)
    end
  end

  defp search(viewer, sought, where, page, ref) do
    opts = [
      where: where,
      ignore_case: true,
      limit: @most_hits,
      per_recording: @of_one,
      only: &(Access.visible(viewer, [&1]) != []),
      on_hit: &send(page, {:inside, ref, :hit, &1, summary(&1)}),
      on_progress: &progress(page, ref, &1)
    ]

    Access.search(viewer, sought, opts)
  end

  # Hits of a recording come one after the other.
  defp summary(%{id: id}) do
    case Process.get(__MODULE__) do
      %{id: ^id} = summary -> summary
      _another -> with {:ok, summary} <- Store.get_summary(id), do: remember(summary)
    end
  end

  defp remember(summary) do
    Process.put(__MODULE__, summary)
    summary
  end

  defp progress(page, ref, searched) do
    now = System.monotonic_time(:millisecond)

    if now - Process.get({__MODULE__, :said}, now - @said_ms) >= @said_ms do
      Process.put({__MODULE__, :said}, now)
      send(page, {:inside, ref, :searched, searched})
    end
  end

  defp info(
         {:inside, ref, :hit, hit, summary},
         %{assigns: %{inside: %{ref: ref} = inside}} = socket
       ) do
    {:halt, assign(socket, :inside, %{inside | found: add(inside.found, hit, summary)})}
  end

  defp info(
         {:inside, ref, :searched, searched},
         %{assigns: %{inside: %{ref: ref} = inside}} = socket
       ),
       do: {:halt, assign(socket, :inside, %{inside | searched: searched})}

  defp info(message, socket) when elem(message, 0) == :inside, do: {:halt, socket}
  defp info(_message, socket), do: {:cont, socket}

  # Deleted as it was found.
  defp add(found, _hit, :error), do: found
  defp add(found, _hit, {:error, _unreadable}), do: found

  defp add([{%{id: id} = summary, hits} | rest], %{id: id} = hit, _summary),
    do: [{summary, [hit | hits]} | rest]

  defp add(found, hit, summary), do: [{summary, [hit]} | found]

  defp async(:inside, {:ok, {ref, result}}, %{assigns: %{inside: %{ref: ref} = inside}} = socket),
    do: {:halt, assign(socket, :inside, finished(inside, result))}

  defp async(
         :inside,
         {:exit, _reason},
         %{assigns: %{inside: %{phase: :running} = inside}} = socket
       ),
       do:
         {:halt,
          assign(socket, :inside, %{
            inside
            | phase: {:failed, "The search ended before it was done."}
          })}

  defp async(:inside, _of_an_earlier_one, socket), do: {:halt, socket}
  defp async(_name, _result, socket), do: {:cont, socket}

  defp finished(inside, {:ok, %{searched: searched, truncated?: more}}),
    do: %{inside | phase: :done, searched: searched, more: more}

  defp finished(inside, {:error, error}), do: %{inside | phase: {:failed, error.message}}
  defp finished(inside, :error), do: %{inside | phase: :done}

  defp event(
         "cancel_search",
         _params,
         %{assigns: %{inside: %{phase: :running} = inside}} = socket
       ) do
    {:halt, socket |> cancel_async(:inside) |> assign(:inside, %{inside | phase: :cancelled})}
  end

  defp event("cancel_search", _params, socket), do: {:halt, socket}
  defp event(_name, _params, socket), do: {:cont, socket}
end
