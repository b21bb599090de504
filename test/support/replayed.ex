defmodule PhoenixReplay.Replayed do
  @moduledoc false
  # Views to replay. Their callbacks tell a process of the test that they ran, which a replay never makes
  # them do.

  defmodule Line do
    @moduledoc false
    use Ecto.Schema
    import Ecto.Changeset

    embedded_schema do
      field :title, :string
      field :amount, :integer
    end

    def changeset(line, params) do
      line
      |> cast(params, [:title, :amount])
      |> validate_required([:title])
      |> validate_number(:amount, greater_than: 0)
    end
  end

  defmodule Order do
    @moduledoc false
    use Ecto.Schema
    import Ecto.Changeset

    embedded_schema do
      field :name, :string
      field :password, :string
      embeds_many :lines, Line
    end

    def changeset(order, params) do
      order
      |> cast(params, [:name, :password])
      |> validate_required([:name])
      |> validate_length(:password, min: 8)
      |> cast_embed(:lines)
    end
  end

  defmodule Told do
    @moduledoc false
    def tell(what) do
      if pid = Process.whereis(:replayed_told), do: send(pid, {:ran, what})
      :ok
    end
  end

  defmodule FormLive do
    @moduledoc false
    use Phoenix.LiveView

    def mount(_params, _session, socket) do
      Told.tell(:mount)
      {:ok, socket}
    end

    def handle_event(_name, _params, socket) do
      Told.tell(:handle_event)
      {:noreply, socket}
    end

    def handle_info(_message, socket) do
      Told.tell(:handle_info)
      {:noreply, socket}
    end

    def render(assigns) do
      ~H"""
      <.form for={@form} id="order" phx-change="validate">
        <input name={@form[:name].name} value={@form[:name].value} />
        <p :for={{message, _} <- @form[:name].errors} class="error">{message}</p>
        <.inputs_for :let={line} field={@form[:lines]}>
          <input name={line[:title].name} value={line[:title].value} />
          <p :for={{message, _} <- line[:title].errors} class="error">title {message}</p>
        </.inputs_for>
      </.form>
      """
    end
  end

  defmodule RowsLive do
    @moduledoc false
    use Phoenix.LiveView, layout: {PhoenixReplay.DashboardHost.Layouts, :app}

    def mount(_params, _session, socket), do: {:ok, socket}

    def render(assigns) do
      ~H"""
      <h1>{@title}</h1>
      <table>
        <tr :for={row <- @rows} id={"row-#{row.id}"}>
          <td>{row.name}</td>
          <td :for={tag <- row.tags}><b :if={tag != "plain"}>{tag}</b></td>
        </tr>
      </table>
      """
    end
  end

  defmodule Counter do
    @moduledoc false
    use Phoenix.LiveComponent

    def mount(socket) do
      Told.tell(:component_mount)
      {:ok, socket}
    end

    def update(assigns, socket) do
      Told.tell(:component_update)
      {:ok, assign(socket, assigns)}
    end

    def render(assigns), do: ~H"<p>counted {@count}</p>"
  end

  defmodule ChildLive do
    @moduledoc false
    use Phoenix.LiveView

    def mount(_params, _session, socket) do
      Told.tell(:child_mount)
      {:ok, socket}
    end

    def render(assigns), do: ~H"<p>the child</p>"
  end

  defmodule ParentLive do
    @moduledoc false
    use Phoenix.LiveView

    def mount(_params, _session, socket) do
      Told.tell(:mount)
      {:ok, socket}
    end

    def render(assigns) do
      ~H"""
      <h1>{@title}</h1>
      <.live_component :for={n <- @counters} module={Counter} id={"counter-#{n}"} count={n} />
      {live_render(@socket, ChildLive, id: "the-child")}
      """
    end
  end

  defmodule StreamLive do
    @moduledoc false
    use Phoenix.LiveView

    def render(assigns) do
      ~H"""
      <ul id="songs" phx-update="stream">
        <li :for={{id, song} <- @streams.songs} id={id}>{song}</li>
      </ul>
      """
    end
  end

  defmodule FailingLive do
    @moduledoc false
    use Phoenix.LiveView

    def render(assigns) do
      ~H"""
      <p>{half(@number)}</p>
      """
    end

    defp half(number) when rem(number, 2) == 0, do: div(number, 2)
    defp half(:throw), do: throw(:up)
    defp half(:exit), do: exit(:gone)
    defp half(_number), do: raise(ArgumentError, "an odd number")
  end

  defmodule ScriptLive do
    @moduledoc false
    use Phoenix.LiveView

    def render(assigns) do
      ~H"""
      <p>Before</p>
      <script>
        alert("from the page")
      </script>
      """
    end
  end

  defmodule CallingLive do
    @moduledoc false
    use Phoenix.LiveView

    def render(assigns) do
      ~H"""
      <p :for={call <- @calls}>{if is_function(call, 1), do: call.("x"), else: inspect(call)}</p>
      """
    end

    def shout(text), do: String.upcase(text)
  end

  defmodule WithoutRender do
    @moduledoc false
    use Phoenix.LiveView

    def mount(_params, _session, socket),
      do: {:ok, render_with(socket, fn assigns -> ~H"<p>closed</p>" end)}
  end
end
