// The dashboard's own script: the player's clock, scrubber and list of events, and a few small things.
(() => {
  const root = document.documentElement;

  // Before the page is drawn, so that it is drawn once.
  const theme = { get: () => safely(() => localStorage.getItem("phoenix-replay:theme")) };
  const safely = (read) => { try { return read(); } catch { return null; } };
  if (theme.get()) root.dataset.theme = theme.get();

  const Theme = {
    mounted() {
      this.el.addEventListener("click", () => {
        const dark = root.dataset.theme
          ? root.dataset.theme === "dark"
          : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = dark ? "light" : "dark";
        safely(() => localStorage.setItem("phoenix-replay:theme", root.dataset.theme));
      });
    }
  };

  // A question: there while the server asks it, gone when it is answered.
  const Dialog = {
    mounted() {
      this.el.showModal();
      const cancel = (event) => {
        event.preventDefault();
        this.pushEvent(this.el.dataset.cancel, {});
      };
      this.el.addEventListener("cancel", cancel);
      this.el.querySelector("[data-close]").addEventListener("click", cancel);
    }
  };

  // The lines of a tree, walked with the arrow keys; what is open is the server's to know.
  const Tree = {
    mounted() {
      this.el.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
        const line = event.target.closest("[role=treeitem]");
        const lines = [...this.el.children];
        const move = (to) => lines[to]?.focus();
        const at = lines.indexOf(line);
        const open = line?.getAttribute("aria-expanded");
        const level = (one) => Number(one.getAttribute("aria-level"));
        const toggle = () => this.pushEventTo(this.el, "toggle", { id: line.dataset.id });
        const keys = {
          ArrowUp: () => move(at - 1),
          ArrowDown: () => move(at + 1),
          Home: () => move(0),
          End: () => move(lines.length - 1),
          ArrowRight: () => (open === "false" ? toggle() : open === "true" && move(at + 1)),
          ArrowLeft: () => (open === "true" ? toggle() : move(lines.slice(0, at).findLastIndex((one) => level(one) < level(line)))),
          Enter: () => line.click(),
          " ": () => line.click()
        };
        if (!line || !keys[event.key]) return;
        keys[event.key]();
        event.preventDefault();
      });
      this.handleEvent("reveal", ({ id }) => {
        const line = document.getElementById(id);
        line?.scrollIntoView({ block: "center" });
        line?.focus();
      });
    }
  };

  // Says on a button for a moment what came of pressing it.
  const said = new WeakMap();
  const say = (button, what, named) => {
    button.textContent = what;
    clearTimeout(said.get(button));
    said.set(button, setTimeout(() => { button.textContent = named; }, 1500));
  };

  // Puts what the server answers on the clipboard.
  const Copy = {
    mounted() {
      const named = this.el.textContent;
      this.el.addEventListener("click", () => {
        this.pushEventTo(this.el, "copy", { form: this.el.dataset.form }, async ({ text, error }) => {
          say(this.el, error || ((await copied(text)) ? "Copied" : "Not allowed"), named);
        });
      });
    }
  };

  const CopyText = {
    mounted() {
      const named = this.el.textContent;
      this.el.addEventListener("click", async () => {
        say(this.el, (await copied(this.el.dataset.text)) ? "Copied" : "Not allowed", named);
      });
    }
  };

  // Asks for a link that is good for a minute, and follows it.
  const Download = {
    mounted() {
      this.el.addEventListener("click", () => {
        this.pushEvent("download", {}, ({ url }) => {
          const link = document.createElement("a");
          link.href = url;
          link.download = "";
          document.body.append(link);
          link.click();
          link.remove();
        });
      });
    }
  };

  const copied = (text) =>
    navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => false) : selected(text);

  // Without a secure context there is no clipboard, and the old way still works.
  const selected = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  // Sends the newest of many values, one at a time: what was overtaken while the server was busy is never sent.
  class Newest {
    constructor(send) { this.send = send; this.busy = false; this.waiting = null; }

    push(value) {
      if (this.busy) { this.waiting = value; return; }
      this.busy = true;
      this.send(value, () => this.done());
    }

    done() {
      const next = this.waiting;
      this.busy = false;
      this.waiting = null;
      if (next !== null) this.push(next);
    }

    // A lost connection answers nothing.
    reset() { this.busy = false; this.waiting = null; }
  }

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // Of whole milliseconds, as a link has them: one moment reads the same before and after it is shared.
  const clock = (time) => {
    const ms = Math.round(time);
    const pad = (number) => String(number).padStart(2, "0");
    const seconds = Math.floor(ms / 1000);
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const front = hours > 0 ? `${hours}:${pad(minutes)}` : `${minutes}`;
    return `${front}:${pad(seconds % 60)}.${pad(Math.floor((ms % 1000) / 10))}`;
  };

  const SPEEDS = [0.5, 1, 2, 4, 8, 16];
  // A rest that is skipped is shown this long at both of its ends.
  const REST_EDGE = 300;
  const ROW = 28;
  const WINDOW = 80;

  const Player = {
    mounted() {
      this.times = [0];
      this.index = Number(this.el.dataset.index);
      this.now = Number(this.el.dataset.at);
      this.names = [["render", ""]];
      this.named = [];
      this.errors = [];
      this.rests = [];
      this.speed = 1;
      this.playing = false;
      this.seeks = new Newest((index, done) => this.pushEvent("seek", { index }, done));
      this.windows = new Newest((from, done) => this.pushEvent("window", { from }, done));

      this.handleEvent("timeline", (timeline) => this.load(timeline));
      this.handleEvent("jump", ({ index }) => this.halt(index));
      this.el.addEventListener("click", (event) => this.click(event));
      this.el.addEventListener("pointerdown", (event) => this.press(event));
      this.el.addEventListener("pointermove", (event) => { this.drag(event); this.hover(event); });
      this.el.addEventListener("pointerout", () => this.hover());
      this.el.addEventListener("change", ({ target }) => {
        if (target.id === "rests") { this.rest = Number(target.value); this.shade(); target.blur(); }
      });
      this.rest = 0;
      document.getElementById("link").addEventListener("click", (event) => this.link(event.currentTarget));
      this.el.addEventListener("pointerup", () => { this.dragging = null; });
      this.el.addEventListener("pointercancel", () => { this.dragging = null; });
      this.onKey = (event) => this.key(event);
      this.onMessage = (event) => this.message(event);
      window.addEventListener("keydown", this.onKey);
      window.addEventListener("message", this.onMessage);
      this.draw();
      this.place();
    },

    // What the server drew has lost what this script put on it.
    updated() {
      this.draw();
      this.place();
    },

    reconnected() {
      this.seeks.reset();
      this.windows.reset();
    },

    destroyed() {
      this.pause();
      window.removeEventListener("keydown", this.onKey);
      window.removeEventListener("message", this.onMessage);
    },

    // Offsets come each as the distance from the one before.
    load({ offsets, names, named, errors }) {
      let at = 0;
      // Who was at the end of a running session stays there as it grows, from the beginning on unless a
      // link led elsewhere.
      const follows = this.following() && (this.named.length > 1 || !location.search.includes("at="));
      this.times = offsets.map((distance) => (at += distance));
      Object.assign(this, { names, named, errors });
      if (follows && !this.playing) { this.now = this.times.at(-1); this.index = this.times.length - 1; }
      if (this.index >= this.times.length) this.index = Math.max(this.times.length - 1, 0);
      // After a reconnection the server starts at the first event; the viewer stays where they were.
      if (this.index !== Number(this.el.dataset.index)) this.seeks.push(this.index);
      this.shade();
      this.draw();
      this.place();
    },

    // At the end of a session that still runs.
    following() { return this.el.dataset.live === "true" && this.index === this.times.length - 1; },

    duration() { return Number(this.el.dataset.duration); },

    // The last event at or before a time.
    at(time) {
      let low = 0;
      let high = this.times.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.times[middle] <= time) low = middle; else high = middle - 1;
      }
      return low;
    },

    // To a time, and to the event that shows then.
    goTo(time) {
      this.now = clamp(time, 0, this.duration());
      this.show(this.at(this.now));
    },

    // To an event, and to its time. Events of one millisecond are told apart by index alone.
    step(index) {
      const target = clamp(index, 0, this.times.length - 1);
      this.now = this.times[target];
      this.show(target);
    },

    show(index) {
      if (index !== this.index) {
        this.index = index;
        this.seeks.push(index);
        if (!this.filtered()) this.reveal(index);
      }
      this.draw();
    },

    toggle() { this.playing ? this.pause() : this.play(); },

    play() {
      if (this.now >= this.duration()) this.step(0);
      this.playing = true;
      let before = performance.now();
      const tick = (stamp) => {
        const time = this.now + Math.max(stamp - before, 0) * this.speed;
        before = stamp;
        if (time >= this.duration()) this.pause();
        this.goTo(this.awake(time));
        if (this.playing) this.ticking = requestAnimationFrame(tick);
      };
      this.ticking = requestAnimationFrame(tick);
      this.draw();
    },

    // Stretches without an event that are longer than a rest may be, shaded on the scrubber.
    shade() {
      const svg = this.el.querySelector(".rests");
      const times = [...this.times, this.duration()];
      this.rests = [];
      for (let n = 1; this.rest > 0 && n < times.length; n++) {
        if (times[n] - times[n - 1] > this.rest) this.rests.push([times[n - 1], times[n]]);
      }
      svg.replaceChildren(...this.rests.map(([from, to]) => {
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        const part = (time) => `${(time / this.duration()) * 100}%`;
        const places = { x: part(from), width: part(to - from), height: "100%" };
        for (const [name, value] of Object.entries(places)) rect.setAttribute(name, value);
        return rect;
      }));
    },

    // The time to play on from: past the rest that a time is in.
    awake(time) {
      const rest = this.rests.find(([from, to]) => time > from + REST_EDGE && time < to - REST_EDGE);
      return rest ? rest[1] - REST_EDGE : time;
    },

    // The next event, or the one before, for which something holds; where there is none, nothing moves.
    seek(by, holds) {
      for (let n = this.index + by; n >= 0 && n < this.times.length; n += by) {
        if (holds(n)) { this.halt(n); return true; }
      }
      return false;
    },

    kind(n) { return this.names[this.named[n]]?.[0]; },
    error(by) { return this.seek(by, (n) => this.errors.includes(n)); },
    page(by) { return this.seek(by, (n) => this.kind(n) === "nav"); },

    find() {
      const open = () => [...this.el.querySelectorAll("[data-search]")].find((one) => one.offsetParent);
      const field = open();
      if (field) { field.focus(); field.select(); return; }
      document.getElementById("tab-events").click();
      this.finding = true;
    },

    async link(button) {
      const url = new URL(location.href);
      url.search = `?at=${Math.round(this.now)}`;
      history.replaceState(history.state, "", url);
      const done = await copied(url.href);
      button.querySelector(".wide").textContent = done ? "Copied" : "In the address bar";
      setTimeout(() => { button.querySelector(".wide").textContent = "Copy link"; }, 1500);
    },

    pause() {
      this.playing = false;
      cancelAnimationFrame(this.ticking);
      this.draw();
    },

    faster(by) {
      this.speed = SPEEDS[clamp(SPEEDS.indexOf(this.speed) + by, 0, SPEEDS.length - 1)];
      this.draw();
    },

    click({ target, detail }) {
      const button = target.closest("button");
      // Pressed with a pointer, a button does not keep the focus: space goes on to play and pause.
      if (button && detail > 0) button.blur();
      const row = target.closest("[data-index].ev");
      if (row) { this.pause(); this.step(Number(row.dataset.index)); return; }
      if (!button) return;
      if (button.id === "play") this.toggle();
      if (button.id === "previous") { this.pause(); this.step(this.index - 1); }
      if (button.id === "next") { this.pause(); this.step(this.index + 1); }
      // Past the last error, the button begins again.
      if (button.id === "next-error" && !this.error(1)) this.halt(this.errors[0]);
      if (button.id === "live") this.halt(this.times.length - 1);
      if (button.id === "keys-button") document.getElementById("keys").showModal();
      if (button.dataset.speed) { this.speed = Number(button.dataset.speed); this.draw(); }
    },

    press(event) {
      const track = event.target.closest("#track");
      if (!track || event.button !== 0) return;
      this.dragging = track;
      safely(() => track.setPointerCapture(event.pointerId));
      this.drag(event);
    },

    drag(event) {
      if (!this.dragging) return;
      const { left, width } = this.dragging.querySelector(".lane").getBoundingClientRect();
      this.goTo(clamp((event.clientX - left) / width, 0, 1) * this.duration());
    },

    // What is under the pointer, and when it was: the nearest event that is not a render.
    hover(event) {
      const tip = this.el.querySelector(".tip");
      const lane = event?.target.closest?.("#track")?.querySelector(".lane");
      tip.hidden = !lane && !this.dragging;
      if (!lane) return;
      const { left, width } = lane.getBoundingClientRect();
      const part = clamp((event.clientX - left) / width, 0, 1);
      const time = part * this.duration();
      const near = (3 / width) * this.duration();
      let n = this.at(time + near);
      while (n > 0 && this.kind(n) === "render" && this.times[n - 1] >= time - near) n -= 1;
      const named = this.times[n] >= time - near ? this.names[this.named[n]]?.[1] : "";
      const rest = this.rests.some(([from, to]) => time > from && time < to) ? "rest" : "";
      tip.textContent = [clock(time), named || rest].filter(Boolean).join(" · ");
      tip.style.left = `${clamp(part * width, tip.offsetWidth / 2, width - tip.offsetWidth / 2)}px`;
    },

    message(event) {
      const frame = document.getElementById("frame");
      if (!frame || event.source !== frame.contentWindow || event.origin !== location.origin) return;
      const { phoenixReplayKey: key, shift } = event.data || {};
      if (typeof key === "string") this.command(key, shift === true);
    },

    key(event) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      const { target } = event;
      if (event.key === "Escape" && target.closest?.("[data-search]")) { target.blur(); return; }
      if (target.closest?.("input, textarea, select, [contenteditable]")) return;
      if (event.key === " " && target.closest?.("button, a")) return;
      const by = target.closest?.("#events") && { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by && this.filtered()) { this.pushEvent("step", { by }); event.preventDefault(); return; }
      const listed = { "-1": "ArrowLeft", 1: "ArrowRight" }[by];
      if (this.command(listed || event.key, event.shiftKey)) event.preventDefault();
    },

    command(key, shift) {
      const skip = (by) => (shift ? this.goTo(this.now + by * 5000) : this.halt(this.index + by));
      const commands = {
        " ": () => this.toggle(),
        ArrowLeft: () => skip(-1),
        ArrowRight: () => skip(1),
        Home: () => this.halt(0),
        End: () => this.halt(this.times.length - 1),
        "[": () => this.faster(-1),
        "]": () => this.faster(1),
        e: () => this.error(1),
        E: () => this.error(-1),
        n: () => this.page(1),
        N: () => this.page(-1),
        "/": () => this.find(),
        "?": () => document.getElementById("keys").showModal()
      };
      commands[key]?.();
      return key in commands;
    },

    halt(index) {
      this.pause();
      this.step(index);
    },

    // The clock's face: everything under the frame.
    draw() {
      const track = this.el.querySelector("#track");
      if (!track) return;
      const part = this.duration() > 0 ? clamp(this.now / this.duration(), 0, 1) * 100 : 0;
      track.querySelector(".head").style.left = `${part}%`;
      track.querySelector(".done").style.width = `calc(${part}% + 6px)`;
      track.setAttribute("aria-valuenow", Math.round(this.now));
      track.setAttribute(
        "aria-valuetext",
        `${clock(this.now)}, event ${this.index + 1} of ${this.times.length}`
      );
      this.el.querySelector("#time").textContent = clock(this.now);

      const live = this.el.querySelector("#live");
      if (live) live.hidden = this.following() || this.el.dataset.live !== "true";

      const play = this.el.querySelector("#play");
      play.classList.toggle("playing", this.playing);
      for (const name of ["aria-label", "title"]) play.setAttribute(name, this.playing ? "Pause" : "Play");
      for (const button of this.el.querySelectorAll("[data-speed]")) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === this.speed));
      }
    },

    filtered() { return this.el.dataset.count !== this.el.dataset.size; },

    // The list is as high as all its rows; those that are here are put where they belong.
    place() {
      const list = this.el.querySelector("#events");
      if (!list) { this.list = null; return; }
      if (this.finding) { this.finding = false; this.el.querySelector("#events-find").focus(); }
      const { count, from, position } = this.el.dataset;
      list.firstElementChild.style.height = `${count * ROW}px`;
      list.querySelector("#events-rows").style.transform = `translateY(${from * ROW}px)`;
      if (list !== this.list) list.addEventListener("scroll", () => this.fetch(), { passive: true });
      // Another list, or in a filtered one another row.
      if (list !== this.list || count !== this.count) this.reveal(Number(position), true);
      else if (this.filtered() && position !== this.position) this.reveal(Number(position));
      Object.assign(this, { list, count, position });
    },

    // Asks for other rows when those in sight come near the end of what is here.
    fetch() {
      const from = Number(this.el.dataset.from);
      const first = Math.floor(this.list.scrollTop / ROW);
      const last = Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW);
      const count = Number(this.el.dataset.count);
      const short = (first < from + 10 && from > 0) || (last > from + WINDOW - 10 && from + WINDOW < count);
      if (short) this.windows.push(Math.max(Math.round((first + last - WINDOW) / 2), 0));
    },

    // Keeps the row of the event shown in sight.
    reveal(position, anew) {
      const list = this.el.querySelector("#events");
      if (!list) return;
      const top = position * ROW;
      const low = list.scrollTop + ROW;
      const high = list.scrollTop + list.clientHeight - 2 * ROW;
      if (anew || top < low || top > high) list.scrollTop = top - list.clientHeight / 2;
    }
  };

  window.addEventListener("DOMContentLoaded", () => {
    const token = document.querySelector("meta[name='csrf-token']").content;
    const socket = new LiveView.LiveSocket(root.dataset.liveSocket, Phoenix.Socket, {
      hooks: { Player, Theme, Dialog, Tree, Copy, CopyText, Download },
      params: { _csrf_token: token }
    });
    socket.connect();
  });
})();
