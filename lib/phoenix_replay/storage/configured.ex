defmodule PhoenixReplay.Storage.Configured do
  @moduledoc false
  # The storage that is configured. Its code may be anyone's, so this is where what it raises ends.

  alias PhoenixReplay.{Config, Error}
  alias PhoenixReplay.Storage.Query

  @callbacks [
    save: 4,
    fetch: 2,
    summary: 2,
    list: 2,
    count: 2,
    delete: 2,
    clear: 1,
    pin: 3
  ]
  @everything %{where: %Query{}, limit: nil, after: nil}

  @doc "What a storage has to export."
  @spec callbacks() :: keyword(arity)
  def callbacks, do: @callbacks

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
  def list(request), do: call(:list, [Map.merge(@everything, request)])
  def count(where), do: call(:count, [where])
  def delete([]), do: :ok
  def delete(ids), do: call(:delete, [ids])
  def clear, do: call(:clear, [])
  def pin(id, pinned), do: call(:pin, [id, pinned])

  @doc "Runs a task while no other node runs it, where the storage can tell."
  def alone(name, task) do
    if exports?(:alone, 3), do: call(:alone, [name, task]), else: {:ok, task.()}
  end

  @doc "How many recordings may be given to it at a time."
  def at_once do
    if exports?(:at_once, 1), do: number(call(:at_once, [])), else: 1
  end

  defp number(count) when is_integer(count), do: count
  defp number({:error, _error}), do: 1

  @doc "Whether journals can be kept."
  def journal? do
    exports?(:journal_append, 4) and (not exports?(:journal?, 1) or call(:journal?, []) == true)
  end

  @doc "How long the journal is then, `nil` where the storage does not say."
  def journal_append(id, owner, data) do
    with :ok <- call(:journal_append, [id, owner, data]), do: {:ok, nil}
  end

  def journal_beat(owner), do: call(:journal_beat, [owner])
  def journals, do: call(:journals, [])
  def journal_fetch(id, owner), do: call(:journal_fetch, [id, owner])
  def journal_claim(id, from, to), do: call(:journal_claim, [id, from, to])
  def journal_delete([], _owner), do: :ok
  def journal_delete(ids, owner), do: call(:journal_delete, [ids, owner])

  defp exports?(function, arity) do
    storage = Config.get(:storage)
    Code.ensure_loaded?(storage) and function_exported?(storage, function, arity)
  end

  defp call(function, arguments) do
    storage = Config.get(:storage)

    storage
    |> apply(function, arguments ++ [Config.get(:storage_opts)])
    |> checked(storage, function)
  catch
    :error, %Error{} = error ->
      {:error, error}

    kind, reason ->
      failed(
        Config.get(:storage),
        function,
        Exception.format_banner(kind, reason, __STACKTRACE__)
      )
  end

  @done [:save, :delete, :clear, :pin, :journal_append, :journal_beat, :journal_claim] ++
          [:journal_delete]
  @missing [:fetch, :summary, :pin, :journal_fetch, :journal_claim]
  @found [:fetch, :summary, :list, :count, :alone, :journals, :journal_fetch]

  defp checked(:ok, _storage, function) when function in @done, do: :ok
  defp checked(:error, _storage, function) when function in @missing, do: :error
  defp checked({:ok, value}, _storage, function) when function in @found, do: {:ok, value}
  defp checked({:ok, bytes}, _storage, :journal_append) when is_integer(bytes), do: {:ok, bytes}
  defp checked(:busy, _storage, :alone), do: :busy
  defp checked(count, _storage, :at_once) when is_integer(count) and count > 0, do: count
  defp checked(kept, _storage, :journal?) when is_boolean(kept), do: kept
  defp checked({:error, %Error{}} = error, _storage, _function), do: error
  defp checked({:error, reason}, storage, function), do: failed(storage, function, reason(reason))

  defp checked(other, storage, function),
    do: failed(storage, function, "it returned #{inspect(other)}")

  defp failed(storage, function, why),
    do: Error.new(:storage, "#{inspect(storage)} could not #{deed(function)}: #{why}")

  defp deed(:alone), do: "keep other nodes out"
  defp deed(function), do: function

  defp reason(posix) when is_atom(posix),
    do: "#{:file.format_error(posix)} (#{inspect(posix)})"

  defp reason(text) when is_binary(text), do: text
  defp reason(%{__exception__: true} = exception), do: Exception.message(exception)
  defp reason(other), do: inspect(other)
end
