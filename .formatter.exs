[
  import_deps: [:phoenix, :phoenix_live_view, :ecto, :stream_data],
  plugins: [Phoenix.LiveView.HTMLFormatter],
  inputs: ["{mix,.formatter}.exs", "{bench,config,dev,lib,test}/**/*.{ex,exs,heex}"],
  locals_without_parens: [phoenix_replay: 1, phoenix_replay: 2],
  export: [locals_without_parens: [phoenix_replay: 1, phoenix_replay: 2]]
]
