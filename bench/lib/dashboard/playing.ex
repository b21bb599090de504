defmodule PhoenixReplay.Bench.Dashboard.Playing do
  @moduledoc """
  The player of a long recording, 10,000 events and 50 MB of it in a full run: how long until the server has sent the first frame
  in the HTML of its page, and how long until the player and its frame are joined,
  how often the recording was decoded for it, how long from a seek until all of it is sent, and the memory of
  the processes that serve it. And of a page of 1,000 rows, of which one changes: what the step takes to the
  browser, beside what LiveView itself sent when it happened.
  """
  alias PhoenixReplay.Bench.Dashboard.{Browser, Decoded, Host, Painted, Took}
  alias PhoenixReplay.Bench.{Live, Task}
  alias PhoenixReplay.{Persister, Store}

  defstruct [
    :events,
    :bytes,
    :disk_bytes,
    :open,
    :joined,
    :decoded,
    :seek,
    :seek_p95,
    :state_p95,
    :player_bytes,
    :frame_bytes,
    :painted,
    :step
  ]

  @type t :: %__MODULE__{}

  @draft 10_000

  @typedoc "Event pairs of the recording; how often it is opened; seeks in it, by the server and by clicks in a browser."
  @type pace :: %{
          pairs: pos_integer,
          opens: pos_integer,
          seeks: pos_integer,
          clicks: pos_integer
        }

  @doc "Measures a recording."
  @spec measure(pace) :: t
  def measure(%{pairs: pairs, opens: times_opened, seeks: seeks} = pace) do
    IO.puts("Measuring: the player of a recording of #{2 * pairs} events")
    {id, summary} = recorded(pairs, 1_000)
    opens = for _turn <- 1..times_opened, do: open(id)
    %{player: player, frame: frame} = List.last(opens)
    for opened <- Enum.drop(opens, -1), do: close(opened.player, opened.frame)

    {player, times, memory} = seeks(player, frame, summary.event_count, seeks)
    player = Browser.push(player, "tab", %{"tab" => "state"})
    Browser.answer(player)
    {player, with_state, more} = seeks(player, frame, summary.event_count, seeks)
    close(player, frame)

    %__MODULE__{
      events: summary.event_count,
      bytes: summary.inflated_bytes,
      disk_bytes: summary.bytes,
      open: opens |> Enum.map(& &1.shown) |> Took.at(0.5),
      joined: opens |> Enum.map(& &1.joined) |> Took.at(0.5),
      decoded: Enum.max(Enum.map(opens, & &1.decoded)) / summary.bytes,
      seek: Took.at(times, 0.5),
      seek_p95: Took.at(times, 0.95),
      state_p95: Took.at(with_state, 0.95),
      player_bytes: Enum.max(for {player, _frame} <- memory ++ more, do: player),
      frame_bytes: Enum.max(for {_player, frame} <- memory ++ more, do: frame),
      painted: %{
        1_000 => painted(id, pace),
        100 => pairs |> recorded(100) |> elem(0) |> painted(pace)
      },
      step: step()
    }
  end

  defp painted(id, %{opens: opens, clicks: clicks}),
    do: Painted.measure(Host.address() <> "/replay/" <> id, opens, clicks)

  # As the hooks record it: each pair rewrites the draft and renames a row.
  defp recorded(pairs, rows) do
    id =
      run(fn ->
        socket = Live.mount(:ours, Host.RowsLive.assigns(rows), Host.RowsLive)
        Enum.reduce(1..pairs, socket, &pair(&1, &2, rows)).private.phoenix_replay.id
      end)

    {id, saved(id)}
  end

  defp pair(n, socket, count) do
    rows = List.replace_at(socket.assigns.rows, rem(n, count), Task.new(rem(n, count) + 1, n))
    changed = Phoenix.Component.assign(socket, rows: rows, draft: draft(n))
    Live.rendered(Live.pair({"write", %{"n" => n}, changed}))
  end

  @words ~w(watering the ferns of row seven before noon label moss order tray delivery gate porter bell key
            north glasshouse orchid repot shade warm late early note for tomorrow ask again about price)

  # Another text each time, of words as people write them.
  defp draft(n) do
    {words, _state} =
      Enum.map_reduce(1..div(@draft, 6), :rand.seed_s(:exsss, n), fn _word, state ->
        {number, state} = :rand.uniform_s(length(@words), state)
        {Enum.at(@words, number - 1), state}
      end)

    Enum.join(words, " ")
  end

  # In a process of its own, whose end is the session's.
  defp run(fun), do: fun |> Elixir.Task.async() |> Elixir.Task.await(:infinity)

  defp saved(id) do
    Persister.drain(60_000)
    {:ok, summary} = Store.get_summary(id)
    summary
  end

  # As a browser does: the player's page, then that of its frame, which is joined once the player is.
  defp open(id) do
    {opened, decoded} = Decoded.during(fn -> opened("/replay/" <> id) end)
    Map.put(opened, :decoded, decoded)
  end

  defp opened(path) do
    {opened, joined} =
      Took.of(fn ->
        {{page, src, shown}, until_shown} = Took.of(fn -> shown(path) end)
        player = Browser.join(page, path)
        frame = Browser.join(shown, src, %{"player" => token(player)})
        true = frame.joined.text =~ "<table"
        Browser.hear(player, &drawn?/1)
        %{player: player, frame: frame, shown: until_shown}
      end)

    Map.put(opened, :joined, joined)
  end

  defp shown(path) do
    {html, _session} = page = Browser.html(path)
    src = source(html)
    {framed, _session} = frame = Browser.html(src)
    true = framed =~ "<table"
    {page, src, frame}
  end

  defp source(html) do
    [_all, path] = Regex.run(~r{src="([^"]*/frame[^"]*)"}, html)
    path
  end

  # As it stands in JSON.
  defp token(player) do
    [_all, token] = Regex.run(~r{data-token=\\"([^"\\]+)}, player.joined.text)
    token
  end

  defp seeks(player, frame, events, seeks) do
    {measured, player} =
      Enum.map_reduce(1..seeks, player, fn n, player ->
        # Always an event that is another page than the one before.
        {{player, _told}, took} = Took.of(fn -> seek(player, frame, rem(n * 15_838, events)) end)
        {{took, {heap(player.pid), heap(frame.pid)}}, player}
      end)

    {times, memory} = Enum.unzip(measured)
    {player, times, memory}
  end

  # What the process holds of its own, heap and stack.
  defp heap(pid) do
    {:memory, bytes} = Process.info(pid, :memory)
    bytes
  end

  defp close(player, frame) do
    Browser.close(frame)
    Browser.close(player)
  end

  # LiveView's answer to the event, and the frame's step to the moment it led to.
  defp step do
    page = Browser.open("/rows")
    {page, _first} = rename(page, 400, "First title")
    {page, live} = rename(page, 500, "Another title")
    Browser.close(page)
    Persister.drain(60_000)
    {:ok, %{entries: [%{id: id} | _older]}} = Store.summaries(limit: 1)

    %{player: player, frame: frame} = open(id)
    last = last(id)
    {player, _first} = seek(player, frame, last - 2)
    {player, {player_told, frame_told}} = seek(player, frame, last)
    close(player, frame)
    %{live: live.bytes, frame: frame_told.bytes, player: player_told.bytes}
  end

  defp rename(page, id, title) do
    page = Browser.push(page, "rename", %{"id" => id, "title" => title})
    {page, Browser.answer(page)}
  end

  defp last(id) do
    {:ok, %{event_count: count}} = Store.get_summary(id)
    count - 1
  end

  # The page first; what is beside it is asked for as the browser does once that is painted.
  defp seek(player, frame, index) do
    player = Browser.push(player, "seek", %{"index" => index})
    {_drawn, page} = Browser.both({player, &drawn?/1}, {frame, &(&1.event == "diff")})
    player = Browser.push(player, "follow", %{})
    followed? = &String.contains?(&1.text, ~s(data-index=\\"#{index}\\"))
    {player, {Browser.hear(player, followed?), page}}
  end

  defp drawn?(told), do: told.event == "diff" and told.text =~ ~s(["drawn")
end
