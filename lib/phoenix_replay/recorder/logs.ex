defmodule PhoenixReplay.Recorder.Logs do
  @moduledoc false
  # Lines of the log that belong to a session, as events of it: a handler of `:logger`, which runs in the
  # process that logs. What OTP reports of a process that crashed is told as its exception is elsewhere,
  # for the report itself quotes its state and its last message.

  alias PhoenixReplay.{Config, Native, Sanitizer}
  alias PhoenixReplay.Recorder.{Attribution, Raised, Session}
  alias PhoenixReplay.Sanitizer.{Custom, Text}

  @limit 200

  @doc "Adds the handler if it is configured, and says whether it is."
  @spec attach() :: boolean
  def attach do
    case Config.get(:logs) do
      false ->
        false

      logs ->
        limit = Keyword.get(logs, :limit, @limit)
        level = Keyword.get(logs, :level, :error)
        :ok = :logger.add_handler(__MODULE__, __MODULE__, %{level: level, config: limit})
        true
    end
  end

  def detach, do: :logger.remove_handler(__MODULE__)

  @doc false
  def log(%{level: level, msg: message, meta: meta}, %{config: limit}) do
    with false <- ours?(message),
         {pid, _session} = owner <- Attribution.owner(),
         false <- pid == self() and otp?(meta) do
      kind = if :logger.compare_levels(level, :error) == :lt, do: :log, else: :error
      Attribution.append(owner, kind, limit, :log, &fields(&1, level, message, meta))
    end

    :ok
  catch
    # A handler that raises is removed, which is told in the log.
    _kind, _reason -> :ok
  end

  # What the recorder has to say of itself is no news of the host, and its recordings say it themselves.
  # All its lines begin like that.
  defp ours?({:string, "PhoenixReplay: " <> _line}), do: true
  defp ours?(_message), do: false

  # Of the view's own process that is how it ended, which the watcher tells.
  defp otp?(meta), do: match?([:otp | _more], meta[:domain])

  defp fields(session, level, _message, %{crash_reason: {reason, stack}} = meta)
       when is_list(stack) do
    {kind, reason} = raised(reason)
    message = Raised.banner(session, kind, reason, stack)
    [{:stack, :plain, Raised.stack(stack)} | line(level, message, meta)]
  end

  defp fields(session, level, message, meta) do
    text = session |> text(message) |> Text.scrubbed()
    line(level, text, meta)
  end

  defp line(level, text, meta) do
    from =
      with {module, function, arity} <- meta[:mfa],
           do: Exception.format_mfa(module, function, arity)

    fields = [{:level, :plain, level}, {:message, :plain, text}]
    if is_binary(from), do: fields ++ [{:from, :plain, from}], else: fields
  end

  defp raised(%{__exception__: true} = exception), do: {:error, exception}
  defp raised({:nocatch, value}), do: {:throw, value}
  defp raised(reason), do: {:exit, reason}

  defp text(_session, {:string, chardata}), do: chardata

  defp text(%Session{sanitizer: nil}, {:report, report}),
    do: Sanitizer.native() |> Native.sanitize(report, :params) |> inspected()

  defp text(%Session{sanitizer: module}, {:report, report}),
    do: module |> Custom.params(Map.new(report)) |> inspected()

  defp text(_session, {format, arguments}),
    do: :io_lib.format(format, arguments, chars_limit: Text.most_read())

  defp inspected(report), do: inspect(report, limit: 50, printable_limit: Text.most_read())
end
