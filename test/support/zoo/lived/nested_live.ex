defmodule PhoenixReplay.Zoo.Lived.NestedLive do
  @moduledoc false
  # A page of LiveViews within LiveViews: one that is always there, one that comes and goes, each with
  # another inside, and a sticky one. What of them runs is told to the process `:nested_told`.
  use Phoenix.LiveView
  import StreamData

  alias PhoenixReplay.Zoo.Lived.NestedLive.{Bar, Child}

  def path, do: "/lived/nested"

  @doc "Something a visitor does, here or in one of the views inside."
  def step do
    one_of([
      constant({:event, "inc", %{}}),
      constant({:event, "more", %{}}),
      constant({:in, ["first"], {:event, "click", %{}}}),
      constant({:in, ["second"], {:event, "click", %{}}}),
      constant({:in, ["first", "first-inner"], {:event, "click", %{}}}),
      constant({:in, ["second", "second-inner"], {:event, "click", %{}}}),
      constant({:in, ["bar"], {:event, "click", %{}}})
    ])
  end

  def mount(_params, _session, socket), do: {:ok, assign(socket, count: 0, more: false)}

  def handle_event("inc", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}
  def handle_event("more", _params, socket), do: {:noreply, update(socket, :more, &not/1)}

  def render(assigns) do
    ~H"""
    <p>{@count}</p>
    {live_render(@socket, Child, id: "first", session: %{"name" => "first"})}
    <div :if={@more} id="more">
      {live_render(@socket, Child,
        id: "second",
        container: {:section, class: "a & b"},
        session: %{"name" => "second"}
      )}
    </div>
    {live_render(@socket, Bar, id: "bar", sticky: true)}
    """
  end

  defmodule Told do
    @moduledoc false
    def tell(what), do: if(pid = Process.whereis(:nested_told), do: send(pid, {:ran, what}))
  end

  defmodule Child do
    @moduledoc false
    use Phoenix.LiveView
    on_mount PhoenixReplay.Recorder

    alias PhoenixReplay.Zoo.Lived.NestedLive.{Inner, Told}

    def mount(_params, %{"name" => name}, socket) do
      Told.tell(:mount)
      {:ok, assign(socket, clicks: 0, name: name)}
    end

    def handle_event("click", _params, socket) do
      Told.tell(:handle_event)
      {:noreply, update(socket, :clicks, &(&1 + 1))}
    end

    def render(assigns) do
      ~H"""
      <b>{@name} {@clicks}</b>
      {live_render(@socket, Inner, id: @name <> "-inner")}
      """
    end
  end

  defmodule Inner do
    @moduledoc false
    use Phoenix.LiveView
    on_mount PhoenixReplay.Recorder

    def mount(_params, _session, socket), do: {:ok, assign(socket, :clicks, 0)}
    def handle_event("click", _params, socket), do: {:noreply, update(socket, :clicks, &(&1 + 1))}
    def render(assigns), do: ~H|<i :for={n <- 0..@clicks//1}>inner {n}</i>|
  end

  defmodule Bar do
    @moduledoc false
    use Phoenix.LiveView
    on_mount PhoenixReplay.Recorder

    def mount(_params, _session, socket), do: {:ok, assign(socket, :clicks, 0)}
    def handle_event("click", _params, socket), do: {:noreply, update(socket, :clicks, &(&1 + 1))}
    def render(assigns), do: ~H|<button phx-click="click">bar {@clicks}</button>|
  end
end
