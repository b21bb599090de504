defmodule PhoenixReplay.SanitizerTest do
  use PhoenixReplay.Case
  alias PhoenixReplay.Sanitizer
  doctest PhoenixReplay.Sanitizer

  defmodule Dropping do
    @moduledoc false
    # The form most users' own sanitizers have.
    @behaviour PhoenixReplay.Sanitizer
    @impl true
    def sanitize_assigns(assigns), do: Map.drop(assigns, [:name, "name", "x"])
    @impl true
    def sanitize_delta(changed, assigns),
      do: assigns |> Map.take(Map.keys(changed)) |> Map.drop([:seen_by_hook])
  end

  defmodule Composed do
    @moduledoc false
    @behaviour PhoenixReplay.Sanitizer
    alias PhoenixReplay.Sanitizer

    @impl true
    def sanitize_assigns(assigns),
      do: assigns |> Map.delete(:typed) |> Sanitizer.sanitize_assigns()

    @impl true
    def sanitize_delta(changed, assigns),
      do: changed |> Map.delete(:typed) |> Sanitizer.sanitize_delta(assigns)

    @impl true
    def sanitize_params(params), do: Sanitizer.sanitize_params(params)
  end

  describe "the default" do
    test "strips what is sensitive from assigns, params, session and URLs" do
      {:ok, view, _html} =
        build_conn()
        |> Plug.Test.init_test_session(%{"user" => "Ada", "auth_token" => "s3cret"})
        |> live("/form?access_token=s3cret&q=1#password=s3cret")

      render_hook(view, "validate", %{
        "user" => %{
          "name" => "Ada",
          "password" => "s3cret password",
          "pin" => "s3cret",
          "nested" => [%{"apiKey" => "s3cret", "token_count" => 3}]
        }
      })

      id = recording_id(view)
      recording = close(view)
      refute inspect(recording, limit: :infinity, structs: false) =~ "s3cret"
      assert recording.session["user"] == "Ada"
      assert recording.params == %{"q" => "1"}
      assert recording.url =~ "access_token=[FILTERED]&q=1"

      assert [%{params: %{"user" => params}}] = payloads(recording, :event)
      assert params == %{"name" => "Ada", "nested" => [%{"token_count" => 3}]}

      # Not in the file either.
      data = inflated(id)
      refute data =~ "s3cret"
      assert data =~ "Ada"
    end

    test "keeps forms as they are rendered" do
      {:ok, view, _html} = live(build_conn(), "/form")

      render_hook(view, "validate", %{
        "user" => %{
          "name" => "",
          "password" => "s3cret",
          "addresses" => %{"0" => %{"id" => "a1", "street" => ""}}
        }
      })

      %{form: form} = Recording.accumulated_assigns(close(view), 99)

      assert %Phoenix.HTML.Form{source: %Ecto.Changeset{}} = form
      assert {"can't be blank", [validation: :required]} = form[:name].errors |> hd()
      assert [{"should be at least" <> _, _}] = form[:password].errors

      assert [{"can't be blank", _}] =
               form.impl.to_form(form.source, form, :addresses, [])
               |> hd()
               |> then(& &1[:street].errors)

      assert Phoenix.HTML.Form.input_validations(form, :name) == [required: true]
      assert Phoenix.Component.used_input?(form[:name])
    end

    test "knows the names of filter_keys and of Phoenix's own filter" do
      configure(filter_keys: ["iban", :bic])
      Application.put_env(:phoenix, :filter_parameters, ["nickn"])
      on_exit(fn -> Application.put_env(:phoenix, :filter_parameters, ["password", "token"]) end)

      params = %{"iban" => 1, "user_bic" => 2, "nickname" => 3, "Nickname" => 4, "a" => 5}

      assert Map.delete(params, "a") |> Map.keys() |> Enum.filter(&hidden?(params, &1)) ==
               ["iban", "nickname", "user_bic"]

      Application.put_env(:phoenix, :filter_parameters, {:keep, ["a"]})
      assert hidden?(params, "Nickname")
      refute hidden?(params, "a")
      assert Sanitizer.sanitize_assigns(%{nickname: "x"}) == %{nickname: "x"}
    end

    test "a session keeps the sanitizer it started with" do
      {:ok, view, _html} = live(build_conn(), "/counter")
      configure(filter_keys: ["count"], sanitizer: Dropping)
      render_click(view, "inc", %{"x" => 1})
      assert [%{params: %{"x" => 1}}] = payloads(active(view), :event)
      assert %{delta: %{count: 1}} = active(view) |> payloads(:assigns) |> List.last()
    end
  end

  describe "a host's own" do
    test "decides what is recorded" do
      configure(sanitizer: Dropping)
      {:ok, view, _html} = live(build_conn(), "/counter?name=n&other=o&token=s3cret")
      render_click(view, "inc", %{"x" => 1, "y" => 2})
      recording = active(view)

      assert [%{assigns: assigns}] = payloads(recording, :mount)
      assert %{count: 0, user: "nobody"} = assigns
      refute is_map_key(assigns, :name)
      refute is_map_key(assigns, :flash)
      assert recording.params == %{"other" => "o", "token" => "s3cret"}
      # URLs go through the default, whoever sanitizes the rest.
      assert recording.url =~ "token=[FILTERED]"
      assert [%{params: %{"y" => 2}}] = payloads(recording, :event)
      assert %{delta: %{count: 1}} = recording |> payloads(:assigns) |> List.last()
    end

    test "can go on to the default" do
      configure(sanitizer: Composed)
      {:ok, view, _html} = live(build_conn(), "/form")
      render_change(view, "validate", %{"user" => %{"name" => "Ada", "password" => "s3cret"}})
      recording = active(view)
      assert [%{params: %{"user" => %{"name" => "Ada"} = params}}] = payloads(recording, :event)
      refute is_map_key(params, "password")

      assert %{form: %Phoenix.HTML.Form{}} =
               assigns = Recording.accumulated_assigns(recording, 99)

      refute is_map_key(assigns, :typed)
      refute inspect(recording, limit: :infinity, structs: false) =~ "s3cret"
    end
  end

  defp hidden?(map, key) do
    case Sanitizer.sanitize_params(map) do
      %{^key => value} -> value != map[key]
      _without -> true
    end
  end

  defp inflated(id) do
    {:ok, data} =
      PhoenixReplay.Storage.File.fetch(id, PhoenixReplay.Config.get(:storage_opts))

    :zlib.gunzip(data)
  end
end
