defmodule PhoenixReplay.Storage.File.Alone do
  @moduledoc false
  # One node at a time, by files in `.leases`: `retention.7` says who is at it for the seventh time, and
  # becomes `retention.7.free` when it is done. The next one makes number eight, which only one can; so
  # does who finds that the seventh is gone, or has been at it for too long. One that saw an older number
  # than the others finds theirs beside its own, and lets them.

  alias PhoenixReplay.Storage.File.{Disk, Layout}
  alias PhoenixReplay.Storage.Owner

  @lease_ms 10 * 60 * 1000

  @spec run(Path.t(), atom, (-> result)) :: {:ok, result} | :busy | {:error, term}
        when result: term
  def run(folder, name, task) do
    case take(folder, "#{name}.") do
      {:ok, held} ->
        try do
          {:ok, task.()}
        after
          :file.rename(held, held <> ".free")
        end

      # Where nothing was recorded yet there is nothing to hold.
      {:error, :enoent} ->
        {:ok, task.()}

      busy_or_refused ->
        busy_or_refused
    end
  end

  defp take(folder, name) do
    with :ok <- made(Layout.leases(folder)),
         {:ok, leases} <- leases(folder, name),
         :ok <- free(folder, name, leases),
         number = highest(leases) + 1,
         held = Path.join(Layout.leases(folder), "#{name}#{number}"),
         :ok <- create(held) do
      alone(folder, name, number, held)
    end
  end

  defp made(path) do
    with {:error, :eexist} <- :file.make_dir(path), do: :ok
  end

  # Numbers and whether they are done with.
  defp leases(folder, name) do
    with {:ok, names} <- Layout.names(Layout.leases(folder), "") do
      {:ok,
       for file <- names,
           String.starts_with?(file, name),
           {number, state} when state in ["", ".free"] <- [
             file |> String.replace_prefix(name, "") |> Integer.parse()
           ] do
         {number, state == ".free"}
       end}
    end
  end

  defp highest(leases), do: leases |> Enum.map(&elem(&1, 0)) |> Enum.max(fn -> 0 end)

  defp free(folder, name, leases) do
    number = highest(leases)

    if leases == [] or {number, true} in leases or
         lapsed?(Path.join(Layout.leases(folder), "#{name}#{number}")),
       do: :ok,
       else: :busy
  end

  defp lapsed?(path) do
    with {:ok, owner} <- File.read(path),
         {:ok, _size, time} <- Disk.stat(path) do
      silent_ms = (System.os_time(:second) - time) * 1_000
      # One that is being made right now does not say whose it is yet.
      silent_ms >= @lease_ms or (owner != "" and Owner.gone?(owner, silent_ms, @lease_ms))
    else
      # It has just become free, or older than another: the next time tells.
      {:error, _reason} -> false
    end
  end

  defp create(path) do
    case File.write(path, Owner.this(), [:exclusive, :raw]) do
      {:error, :eexist} -> :busy
      other -> other
    end
  end

  defp alone(folder, name, number, held) do
    with {:ok, leases} <- leases(folder, name) do
      if {number, true} in leases or highest(leases) > number do
        Disk.delete(held)
        :busy
      else
        forget(folder, name, Enum.reject(leases, &match?({^number, _free}, &1)))
        {:ok, held}
      end
    end
  end

  defp forget(folder, name, older) do
    for {number, free} <- older do
      file = "#{name}#{number}#{if free, do: ".free"}"
      Disk.delete(Path.join(Layout.leases(folder), file))
    end
  end
end
