defmodule PhoenixReplay.Dashboard.Format do
  @moduledoc false
  # Numbers and names as a person reads them.

  @second 1_000
  @minute 60 * @second
  @hour 60 * @minute
  @day 24 * @hour
  # Longer ago, the year is told.
  @most_days 300 * @day

  @doc """
  A length of time as a clock shows it.

      iex> PhoenixReplay.Dashboard.Format.clock(74_000)
      "1:14"
      iex> PhoenixReplay.Dashboard.Format.clock(3_725_000)
      "1:02:05"
  """
  @spec clock(non_neg_integer) :: String.t()
  def clock(ms) when ms >= @hour,
    do: "#{div(ms, @hour)}:#{two(rem(div(ms, @minute), 60))}:#{two(rem(div(ms, @second), 60))}"

  def clock(ms), do: "#{div(ms, @minute)}:#{two(rem(div(ms, @second), 60))}"

  @doc """
  A moment of a recording, to the hundredth of a second.

      iex> PhoenixReplay.Dashboard.Format.moment(9_240)
      "0:09.24"
  """
  @spec moment(non_neg_integer) :: String.t()
  def moment(ms), do: "#{clock(ms)}.#{two(div(rem(ms, @second), 10))}"

  @doc """
  How long ago something was, and past a day on which; at what time is what `daytime/2` says.

      iex> PhoenixReplay.Dashboard.Format.ago(1_700_000_000_000, 1_700_000_120_000)
      "2 min ago"
      iex> PhoenixReplay.Dashboard.Format.ago(1_700_000_000_000, 1_700_100_000_000)
      "14 Nov"
  """
  @spec ago(integer, integer) :: String.t()
  def ago(at, now) when now - at < @minute, do: "just now"
  def ago(at, now) when now - at < @hour, do: "#{div(now - at, @minute)} min ago"
  def ago(at, now) when now - at < @day, do: "#{div(now - at, @hour)} h ago"

  def ago(at, now) do
    form = if now - at < @most_days, do: "%-d %b", else: "%-d %b %Y"
    utc(at, &Calendar.strftime(&1, form))
  end

  @doc """
  The time of day, where that belongs to the day that `ago/2` says; else `nil`.

      iex> PhoenixReplay.Dashboard.Format.daytime(1_700_000_000_000, 1_700_100_000_000)
      "22:13"
  """
  @spec daytime(integer, integer) :: String.t() | nil
  def daytime(at, now) when now - at >= @day and now - at < @most_days,
    do: utc(at, &Calendar.strftime(&1, "%H:%M"))

  def daytime(_at, _now), do: nil

  @doc "A point in time in full, in UTC."
  @spec at(integer) :: String.t()
  def at(ms), do: utc(ms, &Calendar.strftime(&1, "%-d %B %Y, %H:%M:%S UTC"))

  @doc "A point in time for machines."
  @spec iso(integer) :: String.t()
  def iso(ms), do: utc(ms, &DateTime.to_iso8601/1)

  # A file from elsewhere may say any number, and a list shows it with the others.
  defp utc(ms, form) do
    case DateTime.from_unix(ms, :millisecond) do
      {:ok, time} -> form.(time)
      {:error, :invalid_unix_time} -> "#{count(ms)} ms"
    end
  end

  @doc """
  A whole number with its thousands apart.

      iex> PhoenixReplay.Dashboard.Format.count(12_402)
      "12,402"
  """
  @spec count(integer) :: String.t()
  def count(number) do
    number
    |> Integer.to_string()
    |> String.replace(~r/\B(?=(\d{3})+\z)/, ",")
  end

  @doc """
  A number of things, in words.

      iex> PhoenixReplay.Dashboard.Format.counted(1, "assign")
      "1 assign"
      iex> PhoenixReplay.Dashboard.Format.counted(2_000, "assign")
      "2,000 assigns"
  """
  @spec counted(integer, String.t()) :: String.t()
  def counted(1, thing), do: "1 #{thing}"
  def counted(number, thing), do: "#{count(number)} #{thing}s"

  @doc """
  A view's name in two parts: the application's namespace, and what tells views apart.

      iex> PhoenixReplay.Dashboard.Format.view(MyAppWeb.CartLive.Index)
      {"MyAppWeb.", "CartLive.Index"}
  """
  @spec view(module | String.t() | nil) :: {String.t(), String.t()}
  def view(nil), do: {"", "unknown view"}
  def view(view) when is_atom(view), do: view |> inspect() |> view()

  def view(name) do
    case name |> String.trim_leading("Elixir.") |> String.split(".", parts: 2) do
      [namespace, rest] -> {namespace <> ".", rest}
      [name] -> {"", name}
    end
  end

  @doc """
  What follows the host in a URL, as a page's address bar would show it here.

      iex> PhoenixReplay.Dashboard.Format.page("https://example.com/cart?step=2")
      "/cart?step=2"
  """
  @spec page(String.t() | nil) :: String.t()
  def page(nil), do: ""
  def page(url), do: String.replace(url, ~r{\A[a-z]+://[^/]*}, "")

  @who ~w(user email user_id account account_id customer customer_id name)

  @doc """
  Who somebody was, from the metadata: what a host is likely to call it, else the visit, in short.

      iex> PhoenixReplay.Dashboard.Format.who(%{"user_id" => 981, "plan" => "gold"})
      "user 981"
      iex> PhoenixReplay.Dashboard.Format.who(%{"visit" => "x8Qmk2fP9aaa"})
      "visit x8Qmk2"
      iex> PhoenixReplay.Dashboard.Format.who(%{})
      nil
  """
  @spec who(map) :: String.t() | nil
  def who(metadata) do
    case identity(metadata) do
      nil -> nil
      {"visit", visit} -> "visit " <> String.slice(visit, 0, 6)
      {name, value} -> named(name, value)
    end
  end

  @doc "The fact of the metadata that tells whose a session was, as `{name, value}`; else the visit."
  @spec identity(map) :: {String.t(), term} | nil
  def identity(metadata) do
    Enum.find_value(@who, visit(metadata), fn name ->
      if metadata[name] not in [nil, ""], do: {name, metadata[name]}
    end)
  end

  defp visit(%{"visit" => visit}) when is_binary(visit), do: {"visit", visit}
  defp visit(_metadata), do: nil

  # A number says nothing without what it is a number of.
  defp named(name, value) when is_integer(value),
    do: String.replace_suffix(name, "_id", "") <> " #{value}"

  defp named(_name, value), do: to_string(value)

  @doc """
  How long something took, from microseconds.

      iex> PhoenixReplay.Dashboard.Format.short_time(1_240)
      "1.2 ms"
      iex> PhoenixReplay.Dashboard.Format.short_time(130_400)
      "130 ms"
  """
  @spec short_time(non_neg_integer) :: String.t()
  def short_time(us) when us < 10_000, do: "#{Float.round(us / 1_000, 1)} ms"
  def short_time(us), do: "#{round(us / 1_000)} ms"

  @doc "A size in bytes."
  @spec bytes(non_neg_integer) :: String.t()
  def bytes(bytes) when bytes < 1_000, do: "#{bytes} B"
  def bytes(bytes) when bytes < 1_000_000, do: "#{Float.round(bytes / 1_000, 1)} KB"
  def bytes(bytes), do: "#{Float.round(bytes / 1_000_000, 1)} MB"

  @doc "A term as Elixir writes it, cut where it is long."
  @spec term(term) :: String.t()
  def term(term) do
    inspect(term, pretty: true, width: 48, limit: 60, printable_limit: 2_000)
  end

  @doc """
  A text as it is, and what is none as Elixir writes it: a file from elsewhere may hold any term in the
  place of any other.

      iex> PhoenixReplay.Dashboard.Format.text("Ann")
      "Ann"
      iex> PhoenixReplay.Dashboard.Format.text(<<255>>)
      "<<255>>"
  """
  @spec text(term) :: String.t()
  def text(value),
    do: if(is_binary(value) and String.valid?(value), do: value, else: term(value))

  @doc "A key of a map, an atom without its colon."
  @spec key(term) :: String.t()
  def key(key) when is_atom(key), do: Atom.to_string(key)
  def key(key), do: text(key)

  @doc "A term on one line, in short."
  @spec brief(term) :: String.t()
  def brief(term) do
    text = inspect(term, limit: 6, printable_limit: 60, width: :infinity)
    if String.length(text) > 90, do: String.slice(text, 0, 89) <> "…", else: text
  end

  defp two(number), do: number |> Integer.to_string() |> String.pad_leading(2, "0")
end
