defmodule PhoenixReplay.Sanitizer.FilterParametersTest do
  use ExUnit.Case, async: false
  alias PhoenixReplay.Sanitizer.FilterParameters

  setup do
    before = Application.get_env(:phoenix, :filter_parameters)

    on_exit(fn ->
      Application.put_env(:phoenix, :filter_parameters, before)
      FilterParameters.init()
    end)
  end

  test "Phoenix's own default is not the host's" do
    Application.put_env(:phoenix, :filter_parameters, ["password", "token"])
    assert FilterParameters.get() == {[], nil}
  end

  test "what the host configured is known though Phoenix replaced it by a pattern" do
    config = [phoenix: [filter_parameters: ["nickname"]]]
    Application.put_all_env(config, persistent: true)

    Application.put_env(
      :phoenix,
      :filter_parameters,
      Phoenix.Logger.compile_filter(["nickname"])
    )

    FilterParameters.init()
    assert FilterParameters.get() == {["nickname"], nil}
  after
    Application.delete_env(:phoenix, :filter_parameters, persistent: true)
  end

  test "every form Phoenix takes" do
    for {configured, parsed} <- [
          {["a", "b"], {["a", "b"], nil}},
          {"a", {["a"], nil}},
          {{:discard, ["a"]}, {["a"], nil}},
          {{:keep, ["id"]}, {[], ["id"]}},
          {[], {[], nil}}
        ] do
      Application.put_env(:phoenix, :filter_parameters, configured)
      assert FilterParameters.get() == parsed
    end
  end
end
