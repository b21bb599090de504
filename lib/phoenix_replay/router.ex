defmodule PhoenixReplay.Router do
  @moduledoc """
  Mounts the dashboard in a Phoenix router.

      defmodule MyAppWeb.Router do
        use MyAppWeb, :router
        import PhoenixReplay.Router

        scope "/" do
          pipe_through [:browser, :require_admin]
          phoenix_replay "/replay"
        end
      end

  Recordings hold what your users saw, so put it behind the authentication of your own.
  """

  alias PhoenixReplay.Dashboard

  @doc """
  Mounts the list of recordings at `path` and the player at `path/:id`.

  It goes through the pipelines of the scope it is called in and changes none of them; the frame in which
  a page is replayed is answered with a Content Security Policy of its own. It defines `live_session`s, so
  it cannot be called inside one.

  ## Options

  #{Dashboard.Options.docs()}

  Wrong options raise `ArgumentError` while the router compiles.

  ## Who may do what

  A function of the recording says which recordings there are for this viewer. A module with `authorize/3`
  is asked about each action, with the socket, in which your `on_mount` hooks have put who it is:

      defmodule MyAppWeb.ReplayPolicy do
        def authorize(:clear, nil, _socket), do: false
        def authorize(action, _recording, socket) when action in [:delete, :pin],
          do: socket.assigns.current_user.admin?
        def authorize(_action, _recording, _socket), do: true
      end

  | action | subject | |
  |---|---|---|
  | `:list` | `nil` | to have a list at all |
  | `:view` | the recording | to see that it is there: in lists, counts, suggestions, hits, live, and to play it |
  | `:search` | `nil` | to search inside recordings, those that may be viewed |
  | `:pin`, `:download` | the recording | |
  | `:delete` | the recording | to delete it, by itself or with all that match |
  | `:clear` | `nil` | to delete all that match, of which each is asked about as well |

  A recording comes without its events. What is refused looks like what is not there, and so does what
  raises. Who asks often, asks cheaply: a page of the list asks about each recording on it.
  `allow_destructive_actions: false` turns `:delete` and `:clear` off whoever asks. What people do is told
  as `[:phoenix_replay, :dashboard, :action]`, see `PhoenixReplay.Telemetry`.

  ## Scripts in a replayed page

  What the browser itself draws on a page, a chart or a custom element, takes a script of yours. A
  `frame_layout` gets the assign `@replay_nonce`, and of its scripts those run that it gives it:

      <script defer nonce={@replay_nonce} src={~p"/assets/replay.js"}></script>

  Not the one that connects your pages: the frame has its own LiveView client. Hooks are handed to that by name:

      window.phoenixReplayHooks = {Chart: {mounted() { draw(this.el) }, updated() { draw(this.el) }}}

  Hooks that are not there do nothing. Nothing such a script does reaches your application: an event it pushes
  ends in the frame, a request is refused by the frame's policy. A frame with scripts shows pictures, styles and
  fonts of your own host alone.

  Without `authorize` and `on_mount`, a host compiled for `:prod` warns of it once when it boots.

  ## Examples

      phoenix_replay "/replay"

      phoenix_replay "/support/replay",
        as: :support_replay,
        on_mount: [MyAppWeb.SupportAuth],
        authorize: &MyApp.Replays.allowed?/1,
        frame_layout: {MyAppWeb.Layouts, :root}
  """
  defmacro phoenix_replay(path, opts \\ []) do
    opts = expand_aliases(opts, __CALLER__)

    quote bind_quoted: [path: path, opts: opts] do
      options =
        Dashboard.Options.new!(path, opts, Phoenix.Router.scoped_path(__MODULE__, path))

      Module.register_attribute(__MODULE__, :phoenix_replay, accumulate: true, persist: true)
      @phoenix_replay Dashboard.Unguarded.mark(options)

      {pages, frame, route} = Dashboard.Routes.options(options)

      scope path, alias: false, as: false do
        import Phoenix.LiveView.Router, only: [live: 4, live_session: 3]

        live_session options.as, pages do
          live "/", Dashboard.ListLive, :index, route
          live "/:id", Dashboard.PlayerLive, :show, route
        end

        # The policy must be the last to speak, so it follows the pipelines of the host.
        scope "/", alias: false, as: false do
          pipe_through Dashboard.FramePolicy

          live_session :"#{options.as}_frame", frame do
            live "/:id/frame", Dashboard.FrameLive, :show, route
          end
        end

        get "/:id/download", Dashboard.Download, :show, as: :"#{options.as}_download"
        get "/assets/:file", Dashboard.Assets, :serve, as: :"#{options.as}_asset", log: false
      end
    end
  end

  # Modules in the options are needed when a request comes, not when the router is compiled: without this
  # the router would be compiled again with each change of one of them.
  defp expand_aliases(opts, caller) do
    if Macro.quoted_literal?(opts) do
      Macro.prewalk(opts, fn
        {:__aliases__, _, _} = alias ->
          Macro.expand(alias, %{caller | function: {:phoenix_replay, 2}})

        other ->
          other
      end)
    else
      opts
    end
  end
end
