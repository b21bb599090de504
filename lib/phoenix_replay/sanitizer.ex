defmodule PhoenixReplay.Sanitizer do
  @moduledoc """
  Decides what is recorded: the behaviour, and the default.

  The default runs inside the NIF, on the way into the recording, so that what it strips is never
  copied. It

    * drops LiveView's own keys from the assigns, at their top level: `:__changed__`, `:flash`,
      `:uploads`, `:streams`, `:socket`, `:myself`;
    * strips sensitive fields at any depth of assigns, params, session and URLs: from a map the key
      goes, in a struct or a keyword list the value becomes `"[FILTERED]"`;
    * compacts forms, changesets and Ecto structs to what templates read.

  A key, atom or string, is sensitive when it contains `password`, or is or ends in `token`,
  `csrf_token`, `secret`, `api_key`, `private_key`, `authorization`, `cookie`, `credential`,
  `credentials`, `card_number`; in params also `cvv`, `cvc`, `ssn`, `otp`, `pin`. So `access_token` goes
  and `token_count` stays. What you configured as `config :phoenix, :filter_parameters` counts too, by
  Phoenix's rule (its `{:keep, ...}` form for params only), and so do the names in `filter_keys`.

  ## Your own

      defmodule MyApp.ReplaySanitizer do
        @behaviour PhoenixReplay.Sanitizer

        @impl true
        def sanitize_assigns(assigns) do
          assigns |> Map.drop([:internal_notes]) |> PhoenixReplay.Sanitizer.sanitize_assigns()
        end

        @impl true
        def sanitize_delta(changed, assigns) do
          changed |> Map.drop([:internal_notes]) |> PhoenixReplay.Sanitizer.sanitize_delta(assigns)
        end
      end

      config :phoenix_replay, sanitizer: MyApp.ReplaySanitizer

  Your module is called in the LiveView process and gets the assigns as they are. If it raises, the
  LiveView goes on and the recording says what it lost. URLs always go through the default.
  """

  alias PhoenixReplay.{Config, Native}
  alias PhoenixReplay.Sanitizer.FilterParameters

  @doc "All assigns of a view, as they are recorded when it mounts."
  @callback sanitize_assigns(assigns :: map) :: map

  @doc """
  The assigns that changed: `changed` is LiveView's `__changed__` map, whose keys are the names of
  what changed, `assigns` are all assigns. Returns the changed keys with their new values.
  """
  @callback sanitize_delta(changed :: map, assigns :: map) :: map

  @doc "Params of an event or of the URL, and the session. Without it they go through `c:sanitize_assigns/1`."
  @callback sanitize_params(params :: map) :: map

  @optional_callbacks sanitize_params: 1

  @behaviour __MODULE__

  @doc """
  Strips a map of assigns as the default does: the keys of plain maps go, and what a recording holds no
  more than a placeholder of (pids, references, functions) becomes a `PhoenixReplay.Inert`.
  """
  @impl true
  @spec sanitize_assigns(map) :: map
  def sanitize_assigns(assigns), do: Native.sanitize(native(), assigns, :assigns)

  @doc """
  The assigns named by the keys of `changed`, stripped as `sanitize_assigns/1` does.

  ## Examples

      iex> PhoenixReplay.Sanitizer.sanitize_delta(%{count: true, api_key: true}, %{count: 2, api_key: "x", a: 1})
      %{count: 2}
  """
  @impl true
  @spec sanitize_delta(map, map) :: map
  def sanitize_delta(changed, assigns),
    do: Native.sanitize(native(), Map.take(assigns, Map.keys(changed)), :assigns)

  @doc """
  Strips a map of params or a session as the default does.

  ## Examples

      iex> PhoenixReplay.Sanitizer.sanitize_params(%{"user" => %{"name" => "Ada", "pin" => "1"}})
      %{"user" => %{"name" => "Ada"}}
  """
  @impl true
  @spec sanitize_params(map) :: map
  def sanitize_params(params), do: Native.sanitize(native(), params, :params)

  @doc false
  # The sanitizer of the configuration as it is now. Building one is work, so each is kept for as long
  # as the node lives, under the options it was built from: there are as many as configurations.
  @spec native() :: Native.sanitizer()
  def native do
    key = {__MODULE__, Config.get(:filter_keys), FilterParameters.get()}

    case :persistent_term.get(key, nil) do
      nil -> build(key)
      sanitizer -> sanitizer
    end
  end

  defp build({_module, filter_keys, {discard, keep}} = key) do
    sanitizer =
      Native.sanitizer_new(%{
        filter_keys: Enum.map(filter_keys, &to_string/1),
        discard: discard,
        keep: keep
      })

    :persistent_term.put(key, sanitizer)
    sanitizer
  end
end
