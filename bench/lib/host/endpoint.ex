defmodule PhoenixReplay.Bench.Endpoint do
  @moduledoc "What a recorder asks of the endpoint of the sockets that are measured."

  def config(:secret_key_base),
    do: "3oXnGqcM4u5dYpQzB0v1kT8wEJrL7hSfRaNi2VgCmUyHtDbKxPeWsAlOjZ6I9F+q"
end
