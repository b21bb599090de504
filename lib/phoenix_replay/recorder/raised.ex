defmodule PhoenixReplay.Recorder.Raised do
  @moduledoc false
  # What a callback raised, as an event: the exception's module and message, and where. The message is
  # made of the exception's fields after the sanitizer had them, and in the stack are arities, no arguments.

  alias PhoenixReplay.{Native, Sanitizer}
  alias PhoenixReplay.Recorder.{Fault, Parts, Session}
  alias PhoenixReplay.Sanitizer.{Custom, Text}

  @deepest_stack 20

  @doc "The event of what ended a process, or is about to."
  @spec event(Session.t(), :error | :throw | :exit, term, Exception.stacktrace()) ::
          {:exception, [Native.field()]}
  def event(session, kind, reason, stacktrace) do
    fields = [
      {:error, :plain, Fault.name(kind, reason)},
      {:message, :plain, message(session, kind, reason, stacktrace)},
      {:stack, :plain, stack(stacktrace)}
    ]

    {:exception, fields}
  end

  @doc "Records what is about to end the process of a view."
  @spec append(Session.t(), :error | :throw | :exit, term, Exception.stacktrace()) :: :ok
  def append(session, kind, reason, stacktrace) do
    Parts.put_all([event(session, kind, reason, stacktrace)], false, session)
    :ok
  end

  @doc "What was raised, in a line, as `(RuntimeError) there was nothing`."
  @spec banner(Session.t(), :error | :throw | :exit, term, Exception.stacktrace()) :: String.t()
  def banner(session, kind, reason, stacktrace) do
    case message(session, kind, reason, stacktrace) do
      nil -> "(#{Fault.name(kind, reason)})"
      message -> "(#{Fault.name(kind, reason)}) #{message}"
    end
  end

  @doc "Where it was raised, as text."
  @spec stack(Exception.stacktrace()) :: [String.t()]
  def stack(stacktrace), do: stacktrace |> Enum.take(@deepest_stack) |> Enum.map(&entry/1)

  # Of a throw or an exit the value may be anything.
  defp message(session, :error, reason, stacktrace) do
    exception = Exception.normalize(:error, reason, stacktrace)

    case sanitized(session.sanitizer, exception) do
      %{__exception__: true} = exception -> exception |> Exception.message() |> Text.scrubbed()
      _dropped -> nil
    end
  catch
    # Its message/1 is the host's, and some of its fields are not what they were.
    _kind, _unsayable -> nil
  end

  defp message(_session, _kind, _value, _stacktrace), do: nil

  defp sanitized(nil, exception),
    do: Native.sanitize(Sanitizer.native(), exception, :assigns)

  defp sanitized(module, exception),
    do: module |> Custom.assigns(%{exception: exception}) |> Map.get(:exception)

  defp entry({module, function, arity, location}),
    do: Exception.format_stacktrace_entry({module, function, arity(arity), place(location)})

  defp entry({function, arity, location}),
    do: Exception.format_stacktrace_entry({function, arity(arity), place(location)})

  defp arity(arguments) when is_list(arguments), do: length(arguments)
  defp arity(arity), do: arity

  defp place(location), do: Keyword.take(location, [:file, :line])
end
