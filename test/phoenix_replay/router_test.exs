defmodule PhoenixReplay.RouterTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Dashboard.Options

  defp checked(opts), do: Options.new!("/replay", opts, "/admin/replay")

  defp refused(opts) do
    assert_raise(ArgumentError, fn -> checked(opts) end) |> Exception.message()
  end

  test "no options are fine" do
    options = checked([])
    assert options.path == "/admin/replay"
    assert options.as == :phoenix_replay
    assert options.live_socket_path == "/live"
    assert options.authorize == nil
    assert options.frame_layout == nil
  end

  test "authorize is a capture, {module, function} or a module, kept as data" do
    assert checked(authorize: &String.valid?/1).authorize == {String, :valid?}
    assert checked(authorize: {String, :valid?}).authorize == {String, :valid?}
    assert checked(authorize: String).authorize == String
  end

  test "wrong options name the mount, the option and the way out" do
    assert refused(unknown: 1) =~ ~s(phoenix_replay "/replay": unknown options [:unknown])
    assert refused(live_socket_path: :live) =~ "live_socket_path"
    assert refused(as: "replay") =~ "as"
    assert refused(authorize: fn _recording -> true end) =~ "&MyApp.Replays.allowed?/1"
    assert refused(authorize: true) =~ "authorize/1"
    assert refused(frame_layout: MyLayouts) =~ "{MyAppWeb.Layouts, :root}"
    assert refused(csp_nonce_assign_key: "nonce") =~ "csp_nonce_assign_key"
    assert refused(csp_nonce_assign_key: %{script: "nonce"}) =~ "csp_nonce_assign_key"
  end

  test "one key serves scripts and styles, or each has its own" do
    assert checked(csp_nonce_assign_key: :nonce).csp_nonce_assign_key ==
             %{script: :nonce, style: :nonce}

    assert checked(csp_nonce_assign_key: %{script: :a}).csp_nonce_assign_key ==
             %{script: :a, style: nil}
  end

  test "a router with a wrong option does not compile" do
    code = """
    defmodule PhoenixReplay.RouterTest.Wrong do
      use Phoenix.Router
      import PhoenixReplay.Router
      phoenix_replay "/replay", autorize: String
    end
    """

    error = assert_raise ArgumentError, fn -> Code.eval_string(code) end
    assert Exception.message(error) =~ "unknown options [:autorize]"
  end

  test "a capture and on_mount hooks compile, mounted twice" do
    code = """
    defmodule PhoenixReplay.RouterTest.Right do
      use Phoenix.Router
      import PhoenixReplay.Router
      scope "/a/:tenant" do
        phoenix_replay "/replay", authorize: &String.valid?/1, on_mount: [{PhoenixReplay.DashboardHost.Admin, :deny}]
      end
      phoenix_replay "/", as: :second
    end
    """

    {{:module, router, _binary, _last}, _binding} = Code.eval_string(code)
    paths = for route <- router.__routes__(), do: route.path

    assert Enum.sort(paths) ==
             Enum.sort(
               ~w(/a/:tenant/replay /a/:tenant/replay/:id /a/:tenant/replay/:id/frame) ++
                 ~w(/a/:tenant/replay/:id/download /a/:tenant/replay/assets/:file) ++
                 ~w(/ /:id /:id/frame /:id/download /assets/:file)
             )
  end
end
