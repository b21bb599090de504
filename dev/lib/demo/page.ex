defmodule PhoenixReplay.Demo.Page do
  @moduledoc """
  What a visitor's client held of one view, taken from the client itself, just before it left.

  `url` is the path and query the view was reached by, `html` the client's last HTML, `words` the
  size of the view's assigns in machine words, and `keystrokes` and `fields` what was typed.
  """
  defstruct [:visit, :view, :url, :html, :words, keystrokes: 0, fields: 0]

  @type t :: %__MODULE__{}

  @doc "Takes the page from a live view of `Phoenix.LiveViewTest`."
  def take(live, url, typed \\ []) do
    # The words are those of the process's own assigns: the recording is not asked.
    %{socket: socket} = :sys.get_state(live.pid)

    struct!(
      %__MODULE__{
        view: socket.view,
        url: url,
        html: Phoenix.LiveViewTest.render(live),
        words: :erts_debug.flat_size(socket.assigns)
      },
      typed
    )
  end
end
