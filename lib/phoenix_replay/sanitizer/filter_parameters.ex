defmodule PhoenixReplay.Sanitizer.FilterParameters do
  @moduledoc false
  # The host's own `config :phoenix, :filter_parameters`.
  #
  # It cannot simply be read: when Phoenix starts it replaces the list by a compiled pattern, which
  # does not say what it was made of, and where the host configured nothing by one made of Phoenix's
  # own default, whose "token" would take `token_count` too. What was configured is still known to
  # OTP's application controller, which keeps it for applications that are loaded later; so it is
  # asked once, at boot.

  require Logger

  @phoenix_default ["password", "token"]

  @type t :: {discard :: [binary], keep :: [binary] | nil}

  @doc "Asks for what was configured, and keeps it."
  @spec init() :: :ok
  def init, do: :persistent_term.put(__MODULE__, configured())

  @spec get() :: t
  def get do
    case Application.get_env(:phoenix, :filter_parameters, []) do
      {:compiled, _keys, _values} -> :persistent_term.get(__MODULE__, {[], nil})
      @phoenix_default -> :persistent_term.get(__MODULE__, {[], nil})
      set_since -> parse(set_since)
    end
  end

  defp configured do
    case List.keyfind(phoenix_config(), :filter_parameters, 0) do
      {:filter_parameters, configured} -> parse(configured)
      nil -> {[], nil}
    end
  end

  # The one private thing here: the state of the application controller, searched by the shape of
  # what is looked for so that it does not matter where in the record it stands.
  defp phoenix_config do
    :application_controller
    |> :sys.get_state()
    |> Tuple.to_list()
    |> Enum.filter(&is_list/1)
    |> Enum.find_value([], &phoenix_entry/1)
  catch
    kind, reason ->
      Logger.warning(
        "PhoenixReplay cannot see `config :phoenix, :filter_parameters` (#{kind}: #{inspect(reason)}); " <>
          "name sensitive keys in `config :phoenix_replay, filter_keys: [...]`"
      )

      []
  end

  defp phoenix_entry(list) do
    case List.keyfind(list, :phoenix, 0) do
      {:phoenix, config} when is_list(config) -> config
      _other -> nil
    end
  end

  defp parse({:keep, names}), do: {[], strings(names)}
  defp parse({:discard, names}), do: {strings(names), nil}
  defp parse(names), do: {strings(names), nil}

  defp strings(names), do: names |> List.wrap() |> Enum.filter(&is_binary/1)
end
