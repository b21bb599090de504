defmodule PhoenixReplay.Demo.Visits do
  @moduledoc """
  Makes visits of the demo, all at the same time, and waits until their recordings are stored.

  `Phoenix.LiveViewTest` works inside a running ExUnit test only, so each visit is one: a run of
  ExUnit is started for them, with no output of its own.
  """
  alias PhoenixReplay.Demo.{Page, Visitor}
  alias PhoenixReplay.Store

  @doc """
  Makes the visits named, `pace` milliseconds between two keystrokes. To be called once: ExUnit runs
  once.

      {:ok, pages} = PhoenixReplay.Demo.Visits.make([:form, :tasks], 40)
  """
  @spec make([atom], non_neg_integer) :: {:ok, [Page.t()]} | {:error, String.t()}
  def make(names, pace) do
    ExUnit.start(autorun: false, formatters: [], max_cases: length(names), timeout: 300_000)
    :ets.new(__MODULE__, [:public, :named_table, :bag])
    Enum.each(names, &define_case(&1, pace))
    ExUnit.run()
    failures = :ets.lookup(__MODULE__, :failure)
    pages = :ets.lookup(__MODULE__, :page)
    :ets.delete(__MODULE__)

    case {failures, pages} do
      {[], []} -> {:error, "no visit was made: ExUnit ran none of #{inspect(names)}"}
      {[], pages} -> {:ok, Enum.map(pages, &elem(&1, 1))}
      {failures, _pages} -> {:error, Enum.map_join(failures, "\n\n", &elem(&1, 1))}
    end
  end

  # A case can only be defined once ExUnit runs, so not when this file is compiled.
  defp define_case(name, pace) do
    body =
      quote do
        use ExUnit.Case, async: true
        test unquote("#{name}"), do: unquote(__MODULE__).record(unquote(name), unquote(pace))
      end

    Module.create(
      Module.concat(__MODULE__, Macro.camelize("#{name}")),
      body,
      Macro.Env.location(__ENV__)
    )
  end

  @doc false
  def record(name, pace) do
    for page <- Visitor.visit(name, pace), do: :ets.insert(__MODULE__, {:page, page})
  catch
    kind, reason ->
      # A failure of LiveViewTest quotes the whole page.
      text = String.slice(Exception.format(kind, reason, __STACKTRACE__), 0, 1_500)
      :ets.insert(__MODULE__, {:failure, "visit #{name}: #{text}"})
  end

  @doc """
  Waits until every page has a stored recording, and pairs them: `{:ok, [{page, summary}]}`, or
  `{:error, text}` naming what is missing after `timeout` milliseconds.
  """
  @spec await_stored([Page.t()], timeout :: non_neg_integer) ::
          {:ok, [{Page.t(), map}]} | {:error, String.t()}
  def await_stored(pages, timeout \\ 15_000) do
    pairs = for page <- pages, do: {page, stored(page)}

    case for {page, nil} <- pairs, do: "#{inspect(page.view)} at #{page.url}" do
      [] ->
        {:ok, pairs}

      _missing when timeout > 0 ->
        Process.sleep(50)
        await_stored(pages, timeout - 50)

      missing ->
        {:error, "not recorded, or not stored in time: #{Enum.join(missing, ", ")}"}
    end
  end

  defp stored(page) do
    Enum.find(Store.list_recording_summaries(), fn summary ->
      not summary.active? and summary.view == page.view and path(summary.url) == page.url
    end)
  end

  defp path(nil), do: nil

  defp path(url) do
    %URI{path: path, query: query} = URI.parse(url)
    if query, do: "#{path}?#{query}", else: path
  end
end
