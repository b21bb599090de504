defmodule PhoenixReplay.Migration do
  @moduledoc """
  Brings the assigns of an old recording to the shape that today's templates read.

  A recording is replayed by the templates of today. An assign that they read and the recording lacks is
  `nil` there, and named on the page; where that does not do, as where a number became a struct, a
  module of yours says what the assigns would be today:

      defmodule MyApp.ReplayMigration do
        @behaviour PhoenixReplay.Migration

        # A total was a number of cents.
        @impl true
        def migrate(MyAppWeb.CartLive, %{total: cents} = assigns, _facts) when is_integer(cents),
          do: %{assigns | total: Money.new(cents, :EUR)}

        # A badge had one colour before 2.0.
        def migrate({MyAppWeb.Badge, _id}, assigns, _facts),
          do: Map.put_new(assigns, :colour, "grey")

        def migrate(_other, assigns, _facts), do: assigns
      end

      # config/config.exs
      config :phoenix_replay, migration: MyApp.ReplayMigration

  It is called in replays alone, for each moment that is shown, with the view and with each LiveComponent that
  was on the page; the recording stays as it is, and so does what the State tab shows of it. Recordings of
  today come by as well, so go by what is in the assigns, or by `facts.changed?`. What a sanitizer took out is
  `"[FILTERED]"`, and what LiveView keeps among the assigns itself is not there: flash, streams and
  uploads replay as they were.

  It runs in the process of the frame that shows the replay. Where it raises, the frame says so in the place of
  the page, and the other moments play.
  """

  @typedoc """
  What is known of the code that recorded these assigns.

    * `:view` - the view of the recording
    * `:changed?` - whether the code of the module the assigns are of is known to be another today
    * `:md5` - what it was then, as of `module.module_info(:md5)`, `nil` where that is not known
    * `:release` - the release's version (`RELEASE_VSN`), `nil` where there was none
    * `:versions` - of Phoenix, LiveView and PhoenixReplay, as `%{phoenix_live_view: "1.2.10"}`
    * `:connected_at` - when the session began, in Unix milliseconds
  """
  @type facts :: %{
          view: module | String.t(),
          changed?: boolean,
          md5: binary | nil,
          release: String.t() | nil,
          versions: %{atom => String.t()},
          connected_at: integer | nil
        }

  @doc """
  The assigns of a view, or of the component `{module, id}`, as today's templates read them.
  """
  @callback migrate(view_or_component :: module | {module, id :: term}, assigns :: map, facts) ::
              map
end
