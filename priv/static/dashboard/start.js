// Connects the page, once LiveView's client is there.

window.addEventListener("DOMContentLoaded", () => {
  const { liveSocket: path, longPoll } = root.dataset;
  const token = document.querySelector("meta[name='csrf-token']").content;
  const socket = new LiveView.LiveSocket(path, Phoenix.Socket, {
    ...(longPoll === "only" ? { transport: Phoenix.LongPoll } : longPoll && { longPollFallbackMs: 2500 }),
    hooks: { Player, Theme, Dialog, Tree, Copy, CopyText, Download },
    params: { _csrf_token: token }
  });
  socket.connect();
});
