defmodule PhoenixReplay.Demo.Components do
  @moduledoc false
  use Phoenix.Component

  alias Phoenix.HTML.Form

  attr :field, Phoenix.HTML.FormField, required: true
  attr :label, :string, required: true
  attr :type, :string, default: "text"
  attr :options, :list, default: []
  attr :rest, :global, include: ~w(autocomplete inputmode placeholder rows min max maxlength)

  @doc "A labelled input with the errors of a field the person has used."
  def input(assigns) do
    field = assigns.field
    errors = if used_input?(field), do: Enum.map(field.errors, &message/1), else: []

    assigns =
      assign(assigns,
        id: field.id,
        name: field.name,
        value: Form.normalize_value(assigns.type, field.value),
        errors: errors,
        described_by: if(errors != [], do: field.id <> "_errors"),
        validations: Form.input_validations(field.form, field.field)
      )

    ~H"""
    <div class={["field", @type == "checkbox" && "check"]}>
      <label for={@id}>{@label}</label>
      <%= case @type do %>
        <% "select" -> %>
          <select id={@id} name={@name} {@rest}>
            {Form.options_for_select(@options, @value)}
          </select>
        <% "textarea" -> %>
          <textarea id={@id} name={@name} phx-debounce="80" {@rest}>{@value}</textarea>
        <% "checkbox" -> %>
          <input type="hidden" name={@name} value="false" />
          <input type="checkbox" id={@id} name={@name} value="true" checked={@value} />
        <% _other -> %>
          <input
            type={@type}
            id={@id}
            name={@name}
            value={@value}
            aria-invalid={@errors != [] && "true"}
            aria-describedby={@described_by}
            {if @type == "password", do: [], else: @validations}
            {@rest}
          />
      <% end %>
      <p :if={@errors != []} class="errors" id={@described_by}>{Enum.join(@errors, ", ")}</p>
    </div>
    """
  end

  defp message({text, options}) do
    Enum.reduce(options, text, fn {key, value}, text ->
      String.replace(text, "%{#{key}}", fn _ -> to_string(value) end)
    end)
  end

  @doc "An amount in pence as pounds: `price(1250)` is `\"£12.50\"`."
  def price(pence) do
    pounds = div(pence, 100)
    "£#{pounds}.#{pence |> rem(100) |> Integer.to_string() |> String.pad_leading(2, "0")}"
  end
end
