defmodule PhoenixReplay.RecorderTest do
  use PhoenixReplay.Case
  doctest PhoenixReplay.Recorder

  describe "a recording" do
    test "has the facts of its session" do
      before = System.system_time(:millisecond)
      {:ok, view, _html} = live(build_conn(), "/pages/one?x=1")
      recording = active(view)

      assert recording.view == Zoo.PagesLive
      assert recording.id =~ ~r/\A[A-Za-z0-9_-]{20,128}\z/
      assert recording.url == "http://www.example.com/pages/one?x=1"
      assert recording.params == %{"page" => "one", "x" => "1"}
      assert recording.connected_at in before..System.system_time(:millisecond)
    end

    test "is not made of a disconnected render" do
      sessions = PhoenixReplay.info().sessions
      assert build_conn() |> get("/counter") |> html_response(200)
      assert PhoenixReplay.info().sessions == sessions
    end

    test "has another id each time" do
      ids = for _ <- 1..5, do: build_conn() |> live("/counter") |> elem(1) |> recording_id()
      assert ids == Enum.uniq(ids)
    end

    test "starts with the assigns mount left, at offset 0" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      assert [{0, :mount, %{assigns: assigns}} | _events] = active(view).events
      assert %{count: 0, name: "counter", user: "nobody"} = assigns

      for key <- [:__changed__, :flash, :uploads, :streams, :socket, :myself],
          do: refute(is_map_key(assigns, key))
    end

    test "has offsets that never go back" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      for _ <- 1..5, do: render_click(view, "inc")
      offsets = for {offset, _type, _payload} <- active(view).events, do: offset
      assert offsets == Enum.sort(offsets)
    end
  end

  describe "what a render brings besides assigns" do
    test "is the flash, put and cleared, in an event that joins the others of its render" do
      {:ok, view, _html} = live(build_conn(), "/form")
      render_submit(element(view, "#form"))
      assert [{_, :flash, flash}, {_, :assigns, %{delta: delta}}] = last(view, 2)
      assert flash == %{part: :flash, value: %{"info" => "saved"}}
      assert %{saved: true} = delta

      render_click(view, "lv:clear-flash")
      assert [{_, :flash, %{value: cleared}}] = last(view, 1)
      assert cleared == %{}
    end

    test "is the flash of the first render, and events pushed with a render, sanitized" do
      {:ok, view, _html} = live(build_conn(), "/host")
      assert %{"info" => "welcome"} = hd(payloads(active(view), :flash)).value

      {:ok, view, _html} = live(build_conn(), "/lived/pages/1")
      render_hook(view, "tell", %{"text" => "hello"})

      assert [
               {_, :push_event, %{name: "told", params: %{text: "hello"}}},
               {_, :flash, %{value: %{"error" => "hello"}}}
             ] = last(view, 2)
    end

    test "is what was sent of a stream, its items sanitized" do
      {:ok, view, _html} = live(build_conn(), "/lived/stream")
      assert [first | _lines] = payloads(active(view), :stream)

      assert %{part: {:stream, nil, :rows}, joined: true, rows: %{rows: {false, [], inserts}}} =
               first

      assert [{"rows-2", -1, %{id: 2}, nil, false}, {"rows-1", -1, _one, nil, false}] = inserts

      render_hook(view, "swap", %{"ids" => [1, 9]})
      assert [{_, :stream, %{rows: %{rows: {false, ["rows-1"], [put]}}}}] = last(view, 1)
      assert {"rows-9", 1, %{id: 9, text: "row 9 at 0"}, nil, false} = put
      refute inspect(active(view), limit: :infinity) =~ "s3cret"
    end

    defp last(view, count), do: Enum.take(active(view).events, -count)
  end

  describe "handle_event" do
    test "is recorded with name and params, then the assigns that changed" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      render_click(view, "inc", %{"by" => "1"})

      assert [{_, :event, %{name: "inc", params: params}}, {_, :assigns, %{delta: delta}}] =
               Enum.take(active(view).events, -2)

      assert params == %{"by" => "1"}
      assert delta == %{count: 1, seen_by_hook: 1}
    end

    test "that changes nothing is there without assigns" do
      {:ok, view, _html} = live(build_conn(), "/pages")
      render_patch(view, "/pages/two")
      before = length(payloads(active(view), :assigns))
      render_click(view, "go", %{"to" => "/pages/two"})
      assert %{name: "go"} = active(view) |> payloads(:event) |> List.last()
      assert length(payloads(active(view), :assigns)) == before + 1
    end

    test "of a component is recorded and counts as interaction" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      view |> element("button") |> render_click()
      assert [%{name: "like", params: %{}}] = payloads(active(view), :event)
      assert [%{interacted: true}] = Store.list_active_summaries()
      assert %{events: [_ | _]} = close(view)
    end

    test "takes params that are no map" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      render_hook(view, "nothing", %{"value" => 5})

      send(view.pid, %Phoenix.Socket.Message{
        topic: "lv:" <> :sys.get_state(view.pid).socket.id,
        event: "event",
        payload: %{"type" => "hook", "event" => "nothing", "value" => 5},
        ref: "99"
      })

      assert [%{params: %{"value" => 5}}, %{params: 5}] = payloads(active(view), :event)
    end
  end

  describe "handle_params" do
    test "is recorded with params and URL" do
      {:ok, view, _html} = live(build_conn(), "/pages/one")
      render_patch(view, "/pages/two?q=a")

      assert [
               %{params: %{"page" => "one"}, url: "http://www.example.com/pages/one"},
               %{
                 params: %{"page" => "two", "q" => "a"},
                 url: "http://www.example.com/pages/two?q=a"
               }
             ] = payloads(active(view), :handle_params)
    end

    test "the second is interaction, the first is not" do
      {:ok, view, _html} = live(build_conn(), "/pages/one")
      assert Store.list_active() == []
      render_patch(view, "/pages/two")
      assert [%{view: Zoo.PagesLive}] = Store.list_active()
    end
  end

  describe "handle_info" do
    test "is recorded by the kind of message, never its content" do
      {:ok, view, _html} = live(build_conn(), "/counter")

      for message <- [{:add, "s3cret", 2}, :tick, "s3cret", %URI{host: "s3cret"}, {"s3cret"}],
          do: send(view.pid, message)

      assert [%{tag: :add}, %{tag: :tick}, none, %{tag: URI}, none] =
               payloads(active(view), :info)

      assert none == %{}
      refute inspect(active(view)) =~ "s3cret"
    end
  end

  describe "a render" do
    test "is recorded whole where several events came before it" do
      {:ok, view, _html} = live(build_conn(), "/pages/one")
      render_click(view, "go", %{"to" => "/pages/two"})
      # The event and the handle_params of its push_patch are batched before one render.
      assert %{snapshot: %{page: "two", path: "/pages/two", user: "nobody"}} =
               active(view) |> payloads(:assigns) |> List.last()
    end

    test "accumulates to what the view has" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      for _ <- 1..3, do: render_click(view, "inc")
      recording = active(view)
      last = length(recording.events) - 1
      assert %{count: 3, name: "counter"} = Recording.accumulated_assigns(recording, last)
      assert %{count: 0} = Recording.accumulated_assigns(recording, 0)
    end

    test "records temporary assigns and not their reset, and keeps neither them nor streams" do
      {:ok, view, _html} = live(build_conn(), "/temporary")
      assert [%{assigns: %{messages: ["first"]}}] = payloads(active(view), :mount)
      render_click(view, "say", %{"text" => "second"})
      render_click(view, "say", %{"text" => "third"})
      render_click(view, "add", %{"id" => 9})

      assert [%{delta: %{messages: ["second"], count: 1}}, %{delta: %{messages: ["third"]}} | _] =
               payloads(active(view), :assigns)

      seen = :sys.get_state(view.pid).socket.private.phoenix_replay.seen
      refute Map.get(seen, :messages)
      refute Map.get(seen, :streams)
      refute Map.get(seen, :flash)
      assert Recording.accumulated_assigns(active(view), 99).messages == ["third"]
    end
  end

  describe "max_events" do
    test "drops what comes after and keeps the recording" do
      {:ok, view, _html} = live(build_conn(), "/limited")
      for _ <- 1..10, do: render_click(view, "inc")
      id = recording_id(view)
      assert length(close(view).events) == 4
      assert {:ok, %{event_count: 4, dropped: dropped}} = Store.get_summary(id)
      assert dropped > 10
    end

    test "is read from the configuration when a session starts" do
      configure(max_events: 3)
      {:ok, view, _html} = live(build_conn(), "/counter")
      configure(max_events: 100)
      for _ <- 1..10, do: render_click(view, "inc")
      assert length(active(view).events) == 3
    end
  end

  describe "options" do
    test "hold for the views of their live session" do
      {:ok, view, _html} = live(build_conn(), "/dropping")
      assert [%{assigns: %{count: 0} = assigns}] = payloads(active(view), :mount)
      refute is_map_key(assigns, :name)
    end

    test "that are unknown raise at mount and say which there are" do
      # The disconnected render mounts too, so it is seen at once.
      known =
        ~r/unknown option :max_evnets.*:max_events, :max_session_bytes, :sample_rate, :sanit/s

      assert_raise ArgumentError, known, fn -> get(build_conn(), "/mistyped") end
    end

    test "of a wrong type raise at mount and say what they take" do
      wrong = ~r/:sample_rate of PhoenixReplay.Recorder takes a number from 0.0 to 1.0.*got: 1.5/
      assert_raise ArgumentError, wrong, fn -> get(build_conn(), "/ill-typed") end

      for wrong <- [
            [max_events: 0],
            [max_events: nil],
            [max_session_bytes: "16 MB"],
            [max_session_bytes: 65 * 1024 * 1024],
            [sample_rate: fn -> true end],
            [sample_rate: {Zoo.Sampling, :nothing}],
            [sample_rate: true],
            [sanitizer: Zoo.Sampling],
            [:sample_rate],
            %{sample_rate: 1}
          ] do
        assert_raise ArgumentError, ~r/PhoenixReplay.Recorder takes/, fn ->
          PhoenixReplay.Recorder.on_mount(wrong, %{}, %{}, %Phoenix.LiveView.Socket{})
        end
      end
    end

    test "that name a module say what it lacks" do
      for {wrong, lacks} <- [
            {[sanitizer: No.Such], "(there is no module No.Such)"},
            {[sample_rate: {Enum, :nope}], "(there is no Enum.nope/3)"}
          ] do
        assert_raise ArgumentError, ~r/#{Regex.escape(lacks)}$/, fn ->
          PhoenixReplay.Recorder.on_mount(wrong, %{}, %{}, %Phoenix.LiveView.Socket{})
        end
      end
    end
  end

  describe "attach" do
    test "records one view, with or without a router" do
      {:ok, view, _html} = live(build_conn(), "/attached")
      render_click(view, "click")
      assert %{view: Zoo.AttachedLive, url: "http://www.example.com/attached"} = close(view)

      {:ok, view, _html} = live_isolated(build_conn(), Zoo.AttachedLive)
      render_click(view, "click")
      assert %{view: Zoo.AttachedLive, url: nil, params: %{}} = close(view)
    end

    test "records a view that a controller renders" do
      {:ok, view, _html} = build_conn() |> get("/controller") |> live()
      render_click(view, "click")
      recording = close(view)
      assert recording.session["from"] == "controller"
      refute is_map_key(recording.session, "api_token")
    end

    test "twice is once" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      socket = :sys.get_state(view.pid).socket
      assert PhoenixReplay.Recorder.attach(socket) == socket
    end

    test "leaves alone what cannot be recorded" do
      component = %Phoenix.LiveView.Socket{
        transport_pid: self(),
        assigns: %{__changed__: %{}, myself: %Phoenix.LiveComponent.CID{cid: 1}}
      }

      for odd <- [component, %Phoenix.LiveView.Socket{}, nil, :socket, %{}, "socket"],
          do: assert(PhoenixReplay.Recorder.attach(odd, :params, nil) == odd)
    end
  end

  describe "every kind of view" do
    test "nested and sticky ones are sessions of their own" do
      {:ok, view, _html} = live(build_conn(), "/parent")
      render_click(view, "inc")
      nested = find_live_child(view, "nested")
      sticky = find_live_child(view, "sticky")
      for child <- [nested, sticky], do: render_click(child, "click")

      assert [recorded, _, _] = Enum.uniq(Enum.map([view, nested, sticky], &recording_id/1))
      assert recorded
      assert [%{assigns: %{label: "nested"}}] = payloads(active(nested), :mount)
      assert [%{assigns: %{label: "sticky"}}] = payloads(active(sticky), :mount)
    end

    test "one with render_with" do
      {:ok, view, _html} = live(build_conn(), "/render-with")
      assert render_click(view, "inc") =~ "1"
      assert %{count: 1} = Recording.accumulated_assigns(active(view), 99)
    end

    test "one whose mount redirects" do
      assert {:error, {:live_redirect, %{to: "/counter"}}} = live(build_conn(), "/refused")
      assert eventually(fn -> PhoenixReplay.info().sessions == 0 end)
    end

    test "one that holds what is hard to record" do
      {:ok, view, _html} = live(build_conn(), "/hostile")
      render_click(view, "big")
      render_click(view, "inc")
      assigns = Recording.accumulated_assigns(close(view), 99)

      assert %{kind: :pid, text: "#PID<" <> _} = assigns.pid
      assert %PhoenixReplay.Inert{kind: :reference} = assigns.ref
      assert %PhoenixReplay.Inert{kind: :port} = assigns.port
      assert %PhoenixReplay.Inert{kind: :function, function: nil} = assigns.closure
      assert %PhoenixReplay.Inert{function: {String, :upcase, 1}} = assigns.capture
      assert %{__struct__: PhoenixReplay.Zoo.NoSuchStruct, field: 1} = assigns.gone
      assert assigns.improper == [1 | 2]
      assert assigns.bits == <<1::3>>
      assert byte_size(assigns.big) == 5_000_000
      assert assigns.integer == Integer.pow(7, 300)
      assert :erlang.term_to_binary(assigns.float) == :erlang.term_to_binary(-0.0)
      assert assigns.count == 1
    end
  end
end
