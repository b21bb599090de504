defmodule PhoenixReplay.Demo.CheckoutLive do
  @moduledoc false
  use Phoenix.LiveView

  import PhoenixReplay.Demo.Components

  alias PhoenixReplay.Demo.{Layouts, Order}

  @impl true
  def mount(_params, _session, socket) do
    {:ok,
     socket
     |> assign(page_title: "Checkout", placed: nil)
     |> assign_order(Order.changeset(Order.new()))}
  end

  @impl true
  def handle_event("validate", %{"order" => params}, socket) do
    {:noreply, assign_order(socket, Order.changeset(Order.new(), params), action: :validate)}
  end

  def handle_event("place", %{"order" => params}, socket) do
    case place(params) do
      {:ok, order} -> {:noreply, assign(socket, placed: %{order | password: nil})}
      {:error, changeset} -> {:noreply, assign_order(socket, changeset)}
    end
  end

  def handle_event("again", _params, socket) do
    {:noreply, socket |> assign(placed: nil) |> assign_order(Order.changeset(Order.new()))}
  end

  # Measured, as a shop would measure it: the recording has the event too.
  defp place(params) do
    :telemetry.span([:demo, :order], %{}, fn ->
      changeset = Order.changeset(Order.new(), params)
      result = Ecto.Changeset.apply_action(changeset, :insert)
      {result, %{placed: elem(result, 0) == :ok}}
    end)
  end

  defp assign_order(socket, changeset, options \\ []) do
    assign(socket,
      form: to_form(changeset, [as: "order"] ++ options),
      total: changeset |> Ecto.Changeset.apply_changes() |> Order.total()
    )
  end

  @impl true
  def render(assigns) do
    ~H"""
    <Layouts.app current={:checkout}>
      <section :if={@placed} class="card" id="placed">
        <h1>Thank you, {@placed.name}</h1>
        <p>Your order of {price(@total)} is on its way to {@placed.address.city}.</p>
        <ul>
          <li :for={item <- @placed.items}>{item.quantity} × {item.product}</li>
        </ul>
        <button type="button" phx-click="again">Order something else</button>
      </section>

      <.form :if={!@placed} for={@form} id="checkout" phx-change="validate" phx-submit="place">
        <h1>Checkout</h1>
        <div class="columns">
          <fieldset class="card">
            <legend>Your account</legend>
            <.input field={@form[:name]} label="Name" autocomplete="off" />
            <.input field={@form[:email]} type="email" label="E-mail" autocomplete="off" />
            <.input field={@form[:password]} type="password" label="Password" autocomplete="off" />
          </fieldset>

          <fieldset class="card">
            <legend>Delivery</legend>
            <.inputs_for :let={address} field={@form[:address]}>
              <.input field={address[:street]} label="Street" autocomplete="off" />
              <div class="pair">
                <.input field={address[:city]} label="Town" autocomplete="off" />
                <.input field={address[:postcode]} label="Postcode" autocomplete="off" />
              </div>
            </.inputs_for>
            <.input
              field={@form[:delivery]}
              type="select"
              label="Speed"
              options={[{"Standard, £3.95", "standard"}, {"Express, £7.95", "express"}]}
            />
          </fieldset>
        </div>

        <fieldset class="card">
          <legend>Items</legend>
          <.inputs_for :let={item} field={@form[:items]}>
            <div class="item">
              <input type="hidden" name="order[items_order][]" value={item.index} />
              <.input
                field={item[:product]}
                type="select"
                label="Product"
                options={Order.Item.products()}
              />
              <.input field={item[:quantity]} type="number" label="Quantity" inputmode="numeric" />
              <label class="remove">
                <input type="checkbox" name="order[items_gone][]" value={item.index} /> Remove
              </label>
            </div>
          </.inputs_for>
          <label class="more">
            <input type="checkbox" name="order[items_order][]" /> Add an item
          </label>
          <input type="hidden" name="order[items_gone][]" />
        </fieldset>

        <fieldset class="card">
          <legend>Anything else</legend>
          <.input field={@form[:gift]} type="checkbox" label="It is a gift" />
          <.input field={@form[:notes]} type="textarea" label="Notes for the courier" rows="3" />
        </fieldset>

        <footer class="total">
          <span>Total <strong id="total">{price(@total)}</strong></span>
          <button type="submit">Place the order</button>
        </footer>
      </.form>
    </Layouts.app>
    """
  end
end
