defmodule PhoenixReplay.Demo.Order do
  @moduledoc false
  # An order as the checkout form edits it: an account, an address and a list of items, all nested.
  use Ecto.Schema

  import Ecto.Changeset

  defmodule Address do
    @moduledoc false
    use Ecto.Schema

    @primary_key false
    embedded_schema do
      field :street, :string
      field :city, :string
      field :postcode, :string
    end

    def changeset(address, params) do
      address
      |> cast(params, [:street, :city, :postcode])
      |> validate_required([:street, :city, :postcode])
      |> validate_format(:postcode, ~r/^[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}$/i,
        message: "is not a British postcode"
      )
    end
  end

  defmodule Item do
    @moduledoc false
    use Ecto.Schema

    @prices %{"Fern, potted" => 1250, "Moss, tray" => 890, "Ivy, trailing" => 675}

    @primary_key false
    embedded_schema do
      field :product, :string, default: "Fern, potted"
      field :quantity, :integer, default: 1
    end

    def products, do: @prices |> Map.keys() |> Enum.sort()

    def price(product), do: Map.get(@prices, product, 0)

    def changeset(item, params) do
      item
      |> cast(params, [:product, :quantity])
      |> validate_required([:product, :quantity])
      |> validate_inclusion(:product, products())
      |> validate_number(:quantity, greater_than: 0, less_than: 100)
    end
  end

  @primary_key false
  embedded_schema do
    field :name, :string
    field :email, :string
    field :password, :string, redact: true
    field :delivery, :string, default: "standard"
    field :gift, :boolean, default: false
    field :notes, :string
    embeds_one :address, Address, on_replace: :update
    embeds_many :items, Item, on_replace: :delete
  end

  @doc "The order a visitor starts with."
  def new, do: %__MODULE__{address: %Address{}, items: [%Item{}]}

  def changeset(order, params \\ %{}) do
    order
    |> cast(params, [:name, :email, :password, :delivery, :gift, :notes])
    |> validate_required([:name, :email, :password])
    |> validate_length(:name, max: 80)
    |> validate_format(:email, ~r/^[^\s@]+@[^\s@]+\.[^\s@]+$/, message: "is not an address")
    |> validate_length(:password, min: 10)
    |> validate_length(:notes, max: 500)
    |> cast_embed(:address, required: true)
    |> cast_embed(:items, sort_param: :items_order, drop_param: :items_gone)
  end

  @doc "The sum of an order's items and delivery, in pence."
  def total(%__MODULE__{} = order) do
    items = for item <- order.items, reduce: 0, do: (sum -> sum + line(item))
    items + if(order.delivery == "express", do: 795, else: 395)
  end

  defp line(%Item{quantity: quantity} = item) when is_integer(quantity),
    do: Item.price(item.product) * max(quantity, 0)

  defp line(%Item{}), do: 0
end
