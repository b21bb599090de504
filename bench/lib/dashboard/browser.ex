defmodule PhoenixReplay.Bench.Dashboard.Browser do
  @moduledoc """
  A browser as the server sees it: asks for a page, connects, joins its LiveView and hears what it sends.

  It is the process of a web socket without the socket: everything from the endpoint's plugs to the text
  that would be sent is the real thing, and what is sent is counted to the byte.
  """
  alias Phoenix.LiveView.Socket
  alias Phoenix.Socket.V2.JSONSerializer
  alias PhoenixReplay.Bench.Dashboard.Host.Endpoint

  @enforce_keys [:state, :topic, :pid, :joined]
  defstruct [:state, :topic, :pid, :joined, refs: 1]

  @type t :: %__MODULE__{}
  @type told :: %{event: String.t(), payload: map, bytes: pos_integer}

  @answer_ms 60_000

  @doc "Opens a page and joins it. `joined` is the answer."
  @spec open(String.t()) :: t
  def open(path), do: path |> html() |> join(path)

  @doc "Asks for a page: its HTML and the session that came with it."
  @spec html(String.t()) :: {String.t(), map}
  def html(path) do
    conn = :get |> Plug.Test.conn(path) |> Endpoint.call([])
    %{status: 200, resp_body: html} = conn
    {html, Plug.Conn.get_session(conn)}
  end

  @doc "Joins a page that was asked for, with these connect parameters."
  @spec join({String.t(), map}, String.t(), map) :: t
  def join({html, session}, path, params \\ %{}) do
    topic = "lv:" <> attribute(html, "id", ~r/<div id="(phx-[^"]+)"/)

    payload = %{
      url: "http://localhost" <> path,
      params:
        Map.merge(params, %{
          "_mounts" => 0,
          "_mount_attempts" => 0,
          "_csrf_token" => session["_csrf_token"]
        }),
      session: attribute(html, "session", ~r/data-phx-session="([^"]+)"/),
      static: attribute(html, "static", ~r/data-phx-static="([^"]+)"/)
    }

    before = channels()

    {:reply, :ok, {:text, text}, state} =
      handle(connect(session), "1", topic, "phx_join", payload)

    [pid] = channels() -- before
    %__MODULE__{state: state, topic: topic, pid: pid, joined: told(text)}
  end

  defp attribute(html, name, pattern) do
    case Regex.run(pattern, html) do
      [_all, value] -> value
      nil -> raise "no #{name} in #{String.slice(html, 0, 500)}"
    end
  end

  defp connect(session) do
    {:ok, state} =
      Socket.connect(%{
        endpoint: Endpoint,
        transport: :websocket,
        options: [serializer: [{JSONSerializer, "~> 2.0.0"}]],
        params: %{"vsn" => "2.0.0"},
        connect_info: %{session: session}
      })

    {:ok, state} = Socket.init(state)
    state
  end

  # The transport monitors its channels, and this process is one.
  defp channels do
    {:monitors, monitors} = Process.info(self(), :monitors)
    for {:process, pid} <- monitors, is_pid(pid), do: pid
  end

  @doc "Sends an event of the page, as a hook pushes it."
  @spec push(t, String.t(), map) :: t
  def push(%__MODULE__{} = browser, name, value) do
    ref = browser.refs + 1
    payload = %{type: "hook", event: name, value: value}
    {:ok, state} = handle(browser.state, "#{ref}", browser.topic, "event", payload)
    %{browser | state: state, refs: ref}
  end

  defp handle(state, ref, topic, event, payload) do
    text = Phoenix.json_library().encode!(["1", ref, topic, event, payload])
    Socket.handle_in({text, opcode: :text}, state)
  end

  @doc "Waits for the next message of the page that `meant?` is true of; others are let go by."
  @spec hear(t, (told -> boolean)) :: told
  def hear(%__MODULE__{topic: topic} = browser, meant?) do
    receive do
      {:socket_push, :text, text} ->
        told = told(text)
        if told.topic == topic and meant?.(told), do: told, else: hear(browser, meant?)
    after
      @answer_ms -> raise "#{topic} said nothing"
    end
  end

  @doc "The answer to what was pushed last."
  @spec answer(t) :: told
  def answer(%__MODULE__{refs: ref} = browser),
    do: hear(browser, &(&1.event == "phx_reply" and &1.ref == "#{ref}"))

  @doc "Waits for a message of each of two pages, whichever is first."
  @spec both({t, (told -> boolean)}, {t, (told -> boolean)}) :: {told, told}
  def both({one, one?}, {other, other?}), do: both(one, one?, other, other?, nil, nil)

  defp both(_one, _one?, _other, _other?, first, second) when first != nil and second != nil,
    do: {first, second}

  defp both(one, one?, other, other?, first, second) do
    receive do
      {:socket_push, :text, text} ->
        told = told(text)

        cond do
          told.topic == one.topic and first == nil and one?.(told) ->
            both(one, one?, other, other?, told, second)

          told.topic == other.topic and second == nil and other?.(told) ->
            both(one, one?, other, other?, first, told)

          true ->
            both(one, one?, other, other?, first, second)
        end
    after
      @answer_ms -> raise "nothing was said"
    end
  end

  @doc "Leaves the page, and waits until its LiveView is gone."
  @spec close(t) :: :ok
  def close(%__MODULE__{pid: pid} = browser) do
    monitor = Process.monitor(pid)
    handle(browser.state, "0", browser.topic, "phx_leave", %{})
    receive(do: ({:DOWN, ^monitor, :process, ^pid, _reason} -> :ok))
  end

  defp told(text) do
    text = IO.iodata_to_binary(text)
    [_join, ref, topic, event, payload] = Phoenix.json_library().decode!(text)
    %{ref: ref, topic: topic, event: event, payload: payload, bytes: byte_size(text), text: text}
  end
end
