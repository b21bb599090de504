defmodule PhoenixReplay.Recorder.Collected do
  @moduledoc false
  # Telemetry events of the host, those that it lists, as events of the session they belong to. They come
  # from anywhere and hold anything: of measurements the numbers are kept, of metadata what is a single
  # value, and of a query its SQL, source and times.

  alias PhoenixReplay.Config
  alias PhoenixReplay.Recorder.{Attribution, Raised, Session}
  alias PhoenixReplay.Recorder.Collected.Query
  alias PhoenixReplay.Sanitizer.Text

  @limit 1_000

  # Of measurements, and of metadata.
  @most_entries 20

  # Points in time: when it was, the recording knows.
  @points [:system_time, :monotonic_time]
  @never [:params, :cast_params]

  @doc "Attaches to the events that are configured, and says whether there are any."
  @spec attach() :: boolean
  def attach do
    case Enum.uniq(Config.get(:collect)) do
      [] -> false
      events -> :telemetry.attach_many(__MODULE__, events, &__MODULE__.handle/4, nil) == :ok
    end
  end

  def detach, do: :telemetry.detach(__MODULE__)

  @doc false
  def handle(event, measurements, metadata, _config) do
    with {_pid, _session} = owner <- Attribution.owner() do
      Attribution.append(
        owner,
        :collected,
        @limit,
        :telemetry,
        &fields(&1, event, measurements, metadata)
      )
    end

    :ok
  catch
    # A handler that raises is detached for the whole node.
    _kind, _reason -> :ok
  end

  defp fields(session, event, measurements, metadata) do
    measured = measured(measurements)

    [
      {:name, :plain, Enum.map_join(event, ".", &Atom.to_string/1)},
      {:measurements, :plain, measured}
    ] ++ took(measured[:duration] || measured[:total_time]) ++ about(session, metadata)
  end

  defp took(nil), do: []
  defp took(us), do: [{:us, :plain, us}]

  defp about(_session, %{query: sql, repo: repo} = metadata) when is_binary(sql) do
    [
      {:sql, :plain, Query.without_values(sql)},
      {:source, :plain, scalar(metadata[:source])},
      {:repo, :plain, inspect(repo)}
    ]
  end

  defp about(session, metadata) do
    kept =
      for {key, value} <- first(Map.drop(metadata, @never)),
          (kept = value(session, value)) != nil,
          into: %{},
          do: {key, kept}

    [{:metadata, :params, Session.params(session, kept)}]
  end

  defp measured(measurements) do
    for {key, value} <- first(Map.drop(measurements, @points)),
        is_atom(key) and is_number(value),
        into: %{},
        do: {key, if(time?(key), do: us(value), else: value)}
  end

  # By the convention of `:telemetry.span/3`, and of Ecto, in native units.
  defp time?(:duration), do: true
  defp time?(key), do: String.ends_with?(Atom.to_string(key), "_time")

  defp us(time) when is_integer(time), do: System.convert_time_unit(time, :native, :microsecond)
  defp us(time), do: time

  defp first(map), do: map |> Enum.sort() |> Enum.take(@most_entries)

  defp value(session, %{__exception__: true} = exception),
    do: Raised.banner(session, :error, exception, [])

  defp value(_session, value), do: scalar(value)

  # A single value, `nil` for what is none and not worth an entry.
  defp scalar(text) when is_binary(text), do: Text.scrubbed(text)
  defp scalar(value) when is_atom(value) or is_number(value), do: value
  defp scalar(_other), do: nil
end
