defmodule PhoenixReplay.Bench.EtsRecorder.Sanitizer do
  @moduledoc """
  The deep sanitizer of the plain recorder: a recursive walk over whole values. Frozen with it.

  Sensitive keys are dropped; forms, changesets and Ecto structs are compacted to what a template
  reads; other structs are walked and stay what they are; what does not outlive its process goes.
  """
  @internal [:__changed__, :flash, :uploads, :streams, :socket, :myself]
  @sensitive ~w(password password_confirmation current_password token csrf_token _csrf_token access_token
                refresh_token secret api_key private_key authorization cookie credential credentials
                card_number cvv cvc ssn otp pin)
  @calendar [Date, Time, DateTime, NaiveDateTime]

  @doc "The assigns of a view, or those of them that changed."
  def assigns(assigns), do: assigns |> Map.drop(@internal) |> value()

  @doc "Params of an event, or the browser's session."
  def params(params), do: value(params)

  defp value(%module{} = struct) when module in @calendar, do: struct
  defp value(%Phoenix.HTML.Form{} = form), do: form(form)
  defp value(%Ecto.Changeset{} = changeset), do: changeset(changeset)
  defp value(%Ecto.Association.NotLoaded{}), do: nil
  defp value(%{__struct__: module, __meta__: _} = schema), do: struct(module, schema, [:__meta__])
  defp value(%module{} = struct), do: struct(module, struct, [])
  defp value(%{} = map), do: pairs(map)

  defp value([{key, _} | _] = keyword) when is_atom(key),
    do: for({key, value} <- keyword, not sensitive?(key), do: {key, value(value)})

  defp value([_ | _] = list), do: items(list)

  defp value(tuple) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> items() |> List.to_tuple()

  defp value(gone)
       when is_function(gone) or is_pid(gone) or is_port(gone) or is_reference(gone),
       do: nil

  defp value(value), do: value

  # A list may be improper.
  defp items([item | rest]), do: [value(item) | items(rest)]
  defp items([]), do: []
  defp items(tail), do: value(tail)

  defp struct(module, struct, drop) do
    struct |> Map.drop([:__struct__ | drop]) |> pairs() |> Map.put(:__struct__, module)
  end

  defp pairs(map),
    do: for({key, value} <- map, not sensitive?(key), into: %{}, do: {key, value(value)})

  defp form(form) do
    %{
      form
      | source: source(form.source),
        params: value(form.params),
        data: value(form.data),
        hidden: value(form.hidden),
        options: value(form.options),
        errors: form.errors
    }
  end

  # A form has the data and the params of its changeset already.
  defp source(%Ecto.Changeset{} = changeset) do
    %{changeset(changeset) | data: changeset.data.__struct__, params: nil}
  end

  defp source(source), do: value(source)

  defp changeset(changeset) do
    %{
      __struct__: Ecto.Changeset,
      action: changeset.action,
      changes: value(changeset.changes),
      data: value(changeset.data),
      errors: changeset.errors,
      params: value(changeset.params),
      required: changeset.required,
      types: changeset.types,
      valid?: changeset.valid?,
      validations: changeset.validations
    }
  end

  # By name, whichever of the two a key is: whole names, as looking for parts and endings in each
  # made a row of ten fields take 17 µs instead of 1.4, and a slow baseline flatters.
  defp sensitive?(key) when is_binary(key), do: key in @sensitive
  defp sensitive?(key) when is_atom(key), do: Atom.to_string(key) in @sensitive
  defp sensitive?(_key), do: false
end
