defmodule PhoenixReplay.SecretsTest do
  @moduledoc false
  # A thousand planted values, in every place that a page may have one: none is in what is stored, told,
  # logged or shown.
  use PhoenixReplay.Case, async: false

  import ExUnit.CaptureLog

  alias PhoenixReplay.{DashboardHost, Timeline}
  alias PhoenixReplay.Zoo.Secrets

  defmodule Pages do
    @moduledoc false
    import Phoenix.ConnTest
    import Phoenix.LiveViewTest
    @endpoint PhoenixReplay.DashboardHost.Endpoint

    def open(path), do: live(build_conn(), path)

    # The frame of a player, and its page before and after it is joined.
    def frame(player) do
      {src, params} = PhoenixReplay.DashboardHost.framed(player)
      first = build_conn() |> get(src) |> html_response(200)
      {:ok, frame, joined} = build_conn() |> put_connect_params(params) |> live(src)
      {frame, [first, joined]}
    end
  end

  # What a visitor does with the page, until just before it ends.
  defp live_through do
    {:ok, view, _html} = live(build_conn(), "/secrets")

    render_hook(view, "stream", %{})
    render_hook(view, "told", Secrets.map(:params))
    render_hook(view, "patch", %{})
    for message <- Secrets.messages(), do: send(view.pid, message)
    for _ <- 1..2, do: view |> element("#turn") |> render_click()
    view
  end

  # As bytes and inflated, each event, and the page and the assigns at each.
  defp kept(id) do
    {:ok, data} = Store.export(id)
    {:ok, timeline} = Store.open(id)
    {:ok, recording} = Store.get_recording(id)

    states =
      for index <- 0..(Timeline.size(timeline) - 1),
          read <- [&Timeline.page/2, &Timeline.assigns/2, &Timeline.replayed/2] do
        {:ok, state} = read.(timeline, index)
        text(state)
      end

    [data, inflated(data), text(recording), text(Store.list_recording_summaries()) | states]
  end

  defp inflated(<<31, 139, _rest::binary>> = data), do: :zlib.gunzip(data)
  defp inflated(json), do: json

  # Every text of a term is in this as it is.
  defp text(term), do: :erlang.term_to_binary(term)

  @nothing MapSet.new()

  # What the host itself says of its crash has its own secrets; ours are the lines that name us.
  defp ours(log) do
    log |> String.split("\n") |> Enum.filter(&(&1 =~ "PhoenixReplay:")) |> Enum.join("\n")
  end

  test "a recording without a sanitizer has them all, so they would be found" do
    configure(sanitizer: Secrets.Open)
    recording = close(live_through())
    assert MapSet.size(Secrets.found(kept(recording.id))) == Secrets.count()
  end

  for format <- [:etf, :json] do
    test "none is stored as #{format}, nor told or logged, of a page that crashes either",
         context do
      configure(storage_opts: [path: context.folder, format: unquote(format)])

      for event <- ~w(started persisted discarded failed truncated)a,
          do: listen([:phoenix_replay, :recording, event])

      {id, log} = with_log(&crashed/0)
      assert Secrets.found(kept(id)) == @nothing
      assert Secrets.found(ours(log)) == @nothing

      told = told()
      assert Enum.any?(told, &match?({[_, _, :persisted], _, _}, &1))
      assert Secrets.found(text(told)) == @nothing
    end
  end

  defp crashed do
    view = live_through()
    id = recording_id(view)
    Process.flag(:trap_exit, true)
    catch_exit(render_hook(view, "raise", %{"token" => hd(Secrets.values(:messages))}))
    saved(id).id
  end

  test "none is in the pages of the dashboard" do
    recording = close(live_through())
    DashboardHost.start()
    {:ok, _list, list} = Pages.open("/replay")
    {:ok, player, _html} = Pages.open("/replay/" <> recording.id)
    {frame, pages} = Pages.frame(render(player))

    moments =
      for tab <- ["events", "state"], index <- 0..(length(recording.events) - 1) do
        player |> element("#tab-#{tab}") |> render_click()
        render_hook(player, "seek", %{"index" => index})
        render_hook(player, "follow", %{})
        [render(player), render(frame)]
      end

    moments = pages ++ moments
    refute IO.iodata_to_binary(moments) =~ "drawn by a player"

    assert IO.iodata_to_binary(moments) =~ "[FILTERED]"
    assert Secrets.found([list | moments]) == @nothing
  end

  defp told do
    receive do
      {[:phoenix_replay | _], _measured, _meta} = event -> [event | told()]
    after
      0 -> []
    end
  end
end
