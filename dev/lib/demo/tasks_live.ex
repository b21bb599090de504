defmodule PhoenixReplay.Demo.TasksLive do
  @moduledoc false
  # The search is in the URL (live_patch), the tasks are the view's own: each visit starts afresh.
  use Phoenix.LiveView

  alias PhoenixReplay.Demo.{Layouts, Task}

  @states [{"all", "All"}, {"open", "Open"}, {"done", "Done"}]

  @impl true
  def mount(_params, _session, socket) do
    {:ok, assign(socket, page_title: "Tasks", tasks: Task.all(), states: @states, editing: nil)}
  end

  @impl true
  def handle_params(params, _url, socket) do
    state = if List.keymember?(@states, params["state"], 0), do: params["state"], else: "all"
    {:noreply, socket |> assign(query: params["q"] || "", state: state) |> assign_shown()}
  end

  @impl true
  def handle_event("search", %{"q" => query}, socket) do
    {:noreply, push_patch(socket, to: path(query, socket.assigns.state), replace: true)}
  end

  def handle_event("toggle", %{"id" => id}, socket) do
    {:noreply, update_task(socket, id, &%{&1 | done: not &1.done})}
  end

  def handle_event("edit", %{"id" => id}, socket) do
    task = Enum.find(socket.assigns.tasks, &(&1.id == String.to_integer(id)))

    form =
      to_form(%{"title" => task.title, "place" => task.place, "owner" => task.owner}, as: "task")

    {:noreply, assign(socket, editing: %{id: task.id, form: form})}
  end

  def handle_event("change", %{"task" => params}, socket) do
    {:noreply,
     assign(socket, editing: %{socket.assigns.editing | form: to_form(params, as: "task")})}
  end

  def handle_event("save", %{"task" => params}, socket) do
    change = &%{&1 | title: params["title"], place: params["place"], owner: params["owner"]}

    {:noreply, socket |> update_task(socket.assigns.editing.id, change) |> assign(editing: nil)}
  end

  def handle_event("cancel", _params, socket), do: {:noreply, assign(socket, editing: nil)}

  defp update_task(socket, id, change) when is_binary(id),
    do: update_task(socket, String.to_integer(id), change)

  defp update_task(socket, id, change) do
    tasks = Enum.map(socket.assigns.tasks, &if(&1.id == id, do: change.(&1), else: &1))
    socket |> assign(tasks: tasks) |> assign_shown()
  end

  defp assign_shown(%{assigns: %{tasks: tasks, query: query, state: state}} = socket) do
    assign(socket,
      shown: Enum.filter(tasks, &Task.fits?(&1, query, state)),
      open: Enum.count(tasks, &(not &1.done))
    )
  end

  defp path(query, state) do
    params = Enum.reject([q: query, state: state], fn {_name, value} -> value in ["", "all"] end)
    if params == [], do: "/tasks", else: "/tasks?" <> URI.encode_query(params)
  end

  @impl true
  def render(assigns) do
    ~H"""
    <Layouts.app current={:tasks}>
      <div class="heading">
        <h1>Tasks</h1>
        <p id="counts">{length(@shown)} shown, {@open} of {length(@tasks)} open</p>
      </div>

      <div class="tools">
        <form id="search" phx-change="search" phx-submit="search" role="search">
          <input
            type="search"
            name="q"
            value={@query}
            placeholder="Search tasks, places, people"
            aria-label="Search"
            autocomplete="off"
          />
        </form>
        <nav class="states" aria-label="State">
          <.link
            :for={{state, label} <- @states}
            patch={path(@query, state)}
            aria-current={@state == state && "true"}
          >
            {label}
          </.link>
        </nav>
      </div>

      <p :if={@shown == []} class="card empty">No task fits “{@query}”.</p>

      <table :if={@shown != []}>
        <thead>
          <tr>
            <th scope="col"><span class="hidden">Done</span></th>
            <th scope="col">Task</th>
            <th scope="col">Place</th>
            <th scope="col">Who</th>
            <th scope="col">Due</th>
            <th scope="col"><span class="hidden">Edit</span></th>
          </tr>
        </thead>
        <tbody>
          <tr :for={task <- @shown} id={"task-#{task.id}"} class={task.done && "done"}>
            <td>
              <input
                type="checkbox"
                checked={task.done}
                phx-click="toggle"
                phx-value-id={task.id}
                aria-label={"Done: #{task.title}"}
              />
            </td>
            <td :if={@editing && @editing.id == task.id} colspan="5">
              <.form for={@editing.form} id="edit" phx-change="change" phx-submit="save">
                <input
                  name="task[title]"
                  id="task_title"
                  value={@editing.form[:title].value}
                  aria-label="Task"
                  autocomplete="off"
                />
                <select name="task[place]" aria-label="Place">
                  {Phoenix.HTML.Form.options_for_select(Task.places(), @editing.form[:place].value)}
                </select>
                <select name="task[owner]" aria-label="Who">
                  {Phoenix.HTML.Form.options_for_select(Task.owners(), @editing.form[:owner].value)}
                </select>
                <button type="submit">Save</button>
                <button type="button" class="quiet" phx-click="cancel">Cancel</button>
              </.form>
            </td>
            <%= if !@editing || @editing.id != task.id do %>
              <td class="title">{task.title}</td>
              <td>{task.place}</td>
              <td>{task.owner}</td>
              <td class="date">{Calendar.strftime(task.due, "%-d %b")}</td>
              <td>
                <button type="button" class="quiet" phx-click="edit" phx-value-id={task.id}>
                  Edit
                </button>
              </td>
            <% end %>
          </tr>
        </tbody>
      </table>
    </Layouts.app>
    """
  end
end
