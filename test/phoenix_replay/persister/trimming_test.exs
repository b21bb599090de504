defmodule PhoenixReplay.Persister.TrimmingTest do
  use ExUnit.Case, async: true

  alias PhoenixReplay.Native
  alias PhoenixReplay.Persister.Trimming

  test "memory that is free goes back to the system, once enough has gone" do
    assert {:noreply, 7} = Trimming.handle_cast({:freed, 7}, 0)
    megabytes = 8 * 1024 * 1024
    assert {:noreply, ^megabytes} = Trimming.handle_cast({:freed, megabytes - 7}, 7)
    # One timer for all that goes until it comes.
    assert {:noreply, _more} = Trimming.handle_cast({:freed, megabytes}, megabytes)
    assert_receive :trim, 10_000
    refute_received :trim
    assert {:noreply, 0} = Trimming.handle_info(:trim, megabytes)
  end

  test "giving it back is done where there is nothing to give, too" do
    for _time <- 1..2, do: assert(is_boolean(Native.memory_trim()))
  end
end
