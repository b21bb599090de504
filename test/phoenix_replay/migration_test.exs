defmodule PhoenixReplay.MigrationTest do
  use PhoenixReplay.Case

  alias Phoenix.HTML.Safe
  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.{Replay, Timeline}
  alias PhoenixReplay.Replay.{Failure, Placeholder}
  alias __MODULE__.{Badge, CartLive}

  defmodule Migration do
    @moduledoc false
    @behaviour PhoenixReplay.Migration

    @impl true
    def migrate(of, assigns, facts) do
      if pid = Process.whereis(:migration_told), do: send(pid, {:migrate, of, assigns, facts})
      migrated(of, assigns)
    end

    defp migrated(_view, %{total: 13}), do: raise(ArgumentError, "an unlucky number")
    defp migrated(_view, %{total: 14}), do: throw(:up)
    defp migrated(_view, %{total: 15}), do: :no_map

    defp migrated(view, %{total: cents} = assigns) when is_atom(view),
      do: %{assigns | total: %{amount: cents}}

    defp migrated({_badge, _id}, assigns), do: Map.put_new(assigns, :colour, "grey")
  end

  # The page as it was when it was recorded, and as it is when it is replayed.
  @then %{cart: "{@total}", badge: "{@text}"}
  @today %{cart: "{@total.amount} cents", badge: "{@text} in {@colour}"}

  setup do
    deploy(@then)
    {:ok, view, _html} = live_isolated(build_conn(), CartLive)
    for total <- [5, 13, 14, 15], do: render_hook(view, "total", %{"to" => total})
    {:ok, timeline} = view |> recording_id() |> Store.open()
    deploy(@today)

    on_exit(fn ->
      for module <- [CartLive, Badge],
          step <- [&:code.purge/1, &:code.delete/1],
          do: step.(module)
    end)

    {:ok, timeline: timeline}
  end

  # Compiled anew, as a release that comes after another has it.
  defp deploy(templates) do
    Code.put_compiler_option(:ignore_module_conflict, true)

    Code.compile_string("""
    defmodule #{inspect(Badge)} do
      use Phoenix.LiveComponent
      def render(assigns), do: ~H"<b>#{templates.badge}</b>"
    end

    defmodule #{inspect(CartLive)} do
      use Phoenix.LiveView

      def mount(params, session, socket) do
        socket = assign(socket, total: 0, api_key: "s3cret")
        {:ok, PhoenixReplay.Recorder.attach(socket, params, session)}
      end

      def handle_event("total", %{"to" => to}, socket), do: {:noreply, assign(socket, total: to)}

      def render(assigns) do
        ~H\"""
        <p>#{templates.cart}</p>
        <.live_component module={#{inspect(Badge)}} id="sale" text="sale" />
        \"""
      end
    end
    """)
  after
    Code.put_compiler_option(:ignore_module_conflict, false)
  end

  defp index_of(timeline, total) do
    Enum.find(0..(Timeline.size(timeline) - 1), fn index ->
      {:ok, assigns} = Timeline.assigns(timeline, index)
      assigns.total == total
    end)
  end

  defp render_at(timeline, total) do
    {:ok, moment} = Timeline.page(timeline, index_of(timeline, total))
    Replay.render(CartLive, moment, %Socket{id: "frame", endpoint: @endpoint})
  end

  defp html(rendered), do: rendered |> Safe.to_iodata() |> IO.iodata_to_binary()

  test "without one, today's template fails with what was recorded", %{timeline: timeline} do
    assert {:error, %Failure{reason: :raised}} = render_at(timeline, 5)
  end

  test "the view and its components replay in the shape of today", %{timeline: timeline} do
    configure(migration: Migration)
    assert {:ok, rendered} = render_at(timeline, 5)
    assert html(rendered) =~ "<p>5 cents</p>"
    assert html(rendered) =~ "sale in grey"
    # Nothing was missing any more.
    refute html(rendered) =~ "nil stands in"
    # What was recorded stays what it was.
    assert {:ok, %{total: 5}} = Timeline.assigns(timeline, index_of(timeline, 5))
  end

  test "is told what is known of the code, and nothing that was filtered", %{timeline: timeline} do
    configure(migration: Migration)
    Process.register(self(), :migration_told)
    {:ok, _rendered} = render_at(timeline, 5)

    assert_received {:migrate, CartLive, assigns, facts}
    assert assigns == %{total: 5, api_key: "[FILTERED]", live_action: nil}
    assert %{view: CartLive, changed?: true, md5: <<_::128>>} = facts
    assert facts.md5 != CartLive.module_info(:md5)
    assert is_map_key(facts.versions, :phoenix_live_view)
    assert facts.connected_at == Timeline.recording(timeline).connected_at
    assert is_map_key(facts, :release)

    assert_received {:migrate, {Badge, "sale"}, %{text: "sale"},
                     %{view: CartLive, changed?: true}}

    deploy(@then)
    render_at(timeline, 5)
    assert_received {:migrate, {Badge, "sale"}, _assigns, %{changed?: false}}
  end

  test "one that fails is named in the place of the page, and the rest plays", %{
    timeline: timeline
  } do
    configure(migration: Migration)

    for {total, says} <- [
          {13, "(ArgumentError) an unlucky number"},
          {14, "(throw) :up"},
          {15, "to return a map of assigns for #{inspect(CartLive)}, got: :no_map"}
        ] do
      assert {:error, %Failure{reason: :migration} = failure} = render_at(timeline, total)
      assert failure.message =~ inspect(Migration)
      assert failure.message =~ says
      assert failure |> Placeholder.failure() |> html() =~ "The migration failed at this moment"
    end

    assert {:error, %Failure{where: where}} = render_at(timeline, 13)
    assert where =~ "migration_test.exs"
    assert {:ok, _rendered} = render_at(timeline, 5)
  end
end
