defmodule PhoenixReplay.Zoo.HostHooks do
  @moduledoc false
  # Hooks a host may have beside the recorder's, after it.
  import Phoenix.Component
  import Phoenix.LiveView

  def on_mount(:default, _params, session, socket) do
    {:cont,
     socket
     |> assign_new(:user, fn -> session["user"] || "nobody" end)
     |> assign(:seen_by_hook, 0)
     |> attach_hook(:count, :handle_event, fn _name, _params, socket ->
       {:cont, update(socket, :seen_by_hook, &(&1 + 1))}
     end)}
  end
end

defmodule PhoenixReplay.Zoo.Dropping do
  @moduledoc false
  # A host's own sanitizer, of the form most of them have.
  @behaviour PhoenixReplay.Sanitizer

  @impl true
  def sanitize_assigns(assigns), do: Map.drop(assigns, [:name])

  @impl true
  def sanitize_delta(changed, assigns),
    do: assigns |> Map.take(Map.keys(changed)) |> Map.drop([:name])
end

defmodule PhoenixReplay.Zoo.CounterComponent do
  @moduledoc false
  use Phoenix.LiveComponent

  @impl true
  def mount(socket), do: {:ok, assign(PhoenixReplay.Recorder.attach(socket), :likes, 0)}

  @impl true
  def handle_event("like", _params, socket), do: {:noreply, update(socket, :likes, &(&1 + 1))}

  @impl true
  def render(assigns) do
    ~H"""
    <div id={@id}>
      <button phx-click="like" phx-target={@myself}>{@likes} likes</button>
    </div>
    """
  end
end

defmodule PhoenixReplay.Zoo.CounterLive do
  @moduledoc false
  use Phoenix.LiveView
  alias PhoenixReplay.Zoo.CounterComponent

  @impl true
  def mount(_params, _session, socket), do: {:ok, assign(socket, count: 0, name: "counter")}

  @impl true
  def handle_event("inc", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}
  def handle_event("boom", %{"with" => text}, _socket), do: raise(ArgumentError, text)

  def handle_event("miss", %{"with" => text}, _socket),
    do: Map.fetch!(%{password: text, id: 7}, :nothing)

  def handle_event("sleep", %{"ms" => ms}, socket) do
    Process.sleep(ms)
    {:noreply, socket}
  end

  def handle_event("leave", _params, socket), do: {:noreply, push_navigate(socket, to: "/form")}
  def handle_event("nothing", _params, socket), do: {:noreply, socket}

  @impl true
  def handle_info({:add, _secret, number}, socket),
    do: {:noreply, update(socket, :count, &(&1 + number))}

  def handle_info(_message, socket), do: {:noreply, socket}

  @impl true
  def render(assigns) do
    ~H"""
    <p id="count">{@count}</p>
    <.live_component module={CounterComponent} id="likes" />
    """
  end
end

defmodule PhoenixReplay.Zoo.Address do
  @moduledoc false
  use Ecto.Schema

  embedded_schema do
    field :street, :string
    field :access_token, :string
  end

  def changeset(address, params) do
    address
    |> Ecto.Changeset.cast(params, [:street])
    |> Ecto.Changeset.validate_required([:street])
  end
end

defmodule PhoenixReplay.Zoo.User do
  @moduledoc false
  use Ecto.Schema
  alias PhoenixReplay.Zoo.Address

  embedded_schema do
    field :name, :string
    field :password, :string
    embeds_many :addresses, Address
  end

  def changeset(user, params) do
    user
    |> Ecto.Changeset.cast(params, [:name, :password])
    |> Ecto.Changeset.validate_required([:name])
    |> Ecto.Changeset.validate_length(:password, min: 8)
    |> Ecto.Changeset.cast_embed(:addresses)
  end
end

