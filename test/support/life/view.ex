defmodule PhoenixReplay.Life.View do
  @moduledoc """
  A LiveView whose life is written beforehand: what it mounts with, and what each callback edits.

  A callback that is called while nothing is left does nothing.
  """
  use Phoenix.LiveView
  alias PhoenixReplay.Life.Edit
  alias PhoenixReplay.Reference.Hooks

  @doc "The process that holds the script, to be started by a test."
  def child_spec(_options), do: Agent.child_spec(fn -> {%{}, []} end) |> Map.put(:start, start())

  defp start, do: {Agent, :start_link, [fn -> {%{}, []} end, [name: __MODULE__]]}

  @doc "What the next view mounts with."
  def born(assigns), do: Agent.update(__MODULE__, fn _before -> {assigns, []} end)

  @doc "What the next callbacks do: each edits, and goes to an address if there is one."
  def next(doings), do: Agent.update(__MODULE__, fn {assigns, _done} -> {assigns, doings} end)

  @impl true
  def mount(_params, _session, socket) do
    {assigns, _doings} = Agent.get(__MODULE__, & &1)
    {:ok, assign(socket, assigns), temporary_assigns: [messages: []]}
  end

  @impl true
  def handle_params(_params, _url, socket), do: {:noreply, live(socket)}

  @impl true
  def handle_event(_name, _params, socket), do: {:noreply, live(socket)}

  @impl true
  def handle_info(_message, socket), do: {:noreply, live(socket)}

  @impl true
  def render(assigns), do: ~H"<p>{map_size(assigns)}</p>"

  defp live(socket) do
    case Agent.get_and_update(__MODULE__, &pop/1) do
      nil -> socket
      {edits, nil} -> edit(socket, edits)
      {edits, address} -> socket |> edit(edits) |> patch(address)
    end
  end

  # No hook sees it, so it is told.
  defp patch(socket, address) do
    Hooks.sent(socket, address)
    push_patch(socket, to: address)
  end

  defp pop({assigns, []}), do: {nil, {assigns, []}}
  defp pop({assigns, [doing | rest]}), do: {doing, {assigns, rest}}

  defp edit(socket, edits), do: Enum.reduce(edits, socket, &Edit.assign/2)
end
