defmodule PhoenixReplay.Config.Types do
  @moduledoc false
  # The types of options that NimbleOptions does not have. Modules are looked at, not only their
  # names: a typing error in one shows at boot and not when the first session ends. Of these the error says
  # what is wrong, in brackets; of others what the option takes is enough.

  alias PhoenixReplay.Storage.Configured

  # What a reader takes of a recording in any case, whatever is in it.
  @most_session_bytes 64 * 1024 * 1024

  def session_bytes(bytes) when is_integer(bytes) and bytes in 1..@most_session_bytes,
    do: {:ok, bytes}

  def session_bytes(_other), do: {:error, ""}

  def sanitizer(module) do
    exports(module, sanitize_assigns: 1, sanitize_delta: 2)
  end

  def migration(nil), do: {:ok, nil}
  def migration(module), do: exports(module, migrate: 3)

  def storage(module), do: exports(module, Configured.callbacks())

  def sample_rate(rate) when is_number(rate) and rate >= 0 and rate <= 1, do: {:ok, rate}
  def sample_rate(fun) when is_function(fun, 3), do: {:ok, fun}

  def sample_rate({module, function}) when is_atom(module) and is_atom(function),
    do: exports(module, [{function, 3}], {module, function})

  def sample_rate(_other), do: {:error, ""}

  def flush(false), do: {:ok, false}

  def flush([events: events, interval_ms: ms] = flush)
      when is_integer(events) and events > 0 and is_integer(ms) and ms > 0,
      do: {:ok, flush}

  def flush([{:interval_ms, ms}, {:events, events}]), do: flush(events: events, interval_ms: ms)
  def flush(_other), do: {:error, ""}

  def keep(nil), do: {:ok, nil}

  def keep(keep), do: entries(keep, &of_keep?/1)

  defp of_keep?({:errors, errors}), do: is_boolean(errors)
  # What takes less is not noted as slow.
  defp of_keep?({:slower_than, ms}), do: is_nil(ms) or (is_integer(ms) and ms >= 100)
  defp of_keep?({:rate, rate}), do: is_number(rate) and rate >= 0 and rate <= 1
  defp of_keep?(_other), do: false

  def logs(false), do: {:ok, false}

  def logs(logs), do: entries(logs, &of_logs?/1)

  defp of_logs?({:level, level}), do: level in Logger.levels()
  defp of_logs?({:limit, limit}), do: is_integer(limit) and limit > 0
  defp of_logs?(_other), do: false

  defp entries(list, right?) when is_list(list) do
    if Keyword.keyword?(list) and Enum.all?(list, right?),
      do: {:ok, list},
      else: {:error, ""}
  end

  defp entries(_other, _right?), do: {:error, ""}

  def collect(events) when is_list(events) do
    if Enum.all?(events, &telemetry_event?/1),
      do: {:ok, events},
      else: {:error, ""}
  end

  def collect(_other), do: {:error, ""}

  defp telemetry_event?([_first | _more] = event), do: Enum.all?(event, &is_atom/1)
  defp telemetry_event?(_other), do: false

  def metadata(nil), do: {:ok, nil}
  def metadata(fun) when is_function(fun, 2), do: {:ok, fun}

  def metadata({module, function}) when is_atom(module) and is_atom(function),
    do: exports(module, [{function, 2}], {module, function})

  def metadata(module), do: exports(module, metadata: 2)

  def authorize(nil), do: {:ok, nil}
  def authorize(fun) when is_function(fun, 1), do: {:ok, fun}

  def authorize({module, function}) when is_atom(module) and is_atom(function),
    do: exports(module, [{function, 1}], {module, function})

  def authorize(module), do: exports(module, authorize: 1)

  defp exports(module, functions, value \\ nil)

  defp exports(module, functions, value)
       when is_atom(module) and module not in [nil, true, false] do
    cond do
      not Code.ensure_loaded?(module) -> {:error, "(there is no module #{inspect(module)})"}
      missing = Enum.find(functions, &not_exported?(module, &1)) -> lacks(module, missing)
      true -> {:ok, value || module}
    end
  end

  defp exports(_other, _functions, _value), do: {:error, ""}

  defp not_exported?(module, {name, arity}), do: not function_exported?(module, name, arity)

  defp lacks(module, {name, arity}),
    do: {:error, "(there is no #{inspect(module)}.#{name}/#{arity})"}
end
