defmodule PhoenixReplay.Stage do
  @moduledoc """
  A browser at another node's dashboard. `Phoenix.LiveViewTest` works in a running test only, so one runs
  there, which opens pages and does to them what it is told from here.
  """
  import ExUnit.Callbacks, only: [start_supervised!: 1]
  import Phoenix.ConnTest
  import Phoenix.LiveViewTest

  alias PhoenixReplay.DashboardHost
  alias PhoenixReplay.LiveNow.Teller

  @endpoint PhoenixReplay.DashboardHost.Endpoint

  @doc "Starts it at a node, with a dashboard and the PubSub `pubsub`."
  def start(peer, pubsub), do: :ok = :peer.call(peer, __MODULE__, :run, [pubsub])

  @doc "Opens a page with these connect parameters and keeps it by a name; gives its HTML."
  def open(peer, page, path, params \\ %{}), do: ask(peer, {:open, page, path, params})

  @doc "The HTML of a page, once all that it reads is there."
  def html(peer, page), do: ask(peer, {:html, page})

  @doc "Sends a page an event, as its script does."
  def push(peer, page, event, params \\ %{}), do: ask(peer, {:push, page, event, params})

  defp ask(peer, what), do: :peer.call(peer, __MODULE__, :tell, [what], 20_000)

  @doc false
  def tell(what) do
    ref = make_ref()
    send(__MODULE__, {self(), ref, what})
    receive do: ({^ref, answer} -> answer)
  end

  @doc false
  def run(pubsub) do
    {:ok, _started} = Application.ensure_all_started(:ex_unit)
    ExUnit.start(autorun: false, formatters: [], timeout: :infinity)
    Application.put_env(:phoenix_replay, __MODULE__, {pubsub, self()})

    Module.create(
      __MODULE__.Open,
      quote do
        use ExUnit.Case
        test "a browser", do: unquote(__MODULE__).play()
      end,
      Macro.Env.location(__ENV__)
    )

    spawn(&ExUnit.run/0)
    receive do: (:open -> :ok)
  end

  @doc false
  def play do
    {pubsub, waiting} = Application.get_env(:phoenix_replay, __MODULE__)
    start_supervised!({Phoenix.PubSub, name: pubsub})
    DashboardHost.start()
    send(Teller, :join)
    :sys.get_state(Teller)
    Process.register(self(), __MODULE__)
    send(waiting, :open)
    play(%{})
  end

  defp play(pages) do
    receive do
      {from, ref, what} ->
        {answer, pages} = act(what, pages)
        send(from, {ref, answer})
        play(pages)
    end
  end

  defp act({:open, page, path, params}, pages) do
    {:ok, view, html} = build_conn() |> put_connect_params(params) |> live(path)
    {html, Map.put(pages, page, view)}
  end

  defp act({:html, page}, pages), do: {render_async(pages[page], 5_000), pages}

  defp act({:push, page, event, params}, pages),
    do: {render_hook(pages[page], event, params), pages}
end
