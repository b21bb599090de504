defmodule PhoenixReplay.Bench.Scenario do
  @moduledoc """
  What a host does between two renders.

    * `key` and `name`
    * `assigns` - makes those that `mount/3` would leave
    * `change` - of a socket and the number of the event: `{event name, params, changed socket}`
    * `pairs` - event pairs per session. A recorder that keeps whole values would fill the memory of
      the machine with longer sessions of the large ones.
  """
  import Phoenix.Component, only: [assign: 2, to_form: 2, update: 3]

  alias PhoenixReplay.Bench.{Account, Task}

  @enforce_keys [:key, :name, :assigns, :change, :pairs]
  defstruct [:key, :name, :assigns, :change, :pairs]

  @text "the quick brown fox jumps over the lazy dog"

  @type t :: %__MODULE__{
          key: atom,
          name: String.t(),
          assigns: (-> keyword),
          change: (Phoenix.LiveView.Socket.t(), pos_integer ->
                     {String.t(), map, Phoenix.LiveView.Socket.t()}),
          pairs: pos_integer
        }

  @spec all() :: [t]
  def all do
    [
      %__MODULE__{
        key: :counter,
        name: "counter",
        assigns: fn -> [count: 0, page_title: "Counter"] end,
        change: fn socket, n -> {"inc", %{"value" => ""}, assign(socket, count: n)} end,
        pairs: 2_000
      },
      form(),
      row_changed(100, 500),
      row_changed(1_000, 100),
      row_changed(10_000, 10),
      list(:rebuilt, "list of 1,000 rebuilt, one row differs", &rebuild/2),
      list(:replaced, "list of 1,000 replaced, all rows differ", &replace/2),
      list(:inserted, "row inserted in the middle of 1,000", &insert/2),
      list(:sorted, "list of 1,000 sorted the other way", &sort/2),
      %__MODULE__{
        key: :wide,
        name: "50 assigns, one changes",
        assigns: fn -> for n <- 1..50, do: {:"assign_#{n}", "value #{n}"} end,
        change: fn socket, n ->
          {"set", %{"value" => "#{n}"}, assign(socket, assign_25: "value #{n}")}
        end,
        pairs: 2_000
      }
    ]
  end

  @doc "The scenario of a key, an atom or its text. Raises `ArgumentError` when there is none."
  def fetch!(key) do
    Enum.find(all(), &("#{&1.key}" == "#{key}")) ||
      raise ArgumentError, "no scenario #{key}, known are #{Enum.map_join(all(), ", ", & &1.key)}"
  end

  defp form do
    %__MODULE__{
      key: :form,
      name: "form typing, changeset of 4 fields",
      assigns: fn ->
        [page_title: "Account", form: to_form(Account.changeset(%{}), as: "account")]
      end,
      change: &type/2,
      pairs: 2_000
    }
  end

  # Letter by letter into one field after the other.
  defp type(socket, n) do
    letters = byte_size(@text)

    typed = fn field ->
      binary_part(@text, 0, min(letters, max(0, rem(n, 3 * letters) - field * letters)))
    end

    params = %{"name" => typed.(0), "email" => typed.(1), "city" => typed.(2), "notes" => ""}
    target = Enum.at(["name", "email", "city"], div(rem(n, 3 * letters), letters))
    form = params |> Account.changeset() |> to_form(as: "account", action: :validate)

    {"validate", %{"_target" => ["account", target], "account" => params},
     assign(socket, form: form)}
  end

  defp row_changed(size, pairs) do
    %__MODULE__{
      key: :"row_#{size}",
      name: "one row of #{delimited(size)} changed",
      assigns: fn -> [page_title: "Tasks", filter: "all", tasks: Task.list(size)] end,
      change: fn socket, n ->
        id = rem(n * 7_919, size) + 1
        {"edit", %{"id" => "#{id}"}, update(socket, :tasks, &edit(&1, id, n))}
      end,
      pairs: pairs
    }
  end

  # As most hosts write it: a new list of the same rows, one of them changed.
  defp edit(tasks, id, n) do
    Enum.map(tasks, fn
      %{id: ^id} = task -> %{task | title: "Task #{id}, version #{n}"}
      task -> task
    end)
  end

  defp list(key, name, change) do
    %__MODULE__{
      key: key,
      name: name,
      assigns: fn -> [page_title: "Tasks", filter: "all", tasks: Task.list(1_000)] end,
      change: fn socket, n ->
        {"change", %{"n" => "#{n}"}, update(socket, :tasks, &change.(&1, n))}
      end,
      pairs: 100
    }
  end

  defp rebuild(_tasks, n) do
    changed = rem(n * 7_919, 1_000) + 1
    Enum.map(1..1_000, &Task.new(&1, if(&1 == changed, do: n, else: 0)))
  end

  defp replace(_tasks, n), do: Enum.map(1..1_000, &Task.new(n * 1_000 + &1, n))

  # One comes in, one goes, so that the list does not grow as long as it is measured.
  defp insert(tasks, n),
    do: tasks |> List.insert_at(500, Task.new(1_000 + n, n)) |> List.delete_at(-1)

  defp sort(tasks, _n), do: Enum.reverse(tasks)

  defp delimited(number) when number >= 1_000,
    do: "#{div(number, 1_000)},#{String.pad_leading("#{rem(number, 1_000)}", 3, "0")}"

  defp delimited(number), do: "#{number}"
end
