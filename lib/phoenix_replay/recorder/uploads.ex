defmodule PhoenixReplay.Recorder.Uploads do
  @moduledoc false
  # Uploads as a page shows them: the files that were chosen, how far each is, and what is wrong with one.
  # Never their content, and nothing that an upload could be made with: where an external one goes may be
  # a signed URL.

  alias PhoenixReplay.Recorder.{Compat, Session}
  alias PhoenixReplay.Sanitizer.Custom

  @doc """
  Events for the uploads that changed, those of the view or of the component `owner`. They are recorded
  `whole?` where it is not sure that what was there before is recorded.
  """
  @spec events(Session.t(), map, nil | {module, term}, boolean) :: [
          {:upload, [PhoenixReplay.Native.field()]}
        ]
  def events(%Session{sanitizer: module}, assigns, owner, whole?) do
    for {name, before, now} <- Compat.uploads(assigns),
        before != now,
        now = sanitized(module, name, now) do
      part = {:part, :plain, {:upload, owner, name}}
      {:upload, [part, change(sanitized(module, name, before), now, whole?)]}
    end
  end

  defp change(%{} = before, now, false), do: {:patch, :diff, {before, now, now}}
  defp change(_before, now, _whole?), do: {:value, :assigns, now}

  defp sanitized(_module, _name, nil), do: nil
  defp sanitized(nil, _name, upload), do: upload

  # A module of the host gets what it knows from assigns, a value under a name. What it drops is not recorded.
  defp sanitized(module, name, upload) do
    case Custom.assigns(module, %{name => upload}) do
      %{^name => %{} = kept} -> kept
      _dropped -> nil
    end
  end
end
