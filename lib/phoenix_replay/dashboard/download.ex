defmodule PhoenixReplay.Dashboard.Download do
  @moduledoc false
  # A recording as a file. The request passes no `on_mount` hook, so a page that did gives the viewer a
  # token for it: for this recording, this browser session and a minute. Whether it may be downloaded is
  # asked by the page, with its socket, and whether it may be seen here once more.

  @behaviour Plug
  import Plug.Conn

  alias PhoenixReplay.Dashboard.Access
  alias PhoenixReplay.{Recording, Store}

  @salt "phoenix_replay download"
  @max_age_s 60

  @doc "A token for a viewer, see `viewer/1`."
  @spec token(module, binary, String.t()) :: String.t()
  def token(endpoint, viewer, id), do: Phoenix.Token.sign(endpoint, @salt, {id, viewer})

  @doc "What tells one browser session from another, without telling what it is."
  @spec viewer(map) :: binary
  def viewer(%{"_csrf_token" => token}) when is_binary(token), do: :crypto.hash(:sha256, token)
  def viewer(_none), do: ""

  @impl true
  def init(opts), do: opts

  @impl true
  def call(%Plug.Conn{params: %{"id" => id} = params} = conn, _opts) do
    with true <- Recording.id?(id),
         {:ok, ^id} <- verified(conn, params["token"], id),
         {:ok, data} <- Store.export(id) do
      {:ok, data} |> Access.told(conn, :download, id: id) |> send_file_of(conn, id)
    else
      _refused_or_gone ->
        Access.told(:error, conn, :download, id: id)
        conn |> send_resp(404, "There is no such recording") |> halt()
    end
  end

  defp verified(conn, token, id) do
    endpoint = conn.private.phoenix_endpoint
    session = conn |> fetch_session() |> get_session()
    viewer = viewer(session)

    case Phoenix.Token.verify(endpoint, @salt, token || "", max_age: @max_age_s) do
      {:ok, {^id, ^viewer}} -> {:ok, id}
      _other -> :error
    end
  end

  defp send_file_of({:ok, data}, conn, id) do
    conn
    |> put_resp_header("content-type", "application/octet-stream")
    |> put_resp_header("content-disposition", ~s(attachment; filename="#{id}#{extension(data)}"))
    |> put_resp_header("cache-control", "no-store")
    |> put_resp_header("x-content-type-options", "nosniff")
    |> send_resp(200, data)
    |> halt()
  end

  # As the File storage names them; version 0.1 of the package wrote some without compression.
  defp extension(<<31, 139, _rest::binary>> = gzip), do: extension(beginning(gzip)) <> ".gz"
  defp extension(<<"{", _rest::binary>>), do: ".json"
  defp extension(_terms), do: ".etf"

  defp beginning(gzip) do
    stream = :zlib.open()

    try do
      :zlib.inflateInit(stream, 31)

      {_more, inflated} =
        :zlib.safeInflate(stream, binary_part(gzip, 0, min(byte_size(gzip), 512)))

      IO.iodata_to_binary(inflated)
    after
      :zlib.close(stream)
    end
  end
end
