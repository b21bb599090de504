import Config

# The package's own configuration is for its tests, its benchmarks and the demo: a host configures
# :phoenix_replay in its own config files and sees nothing of these.
config :phoenix, :json_library, Jason

import_config "#{config_env()}.exs"
