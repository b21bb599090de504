defmodule PhoenixReplay.Zoo.Secrets do
  @moduledoc """
  A thousand values under sensitive names, a hundred in each place where a page may have one.

  Each is a word of its own, none part of another, so that text is enough to look for them.
  """

  alias PhoenixReplay.Zoo.User

  @per_place 100
  @places ~w(assigns structs changesets forms streams component params url session messages)a
  # Whole names, words they end in, in snake and camel case; all of them sensitive everywhere.
  @names ~w(password user_password token access_token csrf_token secret clientSecret api_key privateKey
            authorization cookie credential)

  defmodule Card do
    @moduledoc false
    defstruct [:owner, :api_key, :secret]
  end

  defmodule Refused do
    @moduledoc false
    defexception [:message, :token]
  end

  @spec count() :: pos_integer
  def count, do: @per_place * length(@places)

  @doc "The values of a place."
  @spec values(atom) :: [String.t()]
  def values(place) do
    first = Enum.find_index(@places, &(&1 == place)) * @per_place
    for n <- first..(first + @per_place - 1), do: "planted#{String.pad_leading("#{n}", 4, "0")}."
  end

  @doc "The planted values that are in a text, each once."
  @spec found(iodata) :: MapSet.t(String.t())
  def found(text) do
    ~r/planted\d{4}\./
    |> Regex.scan(IO.iodata_to_binary(text))
    |> MapSet.new(&hd/1)
  end

  @doc "A map with the values of a place under sensitive names, nested now and then."
  @spec map(atom, (String.t() -> term)) :: map
  def map(place, key \\ & &1) do
    for {value, n} <- Enum.with_index(values(place)), into: %{} do
      name = Enum.at(@names, rem(n, length(@names)))

      if rem(n, 7) == 0,
        do: {"list #{n}", [%{name => value}]},
        else: {key.("#{n}_#{name}"), value}
    end
  end

  @doc "What a router adds to the session of a page: a cookie would hold few of them."
  @spec session(Plug.Conn.t()) :: map
  def session(_conn), do: map(:session)

  @doc "Assigns, each under a sensitive name or a struct, a form or an exception that has one."
  @spec assigns() :: map
  def assigns do
    Map.merge(Map.new(map(:assigns), fn {key, value} -> {String.to_atom(key), value} end), %{
      cards: cards(values(:structs)),
      users: :changesets |> values() |> Enum.chunk_every(2) |> Enum.map(&changeset/1),
      form: Phoenix.Component.to_form(map(:forms), as: :form)
    })
  end

  defp cards(values) do
    for [secret, key] <- Enum.chunk_every(values, 2),
        do: {:card, [%Card{secret: secret, api_key: key}]}
  end

  defp changeset([password, token]) do
    %User{password: token}
    |> User.changeset(%{"name" => "Ada", "password" => password})
    |> Phoenix.Component.to_form()
  end

  @doc "Items of a stream."
  @spec rows() :: [map]
  def rows do
    for {value, n} <- Enum.with_index(values(:streams)), do: %{id: n, text: "row", api_key: value}
  end

  @doc "A query with a sensitive name for each value."
  @spec query() :: String.t()
  def query do
    URI.encode_query(for {value, n} <- Enum.with_index(values(:url)), do: {"n#{n}_token", value})
  end

  @doc "Messages, ten values each."
  @spec messages() :: [{:tokens, [String.t()]}]
  def messages, do: for(ten <- Enum.chunk_every(values(:messages), 10), do: {:tokens, ten})
end

defmodule PhoenixReplay.Zoo.SecretsLive do
  @moduledoc false
  # A host that has every planted value, and shows none of them.
  use Phoenix.LiveView

  alias PhoenixReplay.Zoo.{Secrets, SecretsComponent}

  @impl true
  def mount(_params, session, socket) do
    {:ok, socket |> assign(Secrets.assigns()) |> assign(session_secrets: map_size(session))}
  end

  @impl true
  def handle_params(params, _url, socket), do: {:noreply, assign(socket, params: params)}

  @impl true
  def handle_event("stream", _params, socket),
    do: {:noreply, stream(socket, :rows, Secrets.rows())}

  def handle_event("told", params, socket),
    do: {:noreply, socket |> put_flash(:info, "told") |> push_event("told", params)}

  def handle_event("patch", _params, socket),
    do: {:noreply, push_patch(socket, to: "/secrets?" <> Secrets.query())}

  def handle_event("raise", %{"token" => value}, _socket),
    do: raise(Secrets.Refused, message: "no", token: value)

  @impl true
  def handle_info({:tokens, [first | _rest] = values}, socket) do
    errors = for value <- values, do: %Secrets.Refused{message: "no", token: value}
    {:noreply, assign(socket, errors: errors, last: [secret: first], message_cookie: first)}
  end

  @impl true
  def render(assigns) do
    ~H"""
    <p>{length(@cards)} {map_size(@params)}</p>
    <.live_component module={SecretsComponent} id="secrets" />
    <ul :if={assigns[:streams]} id="rows" phx-update="stream">
      <li :for={{dom_id, row} <- @streams.rows} id={dom_id}>{row.text}</li>
    </ul>
    """
  end
end

defmodule PhoenixReplay.Zoo.SecretsComponent do
  @moduledoc false
  use Phoenix.LiveComponent

  alias PhoenixReplay.Zoo.Secrets

  @impl true
  def mount(socket) do
    [kept | later] = Secrets.values(:component)
    {:ok, assign(socket, api_key: kept, count: 0, vault: %{secret: later})}
  end

  @impl true
  def handle_event("turn", _params, socket) do
    vault = %{secret: Enum.reverse(socket.assigns.vault.secret)}
    {:noreply, socket |> update(:count, &(&1 + 1)) |> assign(vault: vault)}
  end

  @impl true
  def render(assigns) do
    ~H|<button id="turn" phx-click="turn" phx-target={@myself}>{@count}</button>|
  end
end

defmodule PhoenixReplay.Zoo.Secrets.Open do
  @moduledoc false
  # Hides nothing, to see that what looks for planted values finds them.
  @behaviour PhoenixReplay.Sanitizer

  @impl true
  def sanitize_assigns(assigns), do: assigns

  @impl true
  def sanitize_delta(changed, assigns), do: Map.take(assigns, Map.keys(changed))
end
