defmodule PhoenixReplay.Zoo.Router do
  @moduledoc false
  use Phoenix.Router
  import Phoenix.LiveView.Router

  alias PhoenixReplay.Zoo

  pipeline :browser do
    plug :accepts, ["html"]
    plug :fetch_session
    plug :fetch_live_flash
    plug :protect_from_forgery
  end

  scope "/" do
    pipe_through :browser

    live_session :recorded, on_mount: [PhoenixReplay.Recorder, Zoo.HostHooks] do
      live "/counter", Zoo.CounterLive
      live "/form", Zoo.FormLive
      live "/pages", Zoo.PagesLive
      live "/pages/:page", Zoo.PagesLive
      live "/temporary", Zoo.TemporaryLive
      live "/hostile", Zoo.HostileLive
      live "/member", Zoo.MemberLive
      live "/parent", Zoo.ParentLive
      live "/render-with", Zoo.RenderWithLive
      live "/host", Zoo.HostLive
      live "/refused", Zoo.RefusedLive
      live "/missing", Zoo.MissingLive
      live "/away", Zoo.AwayLive
      live "/talking", Zoo.TalkingLive
    end

    live_session :secrets,
      on_mount: [PhoenixReplay.Recorder],
      session: {Zoo.Secrets, :session, []} do
      live "/secrets", Zoo.SecretsLive
    end

    live_session :halting, on_mount: [Zoo.Halting, PhoenixReplay.Recorder] do
      live "/halting", Zoo.CounterLive
    end

    # Without hooks of the host, so that there are events that change nothing.
    live_session :lived, on_mount: [PhoenixReplay.Recorder] do
      live "/lived/typing", Zoo.Lived.TypingLive
      live "/lived/pages/:page", Zoo.Lived.PagesLive, :page
      live "/lived/temporary", Zoo.Lived.TemporaryLive
      live "/lived/stream", Zoo.Lived.StreamLive
      live "/lived/parts", Zoo.Lived.PartsLive
      live "/lived/async", Zoo.Lived.AsyncLive
      live "/lived/upload", Zoo.Lived.UploadLive
      live "/lived/nested", Zoo.Lived.NestedLive
    end

    live_session :lived_in_a_layout,
      on_mount: [PhoenixReplay.Recorder],
      layout: {Zoo.Lived.Templates, :app} do
      live "/lived/template", Zoo.Lived.TemplateLive
    end

    live_session :limited, on_mount: [{PhoenixReplay.Recorder, max_events: 4}] do
      live "/limited", Zoo.CounterLive
    end

    live_session :dropping, on_mount: [{PhoenixReplay.Recorder, sanitizer: Zoo.Dropping}] do
      live "/dropping", Zoo.CounterLive
    end

    live_session :mistyped, on_mount: [{PhoenixReplay.Recorder, max_evnets: 4}] do
      live "/mistyped", Zoo.CounterLive
    end

    live_session :ill_typed, on_mount: [{PhoenixReplay.Recorder, sample_rate: 1.5}] do
      live "/ill-typed", Zoo.CounterLive
    end

    live_session :never, on_mount: [{PhoenixReplay.Recorder, sample_rate: 0.0}] do
      live "/sampled/never", Zoo.CounterLive
    end

    live_session :keeping, on_mount: [{PhoenixReplay.Recorder, keep: [rate: 1.0]}] do
      live "/keeping", Zoo.TalkingLive
    end

    live_session :sampled,
      on_mount: [{PhoenixReplay.Recorder, sample_rate: {Zoo.Sampling, :asked}}] do
      live "/sampled", Zoo.CounterLive
    end

    live_session :captured,
      on_mount: [{PhoenixReplay.Recorder, sample_rate: &Zoo.Sampling.asked/3}] do
      live "/sampled/captured", Zoo.CounterLive
    end

    live_session :described,
      on_mount: [{PhoenixReplay.Recorder, metadata: {Zoo.Describing, :metadata}}] do
      live "/described", Zoo.CounterLive
    end

    live_session :described_by_capture,
      on_mount: [{PhoenixReplay.Recorder, metadata: &Zoo.Describing.metadata/2}] do
      live "/described/capture", Zoo.CounterLive
    end

    live_session :described_by_module,
      on_mount: [{PhoenixReplay.Recorder, metadata: Zoo.Describing}] do
      live "/described/module", Zoo.CounterLive
    end

    live_session :small, on_mount: [{PhoenixReplay.Recorder, max_session_bytes: 600}] do
      live "/small", Zoo.CounterLive
    end

    live_session :life, on_mount: [PhoenixReplay.Recorder, PhoenixReplay.Reference.Hooks] do
      live "/life", PhoenixReplay.Life.View
    end

    # The same views without a recorder, to compare with.
    live_session :plain, on_mount: [Zoo.HostHooks] do
      live "/plain/counter", Zoo.CounterLive
      live "/plain/form", Zoo.FormLive
      live "/plain/pages", Zoo.PagesLive
      live "/plain/pages/:page", Zoo.PagesLive
      live "/plain/temporary", Zoo.TemporaryLive
      live "/plain/hostile", Zoo.HostileLive
      live "/plain/parent", Zoo.ParentLive
      live "/plain/render-with", Zoo.RenderWithLive
      live "/plain/host", Zoo.HostLive
    end

    live "/attached", Zoo.AttachedLive
    get "/controller", Zoo.PageController, :show
  end
end

defmodule PhoenixReplay.Zoo.PageController do
  @moduledoc false
  use Phoenix.Controller, formats: [:html]

  def show(conn, _params) do
    Phoenix.LiveView.Controller.live_render(conn, PhoenixReplay.Zoo.AttachedLive,
      session: %{"from" => "controller", "api_token" => "s3cret"}
    )
  end
end