defmodule PhoenixReplay.Zoo.FormLive do
  @moduledoc false
  use Phoenix.LiveView
  alias PhoenixReplay.Zoo.{Address, User}

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     assign(socket, form: new_form(%{}), typed: "", password: "initial s3cret", saved: false)}
  end

  @impl true
  def handle_event("validate", %{"user" => params}, socket) do
    {:noreply,
     assign(socket, form: new_form(params), typed: params["name"], password: params["password"])}
  end

  def handle_event("save", _params, socket) do
    {:noreply, socket |> put_flash(:info, "saved") |> assign(saved: true)}
  end

  defp new_form(params) do
    %User{addresses: [%Address{id: "a1", street: "", access_token: "s3cret"}]}
    |> User.changeset(params)
    |> Map.put(:action, :validate)
    |> to_form()
  end

  @impl true
  def render(assigns) do
    ~H"""
    <p :if={@flash["info"]}>{@flash["info"]}</p>
    <.form for={@form} id="form" phx-change="validate" phx-submit="save">
      <input type="text" name={@form[:name].name} value={@form[:name].value} />
      <input type="password" name={@form[:password].name} />
      <span :for={{text, _} <- @form[:password].errors}>{text}</span>
      <.inputs_for :let={address} field={@form[:addresses]}>
        <input type="text" name={address[:street].name} value={address[:street].value} />
        <em :for={{text, _} <- address[:street].errors}>{text}</em>
      </.inputs_for>
    </.form>
    """
  end
end

defmodule PhoenixReplay.Zoo.PagesLive do
  @moduledoc false
  use Phoenix.LiveView

  @impl true
  def mount(params, session, socket) do
    {:ok, assign(socket, mounted_with: {params, map_size(session)}, page: nil)}
  end

  @impl true
  def handle_params(params, url, socket) do
    {:noreply, assign(socket, page: params["page"], path: URI.parse(url).path)}
  end

  @impl true
  def handle_event("go", %{"to" => to}, socket), do: {:noreply, push_patch(socket, to: to)}

  @impl true
  def render(assigns), do: ~H"<p>{@page} {@live_action}</p>"
end

defmodule PhoenixReplay.Zoo.TemporaryLive do
  @moduledoc false
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    socket = socket |> assign(count: 0, messages: ["first"]) |> stream(:rows, rows(1..3))
    {:ok, socket, temporary_assigns: [messages: []]}
  end

  @impl true
  def handle_event("say", %{"text" => text}, socket) do
    {:noreply, socket |> assign(messages: [text]) |> update(:count, &(&1 + 1))}
  end

  def handle_event("add", %{"id" => id}, socket),
    do: {:noreply, stream_insert(socket, :rows, row(id))}

  defp rows(range), do: Enum.map(range, &row/1)
  defp row(id), do: %{id: id, text: "row #{id}"}

  @impl true
  def render(assigns) do
    ~H"""
    <ul id="messages">
      <li :for={text <- @messages} id={"m-" <> text}>{text}</li>
    </ul>
    <ul id="rows" phx-update="stream">
      <li :for={{dom_id, row} <- @streams.rows} id={dom_id}>{row.text}</li>
    </ul>
    {@count}
    """
  end
end

