defmodule PhoenixReplay.Demo.NotesLive do
  @moduledoc false
  # What other recorders leave out: a stream, of which the server keeps nothing; a LiveComponent for each
  # note, with a state of its own; a forecast that comes later; a flash; a LiveView within this one.
  use Phoenix.LiveView

  alias PhoenixReplay.Demo.{Layouts, NoteComponent, ThermometerLive}

  @first [
    "The frost cover is in the shed, behind the pots.",
    "Moss for Mrs Hale: hold until Friday.",
    "The tap by glasshouse 2 drips again."
  ]

  @impl true
  def mount(_params, _session, socket) do
    notes = for {text, id} <- Enum.with_index(@first, 1), do: %{id: id, text: text}

    {:ok,
     socket
     |> assign(page_title: "Notes", next: length(notes) + 1, form: blank())
     |> stream(:notes, notes)
     |> assign_async(:forecast, &forecast/0)}
  end

  @impl true
  def handle_event("write", %{"note" => params}, socket),
    do: {:noreply, assign(socket, form: to_form(params, as: "note"))}

  def handle_event("pin_up", %{"note" => %{"text" => text}}, socket) do
    note = %{id: socket.assigns.next, text: text}

    {:noreply,
     socket
     |> assign(next: note.id + 1, form: blank())
     |> stream_insert(:notes, note, at: 0)
     |> put_flash(:info, "It is on the board.")}
  end

  def handle_event("take_down", %{"id" => id}, socket) do
    {:noreply, socket |> clear_flash() |> stream_delete_by_dom_id(:notes, "notes-#{id}")}
  end

  defp forecast do
    Process.sleep(150)
    {:ok, %{forecast: "Frost before dawn, 2 degrees below."}}
  end

  defp blank, do: to_form(%{"text" => ""}, as: "note")

  @impl true
  def render(assigns) do
    ~H"""
    <Layouts.app current={:notes}>
      <div class="heading">
        <h1>Notes</h1>
        <.async_result :let={forecast} assign={@forecast}>
          <:loading>
            <p id="forecast">Asking for the weather …</p>
          </:loading>
          <p id="forecast">{forecast}</p>
        </.async_result>
      </div>

      {live_render(@socket, ThermometerLive, id: "thermometer")}

      <p :if={text = @flash["info"]} id="told" class="card" role="status">{text}</p>

      <.form for={@form} id="note" class="tools" phx-change="write" phx-submit="pin_up">
        <input
          name="note[text]"
          id="note_text"
          value={@form[:text].value}
          placeholder="Something the others should know"
          aria-label="Note"
          autocomplete="off"
        />
        <button type="submit">Pin up</button>
      </.form>

      <ul id="notes" class="notes" phx-update="stream">
        <li :for={{dom_id, note} <- @streams.notes} id={dom_id} class="card">
          <.live_component module={NoteComponent} id={note.id} text={note.text}>
            <button type="button" class="quiet" phx-click="take_down" phx-value-id={note.id}>
              Take down
            </button>
          </.live_component>
        </li>
      </ul>
    </Layouts.app>
    """
  end
end
