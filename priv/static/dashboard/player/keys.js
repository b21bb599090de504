// What the keys do, pressed here or, told by its script, in the frame. Those of a field are its own.

class Keys {
  constructor(clock, events, act) {
    Object.assign(this, { clock, events, act });
    this.onKey = (event) => this.press(event);
    this.onMessage = (event) => this.hear(event);
    window.addEventListener("keydown", this.onKey);
    window.addEventListener("message", this.onMessage);
  }

  remove() {
    window.removeEventListener("keydown", this.onKey);
    window.removeEventListener("message", this.onMessage);
  }

  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (event.key === "Escape" && target.closest?.("[data-search]")) { target.blur(); return; }
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === " " && target.closest?.("button, a")) return;
    const by = target.closest?.("#events") && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && this.events.filtered) { this.act.row(by); event.preventDefault(); return; }
    const listed = { "-1": "ArrowLeft", 1: "ArrowRight" }[by];
    if (this.command(listed || event.key, event.shiftKey)) event.preventDefault();
  }

  hear(event) {
    const frame = document.getElementById("frame");
    if (!frame || event.source !== frame.contentWindow || event.origin !== location.origin) return;
    const { phoenixReplayKey: key, shift } = event.data || {};
    if (typeof key === "string") this.command(key, shift === true);
  }

  command(key, shift) {
    const { clock } = this;
    const skip = (by) => (shift ? clock.goTo(clock.now + by * 5000) : clock.halt(clock.index + by));
    const commands = {
      " ": () => clock.toggle(),
      ArrowLeft: () => skip(-1),
      ArrowRight: () => skip(1),
      Home: () => clock.halt(0),
      End: () => clock.halt(clock.timeline.last),
      "[": () => clock.faster(-1),
      "]": () => clock.faster(1),
      e: () => clock.error(1),
      E: () => clock.error(-1),
      n: () => clock.page(1),
      N: () => clock.page(-1),
      "/": () => this.act.find(),
      "?": () => document.getElementById("keys").showModal()
    };
    commands[key]?.();
    return key in commands;
  }
}
