defmodule PhoenixReplay.Recorder.MetadataTest do
  use PhoenixReplay.Case
  import ExUnit.CaptureLog

  defp metadata(view), do: active(view).metadata |> Map.delete("visit")

  test "put_metadata puts facts into the summary, a later one over an earlier, sanitized" do
    {:ok, view, _html} = live(build_conn(), "/member")
    assert metadata(view) == %{"user_id" => 7, "plan" => "trial"}

    render_click(view, "put", %{"facts" => %{"plan" => "gold", "staff" => true, "team" => nil}})
    render_click(view, "put", %{"facts" => %{"rate" => 0.5, "access_token" => "s3cret"}})

    expected = %{"user_id" => 7, "plan" => "gold", "staff" => true, "team" => nil, "rate" => 0.5}
    assert metadata(view) == expected

    recording = close(view)
    assert Map.delete(recording.metadata, "visit") == expected
    assert {:ok, %{metadata: ^expected}} = without_visit(recording.id)
    assert {:ok, %{entries: [%{id: id}]}} = Store.filter(metadata: %{user_id: 7})
    assert id == recording.id
  end

  test "it is the same in a JSON document", %{folder: folder} do
    configure(storage_opts: [path: folder, format: :json])
    {:ok, view, _html} = live(build_conn(), "/member")
    render_click(view, "put", %{"facts" => %{"n" => 12_345_678_901_234_567_890}})
    id = close(view).id

    assert {:ok, %{metadata: %{"user_id" => 7, "n" => 12_345_678_901_234_567_890}}} =
             without_visit(id)
  end

  defp without_visit(id) do
    with {:ok, summary} <- Store.get_summary(id),
         do: {:ok, %{summary | metadata: Map.delete(summary.metadata, "visit")}}
  end

  test "where nothing is recorded it does nothing, and it never raises" do
    socket = %Phoenix.LiveView.Socket{}
    assert PhoenixReplay.put_metadata(socket, %{user_id: 7}) == socket
    assert PhoenixReplay.put_metadata(nil, :nothing) == nil
  end

  test "what does not fit is left out, which the recording says; the view goes on" do
    listen([:phoenix_replay, :recording, :failed])

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/member")
        facts = %{"list" => ["s3cret"], "long" => String.duplicate("x", 513), "kept" => 1}
        assert render_click(view, "put", %{"facts" => facts}) =~ "0"
        assert render_click(view, "odd", %{}) =~ "0"
        many = Map.new(1..40, &{"fact #{&1}", &1})
        assert render_click(view, "put", %{"facts" => many}) =~ "0"

        assert %{"user_id" => 7, "kept" => 1} = metadata = active(view).metadata
        assert map_size(metadata) == 32
        refute is_map_key(metadata, "list")
        refute is_map_key(metadata, "long")
        assert %{stage: :metadata, reason: "ArgumentError"} in payloads(active(view), :fault)
      end)

    for _ <- 1..3,
        do: assert_receive({_, %{count: 1}, %{stage: :metadata, error: "ArgumentError"}})

    refute log =~ "s3cret"
  end

  test "the option is asked with what mount assigned, as {module, function}, capture or module" do
    for path <- ["/described", "/described/capture", "/described/module"] do
      {:ok, view, _html} = live(build_conn(), path)
      assert metadata(view) == %{"view_name" => "counter", "count" => 0, "plan" => "gold"}
      render_click(view, "inc")
      assert %{"count" => 0} = metadata(view)
    end
  end

  test "the configuration holds where there is no option, and a custom sanitizer sees the facts" do
    configure(metadata: fn %{} = session, _socket -> [csrf: is_map(session), name: "Ada"] end)
    {:ok, view, _html} = live(build_conn(), "/counter")
    assert metadata(view) == %{"csrf" => true, "name" => "Ada"}
    {:ok, view, _html} = live(build_conn(), "/dropping")
    assert metadata(view) == %{"csrf" => true}
  end

  test "a function that fails is a fault after the mount event, and the recording goes on" do
    configure(metadata: {Zoo.Describing, :failing})

    log =
      capture_log(fn ->
        {:ok, view, _html} = live(build_conn(), "/counter")
        assert render_click(view, "inc") =~ "1"
        recording = active(view)
        assert [{0, :mount, %{assigns: %{count: 0}}}, {_, :fault, fault} | _] = recording.events
        assert fault == %{stage: :metadata, reason: "ArgumentError"}
      end)

    assert log =~ "ArgumentError in metadata"
    refute log =~ "s3cret"
  end

  test "a visit is the same for the views of one browser session, and another for another" do
    visit = fn path, session ->
      {:ok, view, _html} = build_conn() |> Plug.Test.init_test_session(session) |> live(path)
      recording = active(view)
      refute inspect(recording) =~ "s3cret"
      recording.metadata["visit"]
    end

    assert <<one::binary-16>> = visit.("/form", %{"_csrf_token" => "s3cret one"})
    assert visit.("/pages", %{"_csrf_token" => "s3cret one"}) == one
    assert <<other::binary-16>> = visit.("/form", %{"_csrf_token" => "s3cret other"})
    assert other != one
    assert visit.("/form", %{}) == nil

    # As Erlang's own crypto makes it.
    secret = Zoo.Endpoint.config(:secret_key_base)
    mac = :crypto.mac(:hmac, :sha256, secret, "phoenix_replay visits3cret one")
    assert one == mac |> binary_part(0, 12) |> Base.url_encode64()
  end

  test "a session by id brings its own" do
    recording = %Recording{view: SomeView, metadata: %{order: 3, password: "s3cret"}}
    :ok = Store.start_recording("described-by-id", recording)
    assert {:ok, %{metadata: %{"order" => 3} = metadata}} = Store.finalize("described-by-id")
    assert map_size(metadata) == 1
  end
end
