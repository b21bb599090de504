defmodule PhoenixReplay.Dashboard.Options do
  @moduledoc false
  # What `phoenix_replay "/replay", opts` was given, checked while the host's router compiles.
  #
  # Everything here is plain data that can be written into compiled code: a capture is kept as
  # {module, function}.

  @schema NimbleOptions.new!(
            on_mount: [
              type: :any,
              default: [],
              doc:
                "`on_mount` hooks of your own, run before the dashboard's: a module, `{module, arg}` " <>
                  "or a list of these. They guard every page of the dashboard, frame included."
            ],
            authorize: [
              type: {:custom, __MODULE__, :check_authorize, []},
              default: nil,
              type_doc: "`t:module/0`, `{module, function}` or a capture",
              doc:
                "asked in addition to the `authorize` of the configuration: a capture such as " <>
                  "`&MyApp.Replays.allowed?/1`, `{module, function}` or a module with `authorize/1`, each " <>
                  "a function of the recording (without its events); or a module with `authorize/3`, see " <>
                  "below. What it refuses looks like what is not there."
            ],
            allow_destructive_actions: [
              type: :boolean,
              default: true,
              doc:
                "whether recordings can be deleted here, by those whom `authorize` lets; `false` for nobody."
            ],
            frame_layout: [
              type: {:custom, __MODULE__, :check_frame_layout, []},
              default: nil,
              type_doc: "`{module, template}` or `false`",
              doc:
                "root layout put around the replayed page, so that its stylesheets apply; of its scripts " <>
                  "only those run that it gives the frame's nonce, see below. By default the root layout " <>
                  "of the pipeline in front of the dashboard, of which none run; `false` for none."
            ],
            live_socket_path: [
              type: :string,
              default: "/live",
              doc: "where the endpoint mounts `Phoenix.LiveView.Socket`."
            ],
            as: [
              type: :atom,
              default: :phoenix_replay,
              doc:
                "name of the routes and of the `live_session`; give each its own where the dashboard is " <>
                  "mounted twice."
            ],
            csp_nonce_assign_key: [
              type: {:custom, __MODULE__, :check_nonce_key, []},
              default: %{script: nil, style: nil},
              type_doc: "`t:atom/0` or `%{script: atom, style: atom}`",
              doc: "key of `conn.assigns` that holds your Content Security Policy's nonce."
            ]
          )

  @enforce_keys [:path]
  defstruct [
    :path,
    :authorize,
    :frame_layout,
    :live_socket_path,
    :as,
    :csp_nonce_assign_key,
    allow_destructive_actions: true,
    on_mount: []
  ]

  @type t :: %__MODULE__{
          path: String.t(),
          authorize: nil | module | {module, atom},
          frame_layout: nil | false | {module, atom},
          live_socket_path: String.t(),
          as: atom,
          csp_nonce_assign_key: %{script: atom, style: atom},
          allow_destructive_actions: boolean,
          on_mount: [module | {module, term}]
        }

  @doc "The options in words, for the documentation of the router."
  @spec docs() :: String.t()
  def docs, do: NimbleOptions.docs(@schema)

  @doc """
  Checks options given for the dashboard at `path`, whose whole path in the router is `scoped_path`.

  Raises `ArgumentError` that names the option, what it got and what it takes.
  """
  @spec new!(String.t(), keyword, String.t()) :: t
  def new!(path, opts, scoped_path) do
    case NimbleOptions.validate(opts, @schema) do
      {:ok, checked} ->
        checked
        |> Keyword.update!(:on_mount, &List.wrap/1)
        |> Keyword.put(:path, String.trim_trailing(scoped_path, "/"))
        |> then(&struct!(__MODULE__, &1))

      {:error, error} ->
        raise ArgumentError, "phoenix_replay #{inspect(path)}: #{Exception.message(error)}"
    end
  end

  @doc false
  def check_authorize(nil), do: {:ok, nil}

  def check_authorize({module, function}) when is_atom(module) and is_atom(function),
    do: {:ok, {module, function}}

  def check_authorize(function) when is_function(function, 1) do
    case Function.info(function, :type) do
      {:type, :external} ->
        {:ok,
         {Function.info(function, :module) |> elem(1), Function.info(function, :name) |> elem(1)}}

      {:type, :local} ->
        {:error,
         "an anonymous function cannot be compiled into a router; give a capture of a named one, " <>
           "such as &MyApp.Replays.allowed?/1, {module, function} or a module with authorize/1"}
    end
  end

  def check_authorize(module) when is_atom(module) and not is_boolean(module), do: {:ok, module}

  def check_authorize(other) do
    {:error,
     "expected :authorize to be a capture of arity 1, {module, function} or a module with " <>
       "authorize/1 or authorize/3, got: #{inspect(other)}"}
  end

  @doc false
  def check_frame_layout(none) when none in [nil, false], do: {:ok, none}

  def check_frame_layout({module, template}) when is_atom(module) and is_atom(template),
    do: {:ok, {module, template}}

  def check_frame_layout({module, template}) when is_atom(module) and is_binary(template),
    do: {:ok, {module, String.to_atom(template)}}

  def check_frame_layout(other) do
    {:error,
     "expected :frame_layout to be {module, template}, such as {MyAppWeb.Layouts, :root}, or false, " <>
       "got: #{inspect(other)}"}
  end

  @doc false
  def check_nonce_key(key) when is_atom(key), do: {:ok, %{script: key, style: key}}

  def check_nonce_key(%{} = keys) do
    if Enum.all?(keys, fn {key, value} -> key in [:script, :style, :img] and is_atom(value) end),
      do: {:ok, Map.merge(%{script: nil, style: nil}, Map.take(keys, [:script, :style]))},
      else: nonce_key_error(keys)
  end

  def check_nonce_key(other), do: nonce_key_error(other)

  defp nonce_key_error(other) do
    {:error,
     "expected :csp_nonce_assign_key to be an atom or %{script: atom, style: atom}, " <>
       "got: #{inspect(other)}"}
  end
end
