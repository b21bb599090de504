defmodule PhoenixReplay.NativeTest do
  @moduledoc false
  # The format, checked against Erlang's own: what Rust writes Erlang reads, and the other way round.
  use PhoenixReplay.Case
  use ExUnitProperties
  alias PhoenixReplay.{Native, Terms}

  property "what Rust writes is what binary_to_term reads" do
    check all(term <- Terms.term(), max_runs: 300) do
      {session, id} = session()
      :ok = Native.append_by_id(session, 5, :custom, %{value: term})
      {:ok, data, _summary} = Native.session_seal(session, :etf)
      Native.session_remove(id)

      assert %{summary: %{event_count: 1}, context: %{params: %{}}, events: [event]} =
               ReadRecording.read(data)

      assert {5, :custom, %{value: read}} = event
      assert exactly(read) == exactly(term)
    end
  end

  property "what term_to_binary writes is what Rust reads" do
    check all(
            term <- Terms.term(),
            minor <- member_of(minor_version: 1, minor_version: 2),
            max_runs: 300
          ) do
      {session, id} = session()
      :ok = Native.append_by_id(session, 5, :custom, %{value: 1})
      {:ok, data, _summary} = Native.session_seal(session, :etf)
      Native.session_remove(id)

      written =
        data
        |> :zlib.gunzip()
        |> terms()
        |> List.replace_at(-1, {5, :custom, %{value: term}})
        |> Enum.map(&:erlang.term_to_binary(&1, [minor]))

      # Head and summary are a member of their own, which any reader may rely on.
      {front, rest} = Enum.split(written, 2)
      file = IO.iodata_to_binary([:zlib.gzip(front), :zlib.gzip(rest)])
      assert {:ok, timeline} = Native.recording_open(file)
      assert {:ok, [{5, :custom, %{value: read}}]} = Native.timeline_events(timeline, 0, 1)
      assert exactly(read) == exactly(term)
    end
  end

  property "json brings back what went in" do
    check all(term <- Terms.term(), max_runs: 200) do
      {session, id} = session()
      :ok = Native.append_by_id(session, 5, :custom, %{value: term})
      {:ok, data, _summary} = Native.session_seal(session, :json)
      Native.session_remove(id)
      assert {:ok, timeline} = Native.recording_open(data)
      assert {:ok, [{5, :custom, %{value: read}}]} = Native.timeline_events(timeline, 0, 1)
      assert exactly(read) == exactly(term)
    end
  end

  property "bytes that are no recording are an error" do
    check all(bytes <- binary(max_length: 2_000), max_runs: 300) do
      for bytes <- [bytes, :zlib.gzip(bytes), :zlib.gzip([131 | [bytes]])] do
        assert {:error, {_reason, _message}} = Native.recording_open(bytes)
        assert {:error, {_reason, _message}} = Native.recording_summary(bytes)
      end
    end
  end

  property "a recording with bytes changed is an error or a recording, never more" do
    {session, id} = session()
    Native.append_mount(session, %{list: Enum.to_list(1..100), text: "some text"})
    for n <- 1..50, do: Native.append_event(session, "event #{n}", %{"n" => n})
    {:ok, data, _summary} = Native.session_seal(session, :etf)
    Native.session_remove(id)

    check all(
            at <- integer(0..(byte_size(data) - 1)),
            byte <- integer(0..255),
            max_runs: 500
          ) do
      <<before::binary-size(at), _old, rest::binary>> = data

      case Native.recording_open(<<before::binary, byte, rest::binary>>) do
        {:ok, timeline} -> Native.timeline_events(timeline, 0, 100)
        {:error, {_reason, _message}} -> :ok
      end
    end
  end

  test "atoms the node does not know neither fill its table nor make a recording unreadable" do
    {session, id} = session()
    :ok = Native.append_by_id(session, 5, :custom, %{value: :placeholder_atom_of_this_test})
    {:ok, data, _summary} = Native.session_seal(session, :etf)
    Native.session_remove(id)

    unknown = "Elixir.Gone#{System.unique_integer([:positive])}Live"
    size = byte_size("placeholder_atom_of_this_test")
    old = <<119, size>> <> "placeholder_atom_of_this_test"

    file =
      data
      |> :zlib.gunzip()
      |> :binary.replace(old, <<119, byte_size(unknown)>> <> unknown)
      |> members()

    assert {:ok, timeline} = Native.recording_open(file)
    assert {:ok, [{5, :custom, %{value: value}}]} = Native.timeline_events(timeline, 0, 1)
    assert to_string(value) =~ "Gone"
  end

  test "a long list that is built anew is compared exactly" do
    {session, id} = session()
    # Longer than a normal scheduler may look at, and nothing shared.
    assigns = fn last ->
      %{rows: for(n <- 1..20_000, do: %{n: n, at: [if(n < 20_000, do: 0.0, else: last)]})}
    end

    append = fn seen, next -> Native.append_assigns(session, seen, next, %{rows: true}) end
    :ok = Native.append_mount(session, assigns.(0.0))

    # What comes out the same is no event.
    for other <- [0.0, -0.0, 0, 0.5], do: :ok = append.(assigns.(0.0), assigns.(other))
    assert %{event_count: 4} = Native.session_summary(session)
    Native.session_remove(id)
  end

  defp session do
    id = "property-#{System.unique_integer([:positive])}"

    facts = %{
      view: SomeLive,
      connected_at: 1,
      url: nil,
      head: :erlang.term_to_binary(%{}),
      params: %{},
      session: %{}
    }

    {:ok, session} = Native.session_start(id, nil, facts, nil, %{max_events: 1_000})
    {session, id}
  end

  # The first two terms are a member of their own.
  defp members(bytes) do
    {_head, used} = :erlang.binary_to_term(bytes, [:used])

    {_summary, more} =
      :erlang.binary_to_term(binary_part(bytes, used, byte_size(bytes) - used), [:used])

    <<front::binary-size(used + more), rest::binary>> = bytes
    :zlib.gzip(front) <> :zlib.gzip(rest)
  end

  defp terms(""), do: []

  defp terms(bytes) do
    {term, used} = :erlang.binary_to_term(bytes, [:used])
    [term | terms(binary_part(bytes, used, byte_size(bytes) - used))]
  end

  # `==` takes 1 for 1.0 and 0.0 for -0.0.
  defp exactly(term), do: :erlang.term_to_binary(term, [:deterministic])
end
