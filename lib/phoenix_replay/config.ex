defmodule PhoenixReplay.Config do
  @schema [
    max_events: [
      type: :pos_integer,
      default: 10_000,
      type_doc: "a positive integer",
      doc: "Events recorded per session. Further ones are dropped; the recording is kept."
    ],
    max_session_bytes: [
      type: {:custom, PhoenixReplay.Config.Types, :session_bytes, []},
      default: 16 * 1024 * 1024,
      type_doc: "a number of bytes from 1 to 64 MB (67_108_864)",
      doc:
        "Bytes of events per session, before compression. The first event that does not fit ends the " <>
          "recording as truncated; what is there is kept."
    ],
    max_memory: [
      type: {:or, [:non_neg_integer, nil]},
      default: 256 * 1024 * 1024,
      type_doc: "a number of bytes, or `nil` for no limit",
      doc:
        "Bytes of events in memory, of all sessions together (`PhoenixReplay.info/0`), from which on no " <>
          "new session is recorded. Those that run go on, each up to its `max_session_bytes`."
    ],
    sample_rate: [
      type: {:custom, PhoenixReplay.Config.Types, :sample_rate, []},
      default: 1.0,
      type_doc:
        "a number from 0.0 to 1.0, a function of three arguments, or `{module, function}`",
      doc:
        "The part of sessions that is recorded, or what decides it: called once as a LiveView mounts, " <>
          "with `(params, session, socket)`, it returns a rate or a boolean. See `PhoenixReplay.Recorder`."
    ],
    keep: [
      type: {:custom, PhoenixReplay.Config.Types, :keep, []},
      default: nil,
      type_doc:
        "`[errors: boolean, slower_than: milliseconds, rate: 0.0 to 1.0]`, all optional, the milliseconds from 100, or `nil`",
      doc:
        "Which sessions become recordings, decided when they have ended: those that met an error (`errors`, " <>
          "`true` where it is left out), those in which a callback or a render took longer than `slower_than`, and " <>
          "of the others the part `rate` (0.0 where it is left out). `nil` keeps all. See `PhoenixReplay.Recorder`."
    ],
    metadata: [
      type: {:custom, PhoenixReplay.Config.Types, :metadata, []},
      default: nil,
      type_doc:
        "a function of two arguments, `{module, function}`, or a module with `metadata/2`",
      doc:
        "Facts about a session to find its recording by: called once, when a LiveView has mounted, with " <>
          "`(session, socket)`, it returns a map as `PhoenixReplay.put_metadata/2` takes it."
    ],
    sanitizer: [
      type: {:custom, PhoenixReplay.Config.Types, :sanitizer, []},
      default: PhoenixReplay.Sanitizer,
      type_doc: "a module with the behaviour `PhoenixReplay.Sanitizer`",
      doc: "What decides which values are recorded."
    ],
    migration: [
      type: {:custom, PhoenixReplay.Config.Types, :migration, []},
      default: nil,
      type_doc: "a module with the behaviour `PhoenixReplay.Migration`, or `nil`",
      doc: "What brings the assigns of old recordings to the shape that today's templates read."
    ],
    filter_keys: [
      type: {:list, {:or, [:string, :atom]}},
      default: [],
      type_doc: "a list of names, strings or atoms",
      doc:
        "Further names of sensitive fields for the default sanitizer: `[\"iban\"]` hides `:iban` and `\"user_iban\"`."
    ],
    logs: [
      type: {:custom, PhoenixReplay.Config.Types, :logs, []},
      default: false,
      type_doc: "`[level: level, limit: pos_integer]`, both optional, or `false`",
      doc:
        "Records what recorded LiveViews log, and tasks they start, from a level on (`:error` by default): " <>
          "up to `limit` errors of each session (200 by default) and as many lines below that. Read at " <>
          "boot. See `PhoenixReplay.Recorder`."
    ],
    collect: [
      type: {:custom, PhoenixReplay.Config.Types, :collect, []},
      default: [],
      type_doc: "a list of telemetry events, each a list of atoms",
      doc:
        "Telemetry events to record with the sessions they belong to: `[[:my_app, :checkout, :stop], [:my_app, :repo, :query]]`. " <>
          "Up to 1,000 of each session. Read at boot. See `PhoenixReplay.Recorder`."
    ],
    max_recordings: [
      type: {:or, [:non_neg_integer, nil]},
      default: 1_000,
      type_doc: "a non-negative integer, or `nil` for no limit",
      doc: "How many recordings are kept. The oldest go first."
    ],
    max_recording_age_ms: [
      type: {:or, [:non_neg_integer, nil]},
      default: 7 * 24 * 60 * 60 * 1000,
      type_doc: "a number of milliseconds, or `nil` for no limit",
      doc: "How old a recording may become, counted from when its session connected."
    ],
    max_bytes: [
      type: {:or, [:non_neg_integer, nil]},
      default: nil,
      type_doc: "a number of bytes, or `nil` for no limit",
      doc:
        "How many bytes all recordings take in storage together. The oldest go first; pinned ones neither " <>
          "go nor count, for this limit and the two above."
    ],
    cleanup_interval_ms: [
      type: :pos_integer,
      default: 60 * 60 * 1000,
      type_doc: "a positive number of milliseconds",
      doc:
        "How often retention runs, and how often all is tried at once that could not be saved before."
    ],
    persistence_retry_attempts: [
      type: :non_neg_integer,
      default: 3,
      type_doc: "a non-negative integer",
      doc:
        "How often saving an ended session is tried in a row, at least once. Then it stays in memory, and one of " <>
          "those that do tries again after a second or more, twice as much each time up to half a minute, " <>
          "until storage takes it and the others after it."
    ],
    persistence_retry_delay_ms: [
      type: :non_neg_integer,
      default: 1_000,
      type_doc: "a number of milliseconds",
      doc:
        "How long to wait before the second of these attempts, and twice as long before each further one."
    ],
    flush: [
      type: {:custom, PhoenixReplay.Config.Types, :flush, []},
      default: [events: 200, interval_ms: 5_000],
      type_doc: "`[events: pos_integer, interval_ms: pos_integer]`, or `false`",
      doc:
        "When what a running session has recorded is written to storage: after so many events, and at " <>
          "the latest after so many milliseconds. A node that is killed loses no more than that; the " <>
          "next start, of it or of another node with the same storage, makes recordings of what is " <>
          "there. `false` keeps running sessions in memory only."
    ],
    storage: [
      type: {:custom, PhoenixReplay.Config.Types, :storage, []},
      default: PhoenixReplay.Storage.File,
      type_doc: "a module with the behaviour `PhoenixReplay.Storage`",
      doc: "Where recordings are kept."
    ],
    storage_opts: [
      type: :keyword_list,
      default: [path: "priv/replay_recordings", format: :etf],
      type_doc: "a keyword list as the storage documents it",
      doc:
        "Options of the storage, see `PhoenixReplay.Storage.File`, whose default this is; another has `[]`."
    ],
    pubsub: [
      type: :atom,
      default: nil,
      type_doc: "the name of a `Phoenix.PubSub`, or `nil`",
      doc:
        "By which nodes tell each other of running sessions, so that the dashboard of one shows those of " <>
          "all: `MyApp.PubSub`. Without it, those of its own node."
    ],
    authorize: [
      type: {:custom, PhoenixReplay.Config.Types, :authorize, []},
      default: nil,
      type_doc:
        "a function of one argument, `{module, function}`, or a module with `authorize/1`",
      doc:
        "Gets a `%PhoenixReplay.Recording{}` without params, session and events, and says whether it " <>
          "may be seen. Recordings it refuses look as if they were not there. The default allows all."
    ]
  ]

  @moduledoc """
  The configuration of PhoenixReplay.

      config :phoenix_replay,
        max_events: 5_000,
        storage_opts: [path: "/var/lib/my_app/recordings", format: :etf]

  Every key is optional:

  #{NimbleOptions.docs(@schema)}

  The application does not start with a key that is unknown or of the wrong type; the message names
  the key, what it got and what it takes. Keys that are modules are left alone, for that is how other
  libraries keep theirs under an application (`config :phoenix_replay, MyEndpoint, ...`).

  Configuration is read when a session starts or a call is made, so a test may change it with
  `Application.put_env/3`. It is never read per event.
  """

  alias PhoenixReplay.Storage.Configured

  @defaults Map.new(@schema, fn {key, spec} -> {key, spec[:default]} end)
  @keys Keyword.keys(@schema)

  # Put there by OTP, not by anyone's configuration.
  @of_otp [:included_applications]

  @doc """
  The value of a key as it is now, or its default.

  ## Examples

      iex> PhoenixReplay.Config.get(:persistence_retry_attempts)
      3
  """
  @spec get(atom) :: term
  def get(:storage_opts), do: storage_opts(Application.get_all_env(:phoenix_replay))

  def get(key) when is_map_key(@defaults, key),
    do: Application.get_env(:phoenix_replay, key, Map.fetch!(@defaults, key))

  @doc false
  def keys, do: @keys

  @doc false
  # What a key takes, in the words of the documentation.
  def takes(key), do: @schema[key][:type_doc]

  @doc """
  Checks a configuration, by default the application's own.

  Raises `ArgumentError` with every key that is wrong.

  ## Examples

      iex> PhoenixReplay.Config.validate!(max_events: 10)
      :ok
      iex> PhoenixReplay.Config.validate!(max_events: 0)
      ** (ArgumentError) the configuration of :phoenix_replay is wrong:
        * max_events: got 0, takes a positive integer
  """
  @spec validate!(keyword) :: :ok
  def validate!(config \\ Application.get_all_env(:phoenix_replay)) do
    config = Enum.reject(config, fn {key, _value} -> key in @of_otp or module?(key) end)

    case Enum.flat_map(config, &problem/1) ++ storage_problem(config) do
      [] -> :ok
      problems -> raise ArgumentError, message(problems)
    end
  end

  defp module?(key), do: match?("Elixir." <> _name, Atom.to_string(key))

  defp problem({key, value}) when key in @keys do
    case NimbleOptions.validate([{key, value}], [{key, @schema[key]}]) do
      {:ok, _valid} -> []
      {:error, error} -> ["#{key}: got #{inspect(value)}#{why(error)}, takes #{takes(key)}"]
    end
  end

  defp problem({key, value}), do: ["#{key}: unknown, got #{inspect(value)}#{meant(key)}"]

  # Why a module will not do. Of any other value, what the key takes says it.
  defp why(%{message: message}) do
    case String.split(message, " option: ", parts: 2) do
      [_which, "(" <> _text = reason] -> " " <> reason
      _none -> ""
    end
  end

  # Nearly everything unknown is a key with a letter too many or too few.
  defp meant(key) do
    like = Enum.max_by(@keys, &likeness(&1, key))

    if likeness(like, key) > 0.85,
      do: "; did you mean #{like}?",
      else: "; the keys are #{Enum.join(@keys, ", ")}"
  end

  defp likeness(one, other),
    do: String.jaro_distance(Atom.to_string(one), Atom.to_string(other))

  # The options belong to the storage, so the storage says what it takes.
  defp storage_problem(config) do
    storage = Keyword.get(config, :storage, @defaults.storage)
    opts = storage_opts(config)

    with true <- Configured.storage?(storage) and Keyword.keyword?(opts),
         {:error, message} <- Configured.validate(storage, opts) do
      ["storage_opts: got #{inspect(opts)}, #{message}"]
    else
      _valid_or_reported_already -> []
    end
  end

  # The default is that of the default storage, and another knows nothing of it.
  defp storage_opts(config) do
    storage = Keyword.get(config, :storage, @defaults.storage)
    none = if storage == @defaults.storage, do: @defaults.storage_opts, else: []
    Keyword.get(config, :storage_opts, none)
  end

  defp message(problems) do
    "the configuration of :phoenix_replay is wrong:" <> Enum.map_join(problems, &"\n  * #{&1}")
  end
end
