defmodule PhoenixReplay.Replay.Failure do
  @moduledoc """
  Why a recorded moment could not be rendered, in words for the person who looks at it.

    * `:view` - the recorded view
    * `:reason` - `:gone` (no such view any more), `:no_template` (rendered by a function given at run
      time), `:missing_assign` (the template reads an assign that the recording lacks), `:not_recorded`
      (it reads `@streams` or `@uploads`), `:raised`, `:caught`, or `:migration` (of the host, that failed)
    * `:message` - what happened, one or two sentences
    * `:assign` - name of the missing assign, else `nil`
    * `:filtered` - names of assigns that are `"[FILTERED]"` in the recording, which may be why it raised
    * `:where` - `"lib/my_app_web/live/cart_live.ex:12"`, else `nil`
  """

  @enforce_keys [:view, :reason, :message]
  defstruct [:view, :reason, :message, :assign, :where, filtered: []]

  @type reason ::
          :gone | :no_template | :missing_assign | :not_recorded | :raised | :caught | :migration
  @type t :: %__MODULE__{
          view: module | String.t(),
          reason: reason,
          message: String.t(),
          assign: atom | nil,
          filtered: [atom],
          where: String.t() | nil
        }

  # Their content is LiveView's own state, not assigns of the host.
  @internal [:streams, :uploads]
  @longest_message 600

  @doc "The recorded view, or its template, is not in this release."
  @spec gone(term) :: t
  def gone(view) do
    if is_atom(view) and Code.ensure_loaded?(view) and function_exported?(view, :__live__, 0) do
      %__MODULE__{
        view: view,
        reason: :no_template,
        message:
          "#{inspect(view)} was rendered by a function given to render_with/2 while it ran that is not " <>
            "a module's own: give it as &Module.function/1 to have it replayed."
      }
    else
      %__MODULE__{
        view: view,
        reason: :gone,
        message: "#{name(view)} is not a LiveView of this release, so its template is not here."
      }
    end
  end

  @doc "The template raised, with these assigns."
  @spec raised(module, Exception.t(), Exception.stacktrace(), map) :: t
  def raised(view, exception, stacktrace, assigns) do
    failure = explain(view, exception)
    filtered = if failure.reason == :raised, do: filtered(assigns), else: []
    %{failure | where: where(view, stacktrace), filtered: filtered}
  end

  defp filtered(assigns) do
    Enum.sort(for {name, "[FILTERED]"} <- assigns, is_atom(name), do: name)
  end

  @doc "The template threw or exited."
  @spec caught(module, :throw | :exit, term, Exception.stacktrace()) :: t
  def caught(view, kind, reason, stacktrace) do
    %__MODULE__{
      view: view,
      reason: :caught,
      message: short(Exception.format_banner(kind, reason, [])),
      where: where(view, stacktrace)
    }
  end

  @doc "The host's migration raised, threw or exited."
  @spec migration(module, module, :error | :throw | :exit, term, Exception.stacktrace()) :: t
  def migration(view, migration, kind, reason, stacktrace) do
    banner = Exception.format_banner(kind, reason, stacktrace)

    %__MODULE__{
      view: view,
      reason: :migration,
      message: short("#{inspect(migration)}: #{String.trim_leading(banner, "** ")}"),
      where: where(migration, stacktrace)
    }
  end

  # The maps a template reads its assigns from are told from the host's own by `__changed__`.
  defp explain(view, %KeyError{key: key, term: %{__changed__: _}}) when key in @internal do
    %__MODULE__{
      view: view,
      reason: :not_recorded,
      assign: key,
      message: "The template reads @#{key}, of which nothing is recorded."
    }
  end

  defp explain(view, %KeyError{key: key, term: %{__changed__: _, socket: _}}) do
    %__MODULE__{
      view: view,
      reason: :missing_assign,
      assign: key,
      message: "The template reads @#{key}, which the recording does not have at this moment."
    }
  end

  defp explain(view, exception) do
    message = "#{inspect(exception.__struct__)}: #{Exception.message(exception)}"
    %__MODULE__{view: view, reason: :raised, message: short(message)}
  end

  # The line in the view itself is where a reader looks first; else the first line with a file.
  defp where(view, stacktrace) do
    own = Enum.find(stacktrace, &match?({^view, _, _, [_ | _]}, &1))
    any = Enum.find(stacktrace, &(file_line(&1) != nil and not ours?(&1)))

    file_line(own) || file_line(any)
  end

  defp file_line({_module, _function, _arity, location}) do
    case {location[:file], location[:line]} do
      {nil, _line} -> nil
      {file, nil} -> to_string(file)
      {file, line} -> "#{file}:#{line}"
    end
  end

  defp file_line(nil), do: nil

  defp ours?({module, _function, _arity, _location}) do
    String.starts_with?(Atom.to_string(module), [
      "Elixir.PhoenixReplay.",
      "Elixir.Phoenix.LiveView."
    ])
  end

  defp short(message) do
    if String.length(message) > @longest_message,
      do: String.slice(message, 0, @longest_message) <> "…",
      else: message
  end

  defp name(view) when is_binary(view), do: view
  defp name(view), do: inspect(view)
end