defmodule PhoenixReplay.Zoo.HostileLive do
  @moduledoc false
  # Assigns that are hard to record.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     assign(socket,
       pid: self(),
       ref: make_ref(),
       port: hd(Port.list()),
       closure: fn -> :closure end,
       capture: &String.upcase/1,
       gone: %{__struct__: PhoenixReplay.Zoo.NoSuchStruct, field: 1},
       improper: [1 | 2],
       bits: <<1::3>>,
       big: nil,
       float: -0.0,
       integer: Integer.pow(7, 300),
       count: 0
     )}
  end

  @impl true
  def handle_event("big", _params, socket) do
    {:noreply, assign(socket, big: :binary.copy("0123456789", 500_000), ref: make_ref())}
  end

  def handle_event("inc", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  @impl true
  def render(assigns), do: ~H"<p>{@count}</p>"
end

defmodule PhoenixReplay.Zoo.RenderWithLive do
  @moduledoc false
  use Phoenix.LiveView, layout: false

  @impl true
  def mount(_params, _session, socket) do
    {:ok, socket |> assign(count: 0) |> render_with(&page/1)}
  end

  @impl true
  def handle_event("inc", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  defp page(assigns), do: ~H"<p>{@count}</p>"
end

defmodule PhoenixReplay.Zoo.AttachedLive do
  @moduledoc false
  # Attaches the recorder by itself, wherever it is rendered.
  use Phoenix.LiveView

  @impl true
  def mount(params, session, socket) do
    socket = PhoenixReplay.Recorder.attach(socket, params, session)
    {:ok, assign(socket, clicks: 0, label: session["label"] || "attached")}
  end

  @impl true
  def handle_event("click", _params, socket), do: {:noreply, update(socket, :clicks, &(&1 + 1))}

  @impl true
  def render(assigns), do: ~H|<button phx-click="click">{@label} {@clicks}</button>|
end

defmodule PhoenixReplay.Zoo.ParentLive do
  @moduledoc false
  # Has a nested view and a sticky one, both recording themselves.
  use Phoenix.LiveView
  alias PhoenixReplay.Zoo.AttachedLive

  @impl true
  def mount(_params, _session, socket), do: {:ok, assign(socket, count: 0)}

  @impl true
  def handle_event("inc", _params, socket), do: {:noreply, update(socket, :count, &(&1 + 1))}

  @impl true
  def render(assigns) do
    ~H"""
    <p>{@count}</p>
    {live_render(@socket, AttachedLive, id: "nested", session: %{"label" => "nested"})}
    {live_render(@socket, AttachedLive, id: "sticky", sticky: true, session: %{"label" => "sticky"})}
    """
  end
end

defmodule PhoenixReplay.Zoo.HostLive do
  @moduledoc false
  # A host that uses everything a recorder could disturb.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    if connected?(socket), do: send(self(), :hello)

    {:ok,
     socket
     |> assign_new(:user, fn -> "somebody else" end)
     |> assign(log: [], rendered: 0)
     |> put_flash(:info, "welcome")
     |> attach_hook(:log, :handle_info, fn message, socket ->
       {:cont, update(socket, :log, &[message | &1])}
     end)
     |> attach_hook(:rendered, :after_render, &put_private(&1, :host, :rendered))}
  end

  @impl true
  def handle_params(_params, _url, socket), do: {:noreply, socket}

  @impl true
  def handle_event("flash", _params, socket), do: {:noreply, put_flash(socket, :error, "oh")}
  def handle_event("clear", _params, socket), do: {:noreply, clear_flash(socket)}
  def handle_event("reply", params, socket), do: {:reply, %{got: params}, socket}

  def handle_event("push", _params, socket),
    do: {:noreply, push_event(socket, "ping", %{n: 1})}

  @impl true
  def handle_info(message, socket), do: {:noreply, update(socket, :log, &[{:seen, message} | &1])}

  @impl true
  def render(assigns), do: ~H"<p>{@user} {inspect(@flash)} {inspect(@log)} {@seen_by_hook}</p>"
end

defmodule PhoenixReplay.Zoo.RefusedLive do
  @moduledoc false
  # A mount that sends its visitor away.
  use Phoenix.LiveView

  @impl true
  def mount(_params, _session, socket) do
    if connected?(socket), do: {:ok, push_navigate(socket, to: "/counter")}, else: {:ok, socket}
  end

  @impl true
  def render(assigns), do: ~H"<p>refused</p>"
end

defmodule PhoenixReplay.Zoo.MissingLive do
  @moduledoc false
  # A mount that finds nothing, once it is connected.
  use Phoenix.LiveView

  defmodule NotFound do
    @moduledoc false
    defexception message: "there is no such thing", plug_status: 404
  end

  @impl true
  def mount(_params, _session, socket) do
    if connected?(socket), do: raise(NotFound), else: {:ok, socket}
  end

  @impl true
  def render(assigns), do: ~H"<p>found</p>"
end
