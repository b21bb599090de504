defmodule PhoenixReplay.ReplayTest do
  use ExUnit.Case, async: false

  import Phoenix.Component, only: [to_form: 2]

  alias Phoenix.HTML.Safe
  alias Phoenix.LiveView.Socket
  alias PhoenixReplay.{DashboardHost, Inert, Replay, Replayed}
  alias PhoenixReplay.Replay.Failure

  doctest PhoenixReplay.Replay

  setup do
    DashboardHost.start()
    Process.register(self(), :replayed_told)
    :ok
  end

  defp html(view, assigns, parts \\ %{}) do
    {:ok, rendered} = Replay.render(view, %{assigns: assigns, parts: parts}, socket())
    rendered |> Safe.to_iodata() |> IO.iodata_to_binary()
  end

  defp failure(view, assigns, parts \\ %{}) do
    {:error, %Failure{} = failure} =
      Replay.render(view, %{assigns: assigns, parts: parts}, socket())

    failure
  end

  defp socket do
    %Socket{
      id: "frame",
      endpoint: DashboardHost.Endpoint,
      router: DashboardHost.Router,
      view: PhoenixReplay.Dashboard.FrameLive,
      private: %{
        live_temp: %{},
        root_view: PhoenixReplay.Dashboard.FrameLive,
        live_session_name: :phoenix_replay_frame
      }
    }
  end

  test "a form with nested changesets shows its values and errors" do
    params = %{"name" => "", "lines" => %{"0" => %{"title" => "", "amount" => "0"}}}

    form =
      %Replayed.Order{}
      |> Replayed.Order.changeset(params)
      |> Map.put(:action, :validate)
      |> to_form(as: :order)

    html = html(Replayed.FormLive, %{form: form})
    assert html =~ ~s(name="order[name]")
    assert html =~ ~s(name="order[lines][0][title]")
    assert html =~ ~s(<p class="error">can&#39;t be blank</p>)
    assert html =~ "title can&#39;t be blank"
  end

  test "nested comprehensions, in the view's own layout" do
    rows = [%{id: 1, name: "<Ann>", tags: ["new", "plain"]}, %{id: 2, name: "Bo", tags: []}]
    html = html(Replayed.RowsLive, %{title: "Rows", rows: rows})

    assert html =~ ~s(<div id="app-layout"><h1>Rows</h1>)
    assert html =~ ~r{<tr id="row-1">\s*<td>&lt;Ann&gt;</td>\s*<td><b>new</b></td>\s*<td></td>}
    assert html =~ ~s(<tr id="row-2">)
  end

  test "components are rendered from their own assigns, with the slots of their parent" do
    counter = {:component, Replayed.Counter, "counter-1"}
    html = html(Replayed.ParentLive, %{title: "P", counters: [1]}, %{counter => %{count: 7}})
    assert html =~ "<p>counted 7</p>"
  end

  test "components of which nothing is recorded and nested LiveViews are placeholders that name them" do
    html = html(Replayed.ParentLive, %{title: "Parent", counters: [1, 2]})

    assert html =~ "<h1>Parent</h1>"
    assert html =~ "PhoenixReplay.Replayed.Counter"
    assert html =~ "counter-1"
    assert html =~ "counter-2"
    assert html =~ "the-child"
    refute html =~ "data-phx-session"
    refute html =~ "counted"
    refute html =~ "the child<"
  end

  test "no callback of the host runs" do
    form = %Replayed.Order{} |> Replayed.Order.changeset(%{}) |> to_form(as: :order)
    counter = {:component, Replayed.Counter, "counter-1"}
    html(Replayed.ParentLive, %{title: "Parent", counters: [1]}, %{counter => %{count: 7}})
    html(Replayed.FormLive, %{form: form})
    refute_received {:ran, _callback}
  end

  test "a missing assign is nil and named, of the view and of a component" do
    html = html(Replayed.RowsLive, %{rows: []})
    assert html =~ "<h1></h1>"
    assert html =~ "The recording has no @title at this moment"

    counter = {:component, Replayed.Counter, "counter-1"}
    html = html(Replayed.ParentLive, %{counters: [1]}, %{counter => %{}})
    assert html =~ "The recording has no @count, @title at this moment"
  end

  test "one that the template cannot do without is why it failed" do
    failure = failure(Replayed.RowsLive, %{title: "Rows"})
    assert failure.reason == :missing_assign
    assert failure.assign == :rows
    assert failure.message =~ "@rows"
    assert failure.where =~ "test/support/replayed.ex:"
  end

  test "streams are rendered from their rows" do
    rows = [{"songs-2", "b"}, {"songs-1", "a"}]
    html = html(Replayed.StreamLive, %{}, %{{:stream, nil, :songs} => rows})
    assert html =~ ~r{<li id="songs-2">b</li>\s*<li id="songs-1">a</li>}
  end

  test "state that is not recorded yet is told from what is missing" do
    assert %{reason: :not_recorded, assign: :streams} = failure(Replayed.StreamLive, %{})
  end

  test "a template that raises, throws or exits says where" do
    raised = failure(Replayed.FailingLive, %{number: 3})
    assert raised.reason == :raised
    assert raised.message == "ArgumentError: an odd number"
    assert raised.where =~ "test/support/replayed.ex:"
    assert raised.filtered == []

    # What it could not do with is likely what is not there.
    kept_out = %{number: "[FILTERED]", name: "Ann"}
    assert %{reason: :raised, filtered: [:number]} = failure(Replayed.FailingLive, kept_out)

    assert %{reason: :caught, message: "** (throw) :up"} =
             failure(Replayed.FailingLive, %{number: :throw})

    assert %{reason: :caught} = failure(Replayed.FailingLive, %{number: :exit})
    assert html(Replayed.FailingLive, %{number: 4}) =~ "<p>2</p>"
  end

  test "a view that is gone, and one without a template of its own" do
    assert %{reason: :gone, message: message} = failure(NoSuchLive, %{})
    assert message =~ "NoSuchLive"
    assert %{reason: :gone} = failure("Elixir.Unknown.Live", %{})
    assert %{reason: :gone} = failure(String, %{})
    assert %{reason: :no_template} = failure(Replayed.WithoutRender, %{})
  end

  test "a page is rendered by a function of its view or of function components, and by no other" do
    given = fn module, name ->
      inert = %Inert{kind: :function, text: "&f/1", function: {module, name, 1}}
      %{{:template, nil} => inert}
    end

    assert html(
             Replayed.RowsLive,
             %{title: "Rows", rows: []},
             given.(DashboardHost.Layouts, :app)
           ) =~
             "app-layout"

    assert %{reason: :no_template} = failure(Replayed.RowsLive, %{}, given.(System, :halt))

    assert %{reason: :no_template} =
             failure(Replayed.RowsLive, %{}, given.(Replayed.FormLive, :render))

    closure = %Inert{kind: :function, text: "#Function<>", function: nil}

    assert %{reason: :no_template} =
             failure(Replayed.RowsLive, %{}, %{{:template, nil} => closure})
  end

  test "a layout that is recorded is rendered, if it is one of function components" do
    rows = %{title: "Rows", rows: []}
    refute html(Replayed.RowsLive, rows, %{layout: false}) =~ "app-layout"

    assert html(Replayed.RowsLive, rows, %{layout: {DashboardHost.Layouts, "app"}}) =~
             "app-layout"

    assert html(Replayed.RowsLive, rows, %{layout: {System, :halt}}) =~ "<h1>Rows</h1>"
  end

  test "functions are called on the recorded view and on schemas only" do
    inert = fn module, name, arity ->
      %Inert{kind: :function, text: "&f/#{arity}", function: {module, name, arity}}
    end

    html =
      html(Replayed.CallingLive, %{
        calls: [
          inert.(Replayed.CallingLive, :shout, 1),
          inert.(String, :upcase, 1),
          inert.(NoSuchModule, :call, 1),
          inert.(Replayed.FormLive, :render, 1),
          %Inert{kind: :pid, text: "#PID<0.1.0>"}
        ]
      })

    assert html =~ "<p>X</p>"
    assert length(String.split(html, "&amp;f/1")) == 4
    assert html =~ "#PID&lt;0.1.0&gt;"
  end

  test "the tree that comes back is forced: nothing in it can fail any more" do
    moment = %{assigns: %{title: "a", rows: []}, parts: %{}}
    {:ok, rendered} = Replay.render(Replayed.RowsLive, moment, socket())
    assert is_list(rendered.dynamic.(true))
    assert rendered.dynamic.(true) == rendered.dynamic.(false)
  end
end
