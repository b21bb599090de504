defmodule PhoenixReplay.Recorder.HostTest do
  @moduledoc false
  # The same lives with and without a recorder: the host must not be able to tell.
  use PhoenixReplay.Case

  @lives [
    {"/counter", [{:click, "inc"}, {:send, {:add, "x", 4}}, {:send, "odd"}, {:click, "nothing"}]},
    {"/form",
     [
       {:click, "validate", %{"user" => %{"name" => "Ada", "password" => "short"}}},
       {:click, "save"}
     ]},
    {"/pages/one",
     [{:click, "go", %{"to" => "/pages/two"}}, {:click, "go", %{"to" => "/pages"}}]},
    {"/temporary", [{:click, "say", %{"text" => "a"}}, {:click, "add", %{"id" => 7}}]},
    {"/hostile", [{:click, "inc"}]},
    {"/parent", [{:click, "inc"}]},
    {"/render-with", [{:click, "inc"}]},
    {"/host",
     [
       {:click, "flash"},
       {:click, "clear"},
       {:click, "reply", %{"a" => 1}},
       {:click, "push"},
       {:send, :hi}
     ]}
  ]

  for {path, script} <- @lives do
    @path path
    @script script

    test "#{path}: HTML, assigns and hooks are the same" do
      {:ok, recorded, recorded_html} = live(build_conn(), @path)
      {:ok, plain, plain_html} = live(build_conn(), "/plain" <> @path)
      assert recording_id(recorded)
      refute recording_id(plain)
      assert same(recorded_html) == same(plain_html)

      for step <- @script do
        assert same(take(recorded, step)) == same(plain |> take(under_plain(step)))
        assert assigns(recorded) == assigns(plain)
      end

      assert hooks(recorded) == hooks(plain)
      assert messages(recorded) == messages(plain)
    end
  end

  test "the params of a patch and their handling are the same" do
    {:ok, recorded, _html} = live(build_conn(), "/pages/one")
    {:ok, plain, _html} = live(build_conn(), "/plain/pages/one")
    assert same(render_patch(recorded, "/pages/3")) == same(render_patch(plain, "/plain/pages/3"))
  end

  test "a reply to an event reaches the client" do
    {:ok, view, _html} = live(build_conn(), "/host")
    render_click(view, "reply", %{"a" => 1})
    assert_reply(view, %{got: %{"a" => 1}})
    render_click(view, "push")
    assert_push_event(view, "ping", %{n: 1})
  end

  test "the process dictionary aside, the recorder adds one private key" do
    {:ok, recorded, _html} = live(build_conn(), "/counter")
    {:ok, plain, _html} = live(build_conn(), "/plain/counter")
    private = &(:sys.get_state(&1.pid).socket.private |> Map.keys() |> MapSet.new())

    assert MapSet.difference(private.(recorded), private.(plain)) == MapSet.new([:phoenix_replay])
  end

  defp take(view, {:click, name}), do: render_click(view, name)
  defp take(view, {:click, name, params}), do: render_click(view, name, params)

  defp take(view, {:send, message}) do
    send(view.pid, message)
    render(view)
  end

  defp under_plain({:click, "go", %{"to" => to}}), do: {:click, "go", %{"to" => "/plain" <> to}}
  defp under_plain(step), do: step

  # What differs between any two renders of a page: ids, tokens, and here the path.
  defp same(html) do
    html
    |> String.replace(~r/(id|data-phx-[a-z-]+|href)="[^"]*"/, ~S(\1=""))
    |> String.replace("/plain", "")
  end

  defp assigns(view) do
    view.pid
    |> :sys.get_state()
    |> get_in([Access.key(:socket), Access.key(:assigns)])
    |> inspect(limit: :infinity)
    |> String.replace(~r/#(PID|Reference|Port|Function)<[^>]*>/, ~S(#\1))
    |> String.replace(~r/\d+, "lvs:/, "")
    |> String.replace("/plain", "")
    |> String.replace(~r/ref: "[^"]*"/, "ref")
  end

  # The hooks of the host, in their order.
  defp hooks(view) do
    for {stage, hooks} <- Map.from_struct(:sys.get_state(view.pid).socket.private.lifecycle),
        stage != :mount do
      {stage, for(%{id: id} <- hooks, not match?({PhoenixReplay, _}, id), do: id)}
    end
  end

  defp messages(view), do: Process.info(view.pid, [:message_queue_len, :trap_exit])
end
