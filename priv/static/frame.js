// Holds a replayed page still. It is drawn by LiveView like any page, so LiveView's own listeners wait for
// what its user does; these are registered first, on the window, in the capture phase, and let nothing by.
(() => {
  const { liveSocket: path, longPoll, csrfToken } = document.currentScript.dataset;

  // A preview of a file that was chosen: there is no file here, and older LiveViews do not ask.
  const url = URL.createObjectURL;
  URL.createObjectURL = (file) => (file ? url.call(URL, file) : "");

  // Kept from the page and from the browser.
  const acts = [
    "click", "dblclick", "auxclick", "submit", "reset", "change", "input", "beforeinput", "keypress",
    "paste", "cut", "drop", "dragover", "dragenter", "dragstart", "toggle", "invalid"
  ];
  // Kept from the page; the browser may still scroll, select and show its menu.
  const moves = [
    "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend", "contextmenu",
    "mouseover", "mouseout", "mouseenter", "mouseleave", "focus", "blur", "focusout", "copy"
  ];
  const usable = "a, button, input, select, textarea, label, summary, [contenteditable], [tabindex], video, audio";
  const keys = [" ", "ArrowLeft", "ArrowRight", "Home", "End", "[", "]", "?", "e", "E", "n", "N", "/"];
  const scrolls = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Tab", "Shift"];

  const stop = (event) => event.stopImmediatePropagation();
  const refuse = (event) => { stop(event); event.preventDefault(); };
  const listen = (name, listener) =>
    window.addEventListener(name, listener, { capture: true, passive: false });

  acts.forEach((name) => listen(name, refuse));
  moves.forEach((name) => listen(name, stop));
  listen("mousedown", (event) => event.target.closest?.(usable) && event.preventDefault());

  // Nothing in the page takes the focus, so the player's keys keep working, from here as well.
  listen("focusin", (event) => { stop(event); event.target.blur?.(); });
  listen("keyup", stop);
  listen("keydown", (event) => {
    stop(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!scrolls.includes(event.key)) event.preventDefault();
    if (keys.includes(event.key)) {
      parent.postMessage({ phoenixReplayKey: event.key, shift: event.shiftKey }, location.origin);
    }
  });

  // The player's page, around this one, has the token by which its process is found. One that reconnects is
  // another process.
  window.addEventListener("DOMContentLoaded", () => {
    if (parent === window) { connect(); return; }
    let player;
    window.addEventListener("message", ({ source, origin, data }) => {
      if (source !== parent || origin !== location.origin || !data?.phoenixReplayPlayer) return;
      if (!player) connect(player = data.phoenixReplayPlayer);
      else if (player !== data.phoenixReplayPlayer) location.reload();
    });
    parent.postMessage({ phoenixReplayFrame: true }, location.origin);
  });

  const connect = (player) => {
    // The page's hooks are the host's scripts, of which only those run that its frame_layout asks for. They
    // may give some of the hooks; each of the others is there and does nothing.
    const hooks = new Proxy(window.phoenixReplayHooks ?? {}, { get: (known, name) => known[name] ?? {} });
    const socket = new LiveView.LiveSocket(path, Phoenix.Socket, {
      ...(longPoll === "only" ? { transport: Phoenix.LongPoll } : longPoll && { longPollFallbackMs: 2500 }),
      hooks,
      params: { _csrf_token: csrfToken, player }
    });
    // Commands in the page (phx-mounted and its like) lead nowhere.
    socket.historyRedirect = socket.historyPatch = socket.pushHistoryPatch = () => {};
    socket.connect();
  };
})();
