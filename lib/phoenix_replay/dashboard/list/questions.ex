defmodule PhoenixReplay.Dashboard.List.Questions do
  @moduledoc false
  # What is asked before something is deleted, and what the list says where it is empty.

  use Phoenix.Component

  import PhoenixReplay.Dashboard.Components

  alias Phoenix.LiveView.JS
  alias PhoenixReplay.Dashboard.Format

  attr :asked, :any, required: true, doc: "nil, :all or the summary of a recording"
  attr :total, :integer, required: true, doc: "nil where it is not known"
  attr :filtered, :boolean, required: true

  def question(%{asked: nil} = assigns), do: ~H""

  def question(%{asked: :all} = assigns) do
    ~H"""
    <.confirm
      id="confirm-clear"
      title={if @filtered, do: "Delete all that match?", else: "Clear all recordings?"}
      action={if @filtered, do: "Delete all that match", else: "Clear all"}
      on_confirm={JS.push("clear")}
      on_cancel="cancel"
    >
      {which(@filtered, @total)}, kept ones included, is deleted for good. Sessions that still run go on.
    </.confirm>
    """
  end

  def question(assigns) do
    ~H"""
    <.confirm
      id="confirm-delete"
      title="Delete this recording?"
      action="Delete"
      on_confirm={JS.push("delete", value: %{id: @asked.id})}
      on_cancel="cancel"
    >
      <.view_name view={@asked.view} /> of {Format.at(@asked.connected_at)} is deleted for good.
    </.confirm>
    """
  end

  defp which(true, nil), do: "Every recording that meets the filter"
  defp which(true, total), do: "Every recording that meets the filter (#{Format.count(total)})"
  defp which(false, nil), do: "Every saved recording you can see"
  defp which(false, total), do: "Every saved recording you can see (#{Format.count(total)})"

  attr :filtered, :boolean, required: true
  attr :more, :boolean, required: true, doc: "whether there is an older page"
  attr :path, :string, required: true, doc: "of the list without any filter"

  def empty(%{more: true} = assigns) do
    ~H"""
    <.state title="None so far">
      <p>There are older recordings to look through.</p>
    </.state>
    """
  end

  def empty(%{filtered: true} = assigns) do
    ~H"""
    <.state title="No recording matches">
      <p>A running session is found here too, once its user has done something.</p>
      <p><.link patch={@path} class="btn">Clear filters</.link></p>
    </.state>
    """
  end

  def empty(assigns) do
    ~H"""
    <.state title="No recordings yet">
      <p>
        Record a live session by naming the recorder in your router, then use one of its pages: each visit
        with at least one event is saved here when it ends.
      </p>
      <pre><code>live_session :default, on_mount: [PhoenixReplay.Recorder] do
      <span class="faint">  live "/", MyAppWeb.HomeLive</span>
    end</code></pre>
      <p>Or one view alone, in its <code>mount/3</code>:</p>
      <pre><code>&lbrace;:ok, PhoenixReplay.Recorder.attach(socket, params, session)&rbrace;</code></pre>
    </.state>
    """
  end
end
