defmodule PhoenixReplay.Recorder.Reason do
  @moduledoc false
  # What the reason of an exit tells besides how the session ended (`Ending`). Of handle_info and
  # handle_async there is no telemetry: what they raised, and where they sent the browser, nobody heard of
  # before. It is the last event of the recording.

  alias PhoenixReplay.Native
  alias PhoenixReplay.Recorder.{Compat, Fault, Pushes, Raised, Session}

  @doc """
  What a reason tells: where the browser was sent, what was raised, or nothing.

      iex> PhoenixReplay.Recorder.Reason.tells({:shutdown, {:live_redirect, %{to: "/", kind: :push}}})
      {:away, {:navigate, "/"}}
      iex> PhoenixReplay.Recorder.Reason.tells({%RuntimeError{message: "no"}, []})
      {:raised, :error, %RuntimeError{message: "no"}, []}
      iex> PhoenixReplay.Recorder.Reason.tells({:shutdown, :closed})
      :nothing
  """
  @spec tells(term) ::
          {:away, {:navigate | :redirect, String.t()}}
          | {:raised, :error | :throw, term, Exception.stacktrace()}
          | :nothing
  def tells({:shutdown, reason}), do: away(Compat.left_for(reason))

  def tells({{:nocatch, value}, [_ | _] = stack}), do: raised(:throw, value, stack)
  def tells({%{__exception__: true} = exception, stack}), do: raised(:error, exception, stack)
  def tells({reason, [_ | _] = stack}), do: raised(:error, reason, stack)
  def tells(_reason), do: :nothing

  defp away(nil), do: :nothing
  defp away(to), do: {:away, to}

  # What a process exits with may look like an exception and be none.
  defp raised(kind, reason, stack) do
    if is_list(stack) and Enum.all?(stack, &entry?/1),
      do: {:raised, kind, reason, stack},
      else: :nothing
  end

  defp entry?({module, function, arity, location}),
    do:
      is_atom(module) and is_atom(function) and (is_integer(arity) or is_list(arity)) and
        is_list(location)

  defp entry?({function, arity, location}),
    do: is_function(function) and (is_integer(arity) or is_list(arity)) and is_list(location)

  defp entry?(_other), do: false

  @doc "Appends where the browser was sent."
  @spec append_away(Native.session(), {:navigate | :redirect, String.t()}) :: :ok
  def append_away(native, to) do
    for {type, fields} <- Pushes.away(to), do: Native.append_last(native, type, fields)
    :ok
  end

  @doc """
  Appends what was raised. Its message is made by code of the host, a sanitizer and `message/1` of the
  exception, so this may take as long as those like.
  """
  @spec append_raised(Session.t(), :error | :throw, term, Exception.stacktrace()) :: :ok
  def append_raised(session, kind, reason, stack) do
    {type, fields} = Raised.event(session, kind, reason, stack)
    Native.append_last(session.native, type, fields)
    :ok
  catch
    kind, reason -> Fault.report(session, :exception, kind, reason)
  end
end
