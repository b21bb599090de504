defmodule PhoenixReplay.Zoo.Lived.UploadLive do
  @moduledoc false
  # Files that are chosen, are on their way, are too large, are cancelled and saved, in the view and in a
  # component.
  use Phoenix.LiveView

  import StreamData

  alias PhoenixReplay.Zoo.Lived.Attachment

  @content "s3cret content of a file"

  def path, do: "/lived/upload"

  def step do
    frequency([
      {4, upload("#photos", :photos)},
      {3, upload("#attach", :attachment)},
      {1, constant({:press, "article:first-of-type button.cancel"})},
      {1, constant({:change, "#photos", %{}})},
      {1, constant({:submit, "#photos", %{}})},
      {1, constant({:event, "count", %{}})},
      {1, constant({:event, "toggle", %{}})}
    ])
  end

  defp upload(form, name) do
    map({list_of(file(), min_length: 1, max_length: 3), member_of([25, 50, 100])}, fn {files,
                                                                                       percent} ->
      {:upload, form, name, files, percent}
    end)
  end

  defp file do
    map({integer(1..99), member_of(["jpg", "png", "txt"]), integer(1..5)}, fn {number, type, size} ->
      content = String.duplicate(@content, size)
      %{name: "#{number}.#{type}", content: content, type: "image/#{type}"}
    end)
  end

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     socket
     |> assign(count: 0, saved: [], here?: true)
     |> allow_upload(:photos, accept: ~w(.jpg .png), max_entries: 2, max_file_size: 90)}
  end

  @impl true
  def handle_event("validate", _params, socket), do: {:noreply, socket}
  def handle_event("count", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}
  def handle_event("toggle", _params, socket), do: {:noreply, update(socket, :here?, &not/1)}

  def handle_event("cancel", %{"ref" => ref}, socket),
    do: {:noreply, cancel_upload(socket, :photos, ref)}

  def handle_event("save", _params, socket) do
    saved =
      for entry <- elem(uploaded_entries(socket, :photos), 0) do
        consume_uploaded_entry(socket, entry, fn _file -> {:ok, entry.client_name} end)
      end

    {:noreply, update(socket, :saved, &(&1 ++ saved))}
  end

  @impl true
  def render(assigns) do
    ~H"""
    <h1>{@count} {inspect(@saved)}</h1>
    <form id="photos" phx-change="validate" phx-submit="save">
      <.live_file_input upload={@uploads.photos} />
      <.files upload={@uploads.photos} />
    </form>
    <.live_component :if={@here?} module={Attachment} id="attachment" />
    """
  end

  attr :upload, :any, required: true

  @doc "What there is to see of an upload."
  def files(assigns) do
    ~H"""
    <p :for={error <- upload_errors(@upload)}>{inspect(error)}</p>
    <article :for={entry <- @upload.entries} id={"entry-#{entry.ref}"}>
      <.live_img_preview entry={entry} />
      <progress value={entry.progress} max="100">{entry.progress}</progress>
      {entry.client_name} {entry.client_size} {entry.client_type} {entry.done?} {entry.valid?}
      <em :for={error <- upload_errors(@upload, entry)}>{inspect(error)}</em>
      <button type="button" class="cancel" phx-click="cancel" phx-value-ref={entry.ref}>x</button>
    </article>
    """
  end
end

defmodule PhoenixReplay.Zoo.Lived.Attachment do
  @moduledoc false
  use Phoenix.LiveComponent

  @impl true
  def mount(socket) do
    {:ok,
     socket
     |> assign(last: nil)
     |> allow_upload(:attachment, accept: :any, auto_upload: true, progress: &progress/3)}
  end

  defp progress(:attachment, %{done?: true} = entry, socket) do
    name = consume_uploaded_entry(socket, entry, fn _file -> {:ok, entry.client_name} end)
    {:noreply, assign(socket, last: name)}
  end

  defp progress(:attachment, _entry, socket), do: {:noreply, socket}

  @impl true
  def handle_event("validate", _params, socket), do: {:noreply, socket}

  @impl true
  def render(assigns) do
    ~H"""
    <section id="attachment">
      <form id="attach" phx-change="validate" phx-target={@myself}>
        <.live_file_input upload={@uploads.attachment} />
        {@last}
        <p :for={entry <- @uploads.attachment.entries}>{entry.client_name} {entry.progress}</p>
      </form>
    </section>
    """
  end
end
