// The shop's whole client: connect the LiveViews.
const token = document.querySelector("meta[name=csrf-token]").content;
const liveSocket = new LiveView.LiveSocket(document.currentScript.dataset.socket, Phoenix.Socket, {
  hooks: window.phoenixReplayHooks,
  params: {_csrf_token: token}
});
liveSocket.connect();
