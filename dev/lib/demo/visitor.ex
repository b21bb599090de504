defmodule PhoenixReplay.Demo.Visitor do
  @moduledoc """
  What visitors of the demo do, driven through `Phoenix.LiveViewTest`: real LiveView processes that
  get the events a browser would send.

  Each visit takes the milliseconds between two keystrokes and answers with the pages its client
  held, one for each view it went through.
  """
  import Phoenix.ConnTest, only: [build_conn: 0, get: 2]
  import Phoenix.LiveViewTest

  alias PhoenixReplay.Demo.Page

  @endpoint PhoenixReplay.Demo.Endpoint

  # The README's form session: these fields, these keystrokes, nothing else.
  @typed [
    {["name"], "Marguerite Delacroix"},
    {["email"], "marguerite.delacroix@example.org"},
    {["password"], "correct horse battery"},
    {["address", "street"], "14 Observatory Gardens"},
    {["address", "city"], "Edinburgh"},
    {["address", "postcode"], "EH9 3HJ"},
    {["notes"],
     "Please leave the box with the porter, the bell does not work after six in the evening. Thank you!"}
  ]

  @doc "The visits there are, by name."
  def visits, do: [:form, :order, :tasks, :counter, :notes]

  @doc "The passwords typed in the visits, which no recording may hold."
  def secrets, do: ["correct horse battery", "long enough for a shop"]

  @doc "Makes a visit; `pace` is the milliseconds between two keystrokes."
  @spec visit(atom, non_neg_integer) :: [Page.t()]
  def visit(name, pace), do: for(page <- play(name, pace), do: %{page | visit: name})

  # Types a whole checkout, letter by letter, and goes away without sending it.
  defp play(:form, pace) do
    {:ok, live, _html} = live(build_conn(), "/checkout")
    type_order(live, @typed, pace)
    keystrokes = for {_path, text} <- @typed, reduce: 0, do: (sum -> sum + String.length(text))
    [Page.take(live, "/checkout", fields: length(@typed), keystrokes: keystrokes)]
  end

  # Makes mistakes, adds a second item, corrects them and sends the order.
  defp play(:order, pace) do
    {:ok, live, _html} = live(build_conn(), "/checkout?from=newsletter")

    type_order(
      live,
      [{["name"], "Jo Ferrer"}, {["email"], "jo.ferrer"}, {["password"], "short"}],
      pace
    )

    live |> form("#checkout") |> render_submit()
    pause(pace * 6)

    add_item(live)
    pause(pace * 4)

    for {path, text} <- [
          {["email"], "jo.ferrer@example.org"},
          {["password"], "long enough for a shop"},
          {["address", "street"], "3 Quay Street"},
          {["address", "city"], "Bristol"},
          {["address", "postcode"], "BS1 4TR"},
          {["delivery"], "express"},
          {["items", "1", "product"], "Moss, tray"},
          {["items", "1", "quantity"], "3"}
        ] do
      change(live, path, text)
      pause(pace * 4)
    end

    live |> form("#checkout") |> render_submit()
    [Page.take(live, "/checkout?from=newsletter")]
  end

  # Searches a list of several hundred rows, edits one, ticks others off.
  defp play(:tasks, pace) do
    {:ok, live, _html} = live(build_conn(), "/tasks")

    each_prefix("glasshouse 2", pace, fn text ->
      live |> form("#search", q: text) |> render_change()
    end)

    live |> element(".states a", "Open") |> render_click()
    pause(pace * 5)
    live |> element("#task-392 button", "Edit") |> render_click()

    each_prefix("Repot the orchids, all of them", pace, fn text ->
      live |> form("#edit", task: %{title: text}) |> render_change()
    end)

    live |> form("#edit", task: %{owner: "Esme Wood"}) |> render_submit()
    live |> element(".states a", "All") |> render_click()

    for id <- [374, 379, 384] do
      pause(pace * 4)
      live |> element("#task-#{id} input[type=checkbox]") |> render_click()
    end

    each_prefix("fern", pace, fn text ->
      live |> form("#search", q: text) |> render_change()
    end)

    [Page.take(live, "/tasks")]
  end

  # Counts, lets it run, and goes on to the tasks without leaving the page.
  defp play(:counter, pace) do
    {:ok, live, _html} = live(build_conn(), "/counter")

    for button <- ~w(add add take add) do
      live |> element("##{button}") |> render_click()
      pause(pace * 3)
    end

    live |> form("#step", step: 5) |> render_change()
    live |> element("#run") |> render_click()
    pause(1_600)
    live |> element("#run") |> render_click()
    counter = Page.take(live, "/counter")

    {:ok, tasks, _html} = live_redirect(live, to: "/tasks?state=done")
    each_prefix("moss", pace, fn text -> tasks |> form("#search", q: text) |> render_change() end)
    [counter, Page.take(tasks, "/tasks?state=done")]
  end

  # Pins up a note among those that are there, reads some, takes one down.
  defp play(:notes, pace) do
    {:ok, live, _html} = live(build_conn(), "/notes")
    render_async(live)
    live |> element("#notes-2 button", "Read") |> render_click()
    live |> find_live_child("thermometer") |> element("button") |> render_click()
    pause(pace * 4)

    each_prefix("The kettle works again.", pace, fn text ->
      live |> form("#note", note: %{text: text}) |> render_change()
    end)

    live |> form("#note") |> render_submit()
    pause(pace * 6)
    live |> element("#notes-4 button", "Read") |> render_click()
    pause(pace * 4)

    # The last: the client of LiveViewTest patches no component of a stream that a row was deleted from.
    live |> element("#notes-1 button", "Take down") |> render_click()
    [Page.take(live, "/notes")]
  end

  defp type_order(live, typed, pace) do
    for {path, text} <- typed, do: each_prefix(text, pace, &change(live, path, &1))
  end

  # What the browser sends on a change: the whole form, the field that changed, and a marker for
  # each field the person has not been in yet, which is what `used_input?/1` goes by.
  defp change(live, path, text) do
    touched = MapSet.put(Process.get(:touched, MapSet.new()), path)
    Process.put(:touched, touched)

    unused =
      for {other, _text} <- @typed, other not in touched, reduce: %{} do
        params -> put_at(params, List.update_at(other, -1, &("_unused_" <> &1)), "")
      end

    live
    |> form("#checkout", order: put_at(%{}, path, text))
    |> render_change(%{"order" => unused, "_target" => ["order" | path]})
  end

  # A tick of "Add an item": the next free place in the order of items.
  defp add_item(live) do
    live
    |> form("#checkout")
    |> render_change(%{
      "order" => %{"items_order" => ["0", "new"]},
      "_target" => ["order", "items_order"]
    })
  end

  defp put_at(params, path, value),
    do: put_in(params, Enum.map(path, &Access.key(&1, %{})), value)

  defp each_prefix(text, pace, send_change) do
    for length <- 1..String.length(text) do
      pause(pace)
      text |> String.slice(0, length) |> send_change.()
    end
  end

  defp pause(ms), do: Process.sleep(ms)
end
