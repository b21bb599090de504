defmodule PhoenixReplay.Storage.File.Journal do
  @moduledoc false
  # Journals: `.journal/<owner>/<id>`, and beside them `.beat`, whose time is the owner's last sign of
  # life. Taking one over is a rename, of which one succeeds.

  alias PhoenixReplay.Recording
  alias PhoenixReplay.Storage.File.{Disk, Layout}

  @beat ".beat"

  def append(folder, id, owner, data, sync) do
    with {:ok, path} <- path(folder, id, owner),
         {:error, :enoent} <- Disk.append(path, data, sync),
         :ok <- beat(folder, owner),
         do: Disk.append(path, data, sync)
  end

  def beat(folder, owner) do
    path = Layout.journals(folder, owner)

    with true <- owner?(owner),
         :ok <- File.mkdir_p(path) do
      File.write(Path.join(path, @beat), "", [:raw])
    else
      false -> {:error, :einval}
      {:error, reason} -> {:error, reason}
    end
  end

  def all(folder) do
    now = System.os_time(:second)

    with {:ok, owners} <- Layout.names(Layout.journals(folder), "") do
      {:ok, for(owner <- owners, owner?(owner), journal <- of(folder, owner, now), do: journal)}
    end
  end

  # An append is a sign of life as well.
  defp of(folder, owner, now) do
    case Layout.names(Layout.journals(folder), owner) do
      {:ok, names} ->
        files =
          for name <- names,
              {:ok, size, time} <- [Disk.stat(Path.join(Layout.journals(folder, owner), name))],
              do: {name, size, time}

        last = files |> Enum.map(&elem(&1, 2)) |> Enum.max(fn -> 0 end)
        silent_ms = max(0, now - last) * 1_000

        for {name, size, _time} <- files,
            Recording.id?(name),
            do: %{id: name, owner: owner, bytes: size, silent_ms: silent_ms}

      {:error, _gone_meanwhile} ->
        []
    end
  end

  def fetch(folder, id, owner) do
    with {:ok, path} <- path(folder, id, owner) do
      case File.read(path) do
        {:error, :enoent} -> :error
        other -> other
      end
    end
  end

  def claim(folder, id, from, to) do
    with {:ok, old} <- path(folder, id, from),
         {:ok, new} <- path(folder, id, to),
         :ok <- beat(folder, to) do
      case :file.rename(old, new) do
        {:error, :enoent} -> :error
        :ok -> :ok
        {:error, reason} -> {:error, reason}
      end
    end
    |> tap(fn _claimed -> forget_if_empty(folder, from) end)
  end

  def delete(folder, ids, owner) do
    paths = for id <- ids, {:ok, path} <- [path(folder, id, owner)], do: path
    Disk.delete_all(paths)
  end

  # The last one out turns off the light.
  defp forget_if_empty(folder, owner) do
    if owner?(owner) and Layout.names(Layout.journals(folder), owner) == {:ok, [@beat]} do
      Disk.delete(Path.join(Layout.journals(folder, owner), @beat))
      :file.del_dir(Layout.journals(folder, owner))
    end
  end

  defp path(folder, id, owner) do
    with :ok <- Recording.check_id(id) do
      if owner?(owner),
        do: {:ok, Path.join(Layout.journals(folder, owner), id)},
        else: {:error, :einval}
    end
  end

  defp owner?(owner), do: is_binary(owner) and owner =~ ~r/\A[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}\z/
end
