defmodule PhoenixReplay.Dashboard.Unguarded do
  @moduledoc false
  # Recordings hold what users saw. A dashboard of a host that was compiled for `:prod`, with nothing of
  # ours that could keep a visitor out, is worth a line in the log at boot: the pipeline in front of it may
  # guard it, and may not.
  #
  # Where a dashboard is mounted stands in an attribute of its router's compiled code, so that it is found
  # without a request, and without a router's name in the configuration.

  require Logger

  alias PhoenixReplay.Dashboard.Options
  alias PhoenixReplay.Store.Authorization

  @attribute :phoenix_replay

  @doc "What a router keeps of a dashboard in it, in its attribute `phoenix_replay`."
  @spec mark(Options.t()) :: {String.t(), guarded? :: boolean, env :: atom}
  def mark(%Options{} = options),
    do: {options.path, options.authorize != nil or options.on_mount != [], env()}

  # That of the host, for this runs as its router is compiled.
  defp env, do: if(Code.ensure_loaded?(Mix), do: Mix.env())

  @doc "Warns of the dashboards there are, once."
  @spec warn() :: :ok
  def warn, do: warn(routers())

  @doc "Warns of those in these routers."
  @spec warn([module]) :: :ok
  def warn(routers) do
    case open(routers) do
      [] -> :ok
      open -> Logger.warning(message(open))
    end
  end

  defp open(routers) do
    for router <- routers,
        {path, false, :prod} <- marks(router),
        not Authorization.any?(),
        do: {router, path}
  end

  defp message(open) do
    where = Enum.map_join(open, " and ", fn {router, path} -> "#{path} of #{inspect(router)}" end)

    "PhoenixReplay: the dashboard at #{where} has no `authorize` and no `on_mount`: whoever its pipeline " <>
      "lets through sees every recording. Give it one of the two, see PhoenixReplay.Router"
  end

  defp marks(router),
    do: for({@attribute, marks} <- router.module_info(:attributes), mark <- marks, do: mark)

  # A router is called one, by Phoenix's generators and by habit: to look into every module there is
  # would load them all.
  defp routers do
    for {app, _description, _version} <- Application.loaded_applications(),
        {:ok, modules} <- [:application.get_key(app, :modules)],
        module <- modules,
        String.ends_with?(Atom.to_string(module), "Router"),
        Code.ensure_loaded?(module),
        do: module
  end
end
