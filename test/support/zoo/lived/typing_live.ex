defmodule PhoenixReplay.Zoo.Lived.TypingLive do
  @moduledoc false
  # Forms: one of a changeset with nested ones, one of params, and one whose handler stores nothing.
  use Phoenix.LiveView

  import StreamData

  alias PhoenixReplay.Zoo.{Address, User}

  def path, do: "/lived/typing"

  def step do
    frequency([
      {5, map(user(), &{:change, "#user", &1})},
      {1, map(user(), &{:submit, "#user", &1})},
      {3, map(word(), &{:change, "#search", %{"q" => &1}})},
      {2, map(word(), &{:change, "#unheard", %{"word" => &1}})},
      {1, constant({:press, "#forget"})}
    ])
  end

  defp user do
    map({word(), word(), word()}, fn {name, password, street} ->
      %{
        "user" => %{
          "name" => name,
          "password" => password,
          "addresses" => %{"0" => %{"street" => street}}
        }
      }
    end)
  end

  defp word, do: string([?a..?z, ?<, ?&, ?ü, ?\s], max_length: 8)

  @impl true
  def mount(_params, _session, socket),
    do: {:ok, assign(socket, user: user(%{}), q: to_form(%{"q" => ""}), saved: 0, note: nil)}

  @impl true
  def handle_event("validate", %{"user" => params}, socket),
    do: {:noreply, assign(socket, user: user(params))}

  def handle_event("save", %{"user" => params}, socket) do
    {:noreply,
     socket
     |> assign(user: user(params))
     |> update(:saved, &(&1 + 1))
     |> put_flash(:info, "saved #{params["name"]}")}
  end

  def handle_event("search", params, socket), do: {:noreply, assign(socket, q: to_form(params))}
  def handle_event("unheard", _params, socket), do: {:noreply, socket}
  def handle_event("forget", _params, socket), do: {:noreply, clear_flash(socket)}

  defp user(params) do
    %User{addresses: [%Address{id: "a1", street: ""}]}
    |> User.changeset(params)
    |> Map.put(:action, :validate)
    |> to_form()
  end

  @impl true
  def render(assigns) do
    ~H"""
    <p :for={{kind, text} <- @flash} class={kind}>{text}</p>
    <button id="forget" phx-click="forget">forget {@saved}</button>
    <.form for={@user} id="user" phx-change="validate" phx-submit="save">
      <.field field={@user[:name]} type="text">Name</.field>
      <input type="password" name={@user[:password].name} />
      <em :for={{text, _} <- @user[:password].errors}>{text}</em>
      <.inputs_for :let={address} field={@user[:addresses]}>
        <.field field={address[:street]} type="text">Street</.field>
      </.inputs_for>
    </.form>
    <.form for={@q} id="search" phx-change="search">
      <textarea name="q">{Phoenix.HTML.Form.normalize_value("textarea", @q[:q].value)}</textarea>
      <p>looking for {@q[:q].value}</p>
    </.form>
    <form id="unheard" phx-change="unheard"><input name="word" /></form>
    """
  end

  attr :field, Phoenix.HTML.FormField, required: true
  attr :type, :string, required: true
  slot :inner_block, required: true

  defp field(assigns) do
    ~H"""
    <label>
      {render_slot(@inner_block)}
      <input type={@type} id={@field.id} name={@field.name} value={@field.value} />
      <em :for={{text, _} <- @field.errors}>{text}</em>
    </label>
    """
  end
end
