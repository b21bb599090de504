defmodule PhoenixReplay.Dashboard.FrameScripts do
  @moduledoc false
  # Scripts of the host in a frame: those that its `frame_layout` gives the frame's nonce, no others. They
  # draw what the server did not, a chart or a custom element, and run behind ours, which hold the page still.
  #
  # What they could tell anyone is kept in: with them, a second policy lets pictures, styles and fonts come
  # from the host alone. To the host they cannot speak either, see `FramePolicy`.

  @script ~r{<script\b[^>]*>.*?</script\s*>}is
  @opening ~r{\A<script\b[^>]*>}i
  @head ~r{<head\b[^>]*>}i

  @policy "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; " <>
            "style-src 'self' 'unsafe-inline'"

  @doc "HTML without its scripts, and those of them that were given the nonce."
  @spec take(String.t(), String.t()) :: {String.t(), [String.t()]}
  def take(html, nonce) do
    asked? = fn script -> hd(Regex.run(@opening, script)) =~ ~s(nonce="#{nonce}") end
    scripts = @script |> Regex.scan(html) |> List.flatten()
    {without(html), Enum.filter(scripts, asked?)}
  end

  @doc "HTML without its scripts. The policy keeps them from running; left out, no browser complains about each."
  @spec without(String.t()) :: String.t()
  def without(html), do: String.replace(html, @script, "")

  @doc "What comes before a page with these scripts, their policy in it; `:error` where it has no head for it."
  @spec confine(String.t(), [String.t()]) :: {:ok, String.t()} | :error
  def confine(before, []), do: {:ok, before}

  def confine(before, _scripts) do
    if before =~ @head,
      do: {:ok, String.replace(before, @head, &(&1 <> meta()), global: false)},
      else: :error
  end

  defp meta, do: ~s(<meta http-equiv="Content-Security-Policy" content="#{@policy}">)
end
