defmodule PhoenixReplay.Replay.Element do
  @moduledoc false
  # What `live_render` leaves in a page: an empty element whose signed session the client would join. In
  # text and in attribute values a quote would be escaped, so the host's own words are never taken for one.

  alias Phoenix.LiveView.Rendered

  @session ~s(data-phx-session=")

  @doc "Whether there is such an element in it."
  @spec nested?(String.t()) :: boolean
  def nested?(html), do: String.contains?(html, @session)

  @doc "The DOM id, `nil` where there is none."
  @spec id(String.t()) :: String.t() | nil
  def id(html) do
    case Regex.run(~r/\sid="([^"]*)"/, html) do
      [_match, id] -> unescaped(id)
      nil -> nil
    end
  end

  @doc """
  Where it is such an element and nothing else: its DOM id, and the tags before and behind what is in it.
  They say nothing any more that the client would join it by.
  """
  @spec parse(String.t()) :: {:ok, String.t(), String.t(), String.t()} | :error
  def parse(html) do
    with [_all, start, _name, stop] <- Regex.run(~r/\A(<([\w-]+)\s[^<>]*>)(<\/\2>)\z/, html),
         id when id != nil <- id(start) do
      {:ok, id, inert(start), stop}
    else
      _other -> :error
    end
  end

  defp inert(start),
    do: String.replace(start, ~r/\sdata-phx-(session|static|parent-id|sticky)(="[^"]*")?/, "")

  @doc "The page of a nested LiveView, forced, in its element."
  @spec around(Rendered.t(), String.t(), String.t()) :: Rendered.t()
  def around(%Rendered{} = page, before, behind) do
    %Rendered{
      static: [before, behind],
      dynamic: fn _track? -> [page] end,
      # What LiveView and `Step` tell templates apart by. Of two elements with the same tags either may do.
      fingerprint: :erlang.phash2({__MODULE__, before, behind}, 4_294_967_296),
      root: false
    }
  end

  # As `Phoenix.HTML` escapes them; what it makes last is undone last.
  defp unescaped(text) do
    for {escaped, plain} <- [
          {"&quot;", "\""},
          {"&#39;", "'"},
          {"&lt;", "<"},
          {"&gt;", ">"},
          {"&amp;", "&"}
        ],
        reduce: text,
        do: (text -> String.replace(text, escaped, plain))
  end
end
