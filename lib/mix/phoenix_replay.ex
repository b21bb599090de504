defmodule Mix.PhoenixReplay do
  @moduledoc false
  # What the tasks share: the storage that the project has configured, with no more started than it needs,
  # and how things are printed.

  alias PhoenixReplay.{Config, Error, Storage}

  # Only a project that keeps recordings in a repo has it.
  @compile {:no_warn_undefined, Ecto.Migrator}

  @doc "Calls a function with the project's configuration loaded and, where recordings are in a repo, with it started."
  def with_storage(fun) do
    Mix.Task.run("app.config")
    {:ok, _started} = Application.ensure_all_started(:telemetry)

    case {Config.get(:storage), Config.get(:storage_opts)[:repo]} do
      {Storage.Ecto, repo} when repo != nil -> with_repo(repo, fun)
      _no_repo -> fun.()
    end
  end

  defp with_repo(repo, fun) do
    case Ecto.Migrator.with_repo(repo, fn _repo -> fun.() end) do
      {:ok, result, _apps} -> result
      {:error, reason} -> Mix.raise("#{inspect(repo)} could not be started: #{inspect(reason)}")
    end
  end

  @doc "Options and arguments, or an end with how it is used, which begins with `mix` and the task's name."
  def parse!(args, switches, aliases, count, usage) do
    case OptionParser.parse(args, strict: switches, aliases: aliases) do
      {opts, rest, []} when length(rest) == count ->
        {opts, rest}

      {_opts, _rest, [{name, _value} | _]} ->
        Mix.raise("#{name} is not understood. #{how(usage)}")

      _wrong_count ->
        Mix.raise(how(usage))
    end
  end

  defp how(usage) do
    ["mix", task | _arguments] = String.split(usage)
    "Usage: #{usage}. `mix help #{task}` tells of its options"
  end

  @doc "What a call of the store gave, or an end with what went wrong."
  def ok!({:ok, value}, _id), do: value
  def ok!({:error, %Error{message: message}}, _id), do: Mix.raise(message)

  def ok!(:error, id),
    do: Mix.raise("there is no recording #{id}; mix phoenix_replay.list names those there are")

  @conditions [view: :string, url: :string, event: :string, release: :string, errors: :boolean]

  @doc "The switches of `where/1`."
  def conditions, do: @conditions

  @doc "Conditions among the options; what is not given is `nil`, which is no condition."
  def where(opts), do: Keyword.take(opts, Keyword.keys(@conditions))

  @doc "Prints a line; what a recording holds must not move the cursor."
  def line(parts),
    do: parts |> Enum.join("  ") |> plain() |> String.trim_trailing() |> Mix.shell().info()

  defp plain(text), do: String.replace(text, ~r/[\p{Cc}\x{2028}-\x{202e}\x{2066}-\x{2069}]/u, " ")

  def time(unix_ms) do
    case DateTime.from_unix(unix_ms, :millisecond) do
      {:ok, time} -> time |> DateTime.truncate(:second) |> Calendar.strftime("%Y-%m-%d %H:%M:%S")
      {:error, _reason} -> to_string(unix_ms)
    end
  end

  @doc "A moment of a session: `+12.345s`."
  def offset(ms),
    do: "+#{div(ms, 1_000)}.#{ms |> rem(1_000) |> to_string() |> String.pad_leading(3, "0")}s"
end
