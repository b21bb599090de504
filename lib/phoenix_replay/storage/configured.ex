defmodule PhoenixReplay.Storage.Configured do
  @moduledoc false
  # The storage that is configured. Its code may be anyone's, so this is where what it raises ends.

  alias PhoenixReplay.{Config, Error}

  @callbacks [save: 4, fetch: 2, summary: 2, list: 2, delete: 2, clear: 1]

  @spec storage?(term) :: boolean
  def storage?(module) when is_atom(module) and module not in [nil, true, false] do
    Code.ensure_loaded?(module) and
      Enum.all?(@callbacks, fn {name, arity} -> function_exported?(module, name, arity) end)
  end

  def storage?(_other), do: false

  @spec validate(module, keyword) :: :ok | {:error, String.t()}
  def validate(module, opts) do
    if function_exported?(module, :validate, 1), do: module.validate(opts), else: :ok
  end

  def save(id, data, summary), do: call(:save, [id, data, summary])
  def fetch(id), do: call(:fetch, [id])
  def summary(id), do: call(:summary, [id])
  def list(query), do: call(:list, [query])
  def delete([]), do: :ok
  def delete(ids), do: call(:delete, [ids])
  def clear, do: call(:clear, [])

  defp call(function, arguments) do
    storage = Config.get(:storage)

    storage
    |> apply(function, arguments ++ [Config.get(:storage_opts)])
    |> checked(storage, function)
  catch
    kind, reason ->
      failed(
        Config.get(:storage),
        function,
        Exception.format_banner(kind, reason, __STACKTRACE__)
      )
  end

  defp checked(:ok, _storage, function) when function in [:save, :delete, :clear], do: :ok
  defp checked(:error, _storage, function) when function in [:fetch, :summary], do: :error

  defp checked({:ok, value}, _storage, function) when function in [:fetch, :summary, :list],
    do: {:ok, value}

  defp checked({:error, %Error{}} = error, _storage, _function), do: error
  defp checked({:error, reason}, storage, function), do: failed(storage, function, reason(reason))

  defp checked(other, storage, function),
    do: failed(storage, function, "it returned #{inspect(other)}")

  defp failed(storage, function, why),
    do: Error.new(:storage, "#{inspect(storage)} could not #{function}: #{why}")

  defp reason(posix) when is_atom(posix),
    do: "#{:file.format_error(posix)} (#{inspect(posix)})"

  defp reason(text) when is_binary(text), do: text
  defp reason(%{__exception__: true} = exception), do: Exception.message(exception)
  defp reason(other), do: inspect(other)
end
