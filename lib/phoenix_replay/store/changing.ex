defmodule PhoenixReplay.Store.Changing do
  @moduledoc false
  # What somebody does to saved recordings, one of which they have to be allowed to see.

  alias PhoenixReplay.{Error, Recording}
  alias PhoenixReplay.Recording.Summary
  alias PhoenixReplay.Storage.Configured
  alias PhoenixReplay.Store.{Authorization, Opening}

  @spec delete(String.t()) :: :ok | {:error, Error.t()}
  def delete(id) do
    with :ok <- Recording.check_id(id) do
      if Authorization.any?(), do: delete_allowed(id), else: Configured.delete([id])
    end
  end

  # One that cannot be read tells nothing an `authorize` could be asked about, so it cannot be seen,
  # and what cannot be seen is not deleted.
  defp delete_allowed(id) do
    case Opening.summary(id) do
      {:ok, _summary} -> Configured.delete([id])
      :error -> :ok
      {:error, error} -> {:error, error}
    end
  end

  @doc "Of these nobody is asked again."
  @spec delete_listed([Summary.t()]) :: :ok | {:error, Error.t()}
  def delete_listed([]), do: :ok
  def delete_listed(summaries), do: Configured.delete(Enum.map(summaries, & &1.id))

  @spec pin(String.t(), boolean) :: :ok | :error | {:error, Error.t()}
  def pin(id, pinned) do
    with {:ok, _summary} <- Opening.summary(id), do: Configured.pin(id, pinned)
  end
end
