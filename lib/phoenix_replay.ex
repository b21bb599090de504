defmodule PhoenixReplay do
  @moduledoc """
  Records Phoenix LiveView sessions and replays them by rendering the original view again.

    * `PhoenixReplay.Recorder` records a view
    * `PhoenixReplay.Router` mounts the dashboard that lists and replays recordings
    * `PhoenixReplay.Store` gives recordings to a program
    * `PhoenixReplay.Config`, `PhoenixReplay.Sanitizer`, `PhoenixReplay.Storage` - what can be set
    * `PhoenixReplay.Telemetry` - what it tells
  """

  alias PhoenixReplay.Recorder.{Metadata, Session}

  @doc """
  Puts facts about the running session into its recording's summary, to find it by: who it was, which
  tenant, which experiment.

      def mount(_params, %{"user_id" => id}, socket) do
        {:ok, PhoenixReplay.put_metadata(socket, %{user_id: id, plan: :gold})}
      end

  Takes the socket of a view or of a component in it, and returns it. `facts` is a map (or keyword list)
  with atoms or strings for keys, which become strings; a value is a string, a number, a boolean or
  `nil`, and any other atom becomes a string. A later fact replaces an earlier one of its name. They are
  sanitized as params are: `%{api_token: "x"}` leaves nothing. Where the socket is not recorded, as in
  the first, disconnected render, nothing happens.

  A session takes 32 facts, of names of up to 128 and texts of up to 512 bytes. What does not fit is left
  out; that is a `failed` of stage `:metadata`, as everything is that goes wrong here (see
  `PhoenixReplay.Telemetry`). Never raises.

  One fact is there by itself: `"visit"`, the same for all LiveViews of one session of a browser, and
  nothing of that session can be told from it. It is made of the session's CSRF token, so a view that is
  given no session has none. A LiveView that is nested in another has three more: `"nested_in"`, the id of
  its parent's recording, `"nested_id"`, the DOM id of its element, and where it is sticky `"sticky_in"`, a
  code for the page's connection; the recording it is nested in is then that of the page that had it first.

  To have facts of every session there is the `metadata` option of `PhoenixReplay.Recorder`.

  ## Examples

      iex> socket = %Phoenix.LiveView.Socket{}
      iex> PhoenixReplay.put_metadata(socket, %{user_id: 7}) == socket
      true
  """
  @spec put_metadata(socket, map | keyword) :: socket when socket: Phoenix.LiveView.Socket.t()
  def put_metadata(socket, facts) do
    case recorded(socket) do
      nil -> socket
      session -> put_metadata(socket, session, facts)
    end
  end

  defp put_metadata(socket, session, facts) do
    Metadata.put(session, facts)
    socket
  catch
    kind, reason -> Session.fault(socket, session, :metadata, kind, reason)
  end

  defp recorded(%{private: %{phoenix_replay: session}}), do: session
  # A component has a socket of its own, and the process of its view.
  defp recorded(%{assigns: %{myself: _}}), do: Session.of_process()
  defp recorded(_not_recorded), do: nil

  @doc """
  What is held in memory at this moment.

    * `:sessions` - sessions that are running, or ended and not saved yet
    * `:events` - their events
    * `:bytes` - what these take, in bytes: as they are, or compressed once there are some

  ## Examples

      iex> PhoenixReplay.info() |> Map.keys() |> Enum.sort()
      [:bytes, :events, :sessions]
  """
  @spec info() :: %{
          sessions: non_neg_integer,
          events: non_neg_integer,
          bytes: non_neg_integer
        }
  def info, do: PhoenixReplay.Native.info()
end
