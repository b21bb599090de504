// Connects the page, once LiveView's client is there.

window.addEventListener("DOMContentLoaded", () => {
  const token = document.querySelector("meta[name='csrf-token']").content;
  const socket = new LiveView.LiveSocket(root.dataset.liveSocket, Phoenix.Socket, {
    hooks: { Player, Theme, Dialog, Tree, Copy, CopyText, Download },
    params: { _csrf_token: token }
  });
  socket.connect();
});
