defmodule PhoenixReplay.Demo.Once do
  @moduledoc """
  `bin/demo --once`: records scripted visits, waits until they are stored, replays each to its last
  state and compares that with the HTML the live client held last. The main job, without a browser.
  """
  alias PhoenixReplay.Demo
  alias PhoenixReplay.Demo.{Comparison, Complaints, Stored, Visitor, Visits}

  # With these between two keystrokes the README's form session takes its thirty seconds.
  @pace_ms 138
  @form_session_bytes 8 * 1024

  @doc "Does it, printing as it goes. True when all that is promised was so."
  @spec run(String.t()) :: boolean
  def run(recordings) do
    :ok = Complaints.listen()
    {:ok, _demo} = Demo.start(recordings: recordings, server: false)
    IO.puts("Recording scripted visits of the demo, typed at a person's pace (about 30 s) ...")
    started = System.monotonic_time(:millisecond)

    with {:ok, pages} <- Visits.make(Visitor.visits(), @pace_ms),
         {:ok, stored} <- Visits.await_stored(pages) do
      seconds = seconds(System.monotonic_time(:millisecond) - started)
      stored = Enum.map(stored, fn {page, summary} -> Stored.read(page, summary, recordings) end)

      IO.puts("Recorded and stored #{length(stored)} sessions in #{seconds} s:\n")
      Enum.each(stored, &print_session/1)
      # Every check is made and printed, whether or not one before it failed.
      close([form_session?(stored), nothing_secret?(stored), quiet?() | replays(stored)])
    else
      {:error, reason} ->
        IO.puts("Failed: #{reason}")
        close([false])
    end
  end

  defp close(checks) do
    passed = Enum.count(checks, & &1)
    IO.puts("\n#{passed} passed, #{length(checks) - passed} failed")
    Enum.all?(checks)
  end

  defp print_session(%Stored{page: page, summary: summary, bytes: bytes}) do
    IO.puts(
      row([
        {short(page.view), 13},
        {page.url, 28},
        {"#{summary.event_count} events", -11},
        {"#{seconds(summary.duration_ms)} s", -8},
        {"#{bytes} bytes", -13}
      ])
    )
  end

  defp form_session?(stored) do
    %Stored{page: page, summary: summary, bytes: bytes} =
      Enum.find(stored, &(&1.page.visit == :form))

    ok? = bytes in 1..@form_session_bytes and summary.event_count in 360..440

    IO.puts("""

    The README's form session: #{page.fields} fields, #{page.keystrokes} keystrokes, assigns of #{page.words} words:
      #{summary.event_count} events in #{seconds(summary.duration_ms)} s are #{bytes} bytes on disk, \
    promised are about 400 and at most #{@form_session_bytes}: #{verdict(ok?, "kept", "BROKEN")}
    """)

    ok?
  end

  defp replays(stored) do
    IO.puts("\nReplayed to the last state, beside the HTML the live client held last:\n")
    Enum.map(stored, &replays_as_it_was?/1)
  end

  defp replays_as_it_was?(%Stored{page: page} = stored) do
    case Stored.replay_last(stored) do
      {:ok, html} ->
        comparison = Comparison.new(page.html, html)
        equal? = Comparison.equal?(comparison)

        IO.puts(
          row([
            {short(page.view), 13},
            {page.url, 28},
            {"live #{byte_size(comparison.live)} bytes", -18},
            {"replayed #{byte_size(comparison.replayed)} bytes", -22},
            {verdict(equal?, "equal", "DIFFERENT"), -11}
          ])
        )

        unless equal?, do: IO.puts("    #{Comparison.difference(comparison)}")
        equal?

      {:error, failure} ->
        IO.puts("  #{short(page.view)} at #{page.url} does not replay: #{failure.message}")
        false
    end
  end

  defp nothing_secret?(stored) do
    leaks =
      for secret <- Visitor.secrets(),
          one <- stored,
          Stored.contains?(one, secret),
          do: "#{inspect(secret)} in the recording of #{one.page.url}"

    IO.puts("Passwords typed in the visits and found in the recordings: #{length(leaks)}")
    Enum.each(leaks, &IO.puts("  #{&1}"))
    leaks == []
  end

  defp quiet? do
    IO.puts("Errors logged meanwhile: #{length(Complaints.heard())}")
    Enum.each(Complaints.heard(), &IO.puts("  #{&1}"))
    Complaints.heard() == []
  end

  defp verdict(true, yes, _no), do: yes
  defp verdict(false, _yes, no), do: no

  defp row(cells), do: "  " <> Enum.map_join(cells, fn {text, width} -> pad(text, width) end)
  defp pad(text, width) when width < 0, do: String.pad_leading(text, -width)
  defp pad(text, width), do: String.pad_trailing(text, width)

  defp short(view), do: view |> Module.split() |> List.last()
  defp seconds(ms), do: :erlang.float_to_binary(ms / 1000, decimals: 1)
end
