defmodule PhoenixReplay.Recorder.Ending do
  @moduledoc false
  # How a LiveView ended, told from the reason its process exited with: no callback and no telemetry
  # event covers every way.

  alias PhoenixReplay.Recorder.Fault

  @type t :: {ended :: atom, error :: String.t() | nil}

  @doc "Classifies an exit reason. Of a crash only the exception's module is kept."
  @spec classify(term) :: t
  def classify(:normal), do: {:closed, nil}
  def classify(:shutdown), do: {:stopped, nil}
  def classify(:killed), do: {:killed, nil}
  # The process was gone before anybody watched it.
  def classify(:noproc), do: {:unknown, nil}
  def classify({:shutdown, reason}), do: {shutdown(reason), nil}
  def classify({{:nocatch, _value}, stack}) when is_list(stack), do: {:crashed, "throw"}

  def classify({reason, stack}) when is_list(stack), do: {:crashed, Fault.name(:error, reason)}
  def classify(_reason), do: {:crashed, "exit"}

  @doc "Classifies what a callback raised, threw or exited with, which nobody is going to catch."
  @spec classify(:error | :throw | :exit, term) :: t
  def classify(:exit, reason), do: classify(reason)
  def classify(:throw, _value), do: {:crashed, "throw"}
  def classify(:error, reason), do: {:crashed, Fault.name(:error, reason)}

  defp shutdown(:left), do: :left
  defp shutdown({kind, _opts}) when kind in [:redirect, :live_redirect], do: :redirected
  defp shutdown({:live, kind, _opts}) when kind in [:redirect, :patch], do: :redirected
  defp shutdown(:draining), do: :drained
  # The transport is gone, the same client joined again, or the parent view ended.
  defp shutdown(reason) when reason in [:closed, :duplicate_join, :parent_exited], do: :closed
  defp shutdown(_reason), do: :stopped
end
