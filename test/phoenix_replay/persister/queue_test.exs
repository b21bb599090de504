defmodule PhoenixReplay.Persister.QueueTest do
  use ExUnit.Case, async: true
  alias PhoenixReplay.Persister.Queue

  defp timer, do: Process.send_after(self(), :due, 60_000)

  test "runs as many at a time as it may, in order" do
    queue = Queue.new(2) |> Queue.add(["a", "b", "c"])
    assert {{"a", 1}, queue} = Queue.next(queue, 1)
    queue = Queue.running(queue, make_ref(), "a", 1)
    assert {{"b", 1}, queue} = Queue.next(queue, 1)
    task = make_ref()
    queue = Queue.running(queue, task, "b", 1)
    assert {nil, queue} = Queue.next(queue, 1)
    assert {{"b", 1}, queue} = Queue.pop_running(queue, task)
    assert {{"c", 1}, _queue} = Queue.next(queue, 1)
  end

  test "those that wait for storage make room for others, not without bound" do
    ids = for n <- 1..20, do: "s#{n}"

    queue =
      Enum.reduce(1..16, Queue.add(Queue.new(2), ids), fn _n, queue ->
        assert {{id, 1}, queue} = Queue.next(queue, 16)
        queue |> Queue.running({:task, id}, id, 1) |> Queue.sealed(id)
      end)

    assert {nil, queue} = Queue.next(queue, 16)
    assert {{"s3", 1}, queue} = Queue.pop_running(queue, {:task, "s3"})
    assert {{"s17", 1}, queue} = Queue.next(queue, 16)
    queue = Queue.running(queue, {:task, "s17"}, "s17", 1)
    # One that is done is no longer among the sealed ones.
    assert {nil, _queue} = queue |> Queue.sealed("s3") |> Queue.next(16)
  end

  test "an id is in one place only" do
    queue = Queue.new(2) |> Queue.add(["a", "a"])
    assert {{"a", 1}, queue} = Queue.next(queue, 1)
    task = make_ref()
    queue = queue |> Queue.running(task, "a", 1) |> Queue.add(["a"])
    queue = Queue.hold(queue, "a", :ending, 1, fn -> flunk("no timer is due") end)
    assert {nil, queue} = Queue.next(queue, 1)
    assert {{"a", 1}, queue} = Queue.pop_running(queue, task)
    assert {nil, _queue} = Queue.next(queue, 1)
  end

  test "the reason of an exit ends the wait for it, its timer no more" do
    queue = Queue.new(2) |> Queue.hold("a", :ending, 1, &timer/0)
    assert {nil, queue} = Queue.next(queue, 1)
    queue = queue |> Queue.add(["a"]) |> Queue.due("a")
    assert {{"a", 1}, queue} = Queue.next(queue, 1)
    assert {nil, _queue} = Queue.next(Queue.running(queue, make_ref(), "a", 1), 1)
  end

  test "a failed one waits for its timer, not for other news" do
    queue = Queue.new(2) |> Queue.hold("a", :waiting, 2, &timer/0) |> Queue.add(["a"])
    assert {nil, queue} = Queue.next(queue, 1)
    assert {{"a", 2}, _queue} = queue |> Queue.due("a") |> Queue.next(1)
  end

  test "callers are told when nothing is on its way" do
    queue = Queue.new(2) |> Queue.add(["a"]) |> Queue.notify(:caller)
    assert {[], queue} = Queue.idle(queue)
    {{"a", 1}, queue} = Queue.next(queue, 1)
    task = make_ref()
    {_a, queue} = queue |> Queue.running(task, "a", 1) |> Queue.pop_running(task)
    assert {[:caller], queue} = Queue.idle(queue)
    assert {[], _queue} = Queue.idle(queue)
  end
end
