// The player: its clock, and what on the page shows it and moves it. Which event shows is told to the
// server, one message at a time: the next once the frame is painted, and then what is beside it goes along.

// A frame that is not painted after so many milliseconds is not waited for.
const LATEST = 500;

// A message that is posted before a paint comes after it.
const afterPaint = (then) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = then;
  port2.postMessage(null);
});

const Player = {
  mounted() {
    // The page in the frame connects with the token, and asks for it where it was told before it was there.
    this.onAsked = ({ source, origin, data }) => {
      if (source === this.frame() && origin === location.origin && data?.phoenixReplayFrame) this.tell();
    };
    window.addEventListener("message", this.onAsked);
    this.updated();
  },

  frame() { return document.getElementById("frame")?.contentWindow; },

  tell() {
    const { token } = this.el.dataset;
    if (token) this.frame()?.postMessage({ phoenixReplayPlayer: token }, location.origin);
    this.told = token;
  },

  // Once the recording is open.
  begin() {
    const { el } = this;
    const push = (name, payload, done) => this.pushEvent(name, payload, done);
    this.seeks = new Newest((index, done) => {
      this.painting = done;
      push("seek", { index, at: Math.floor(this.clock.now) });
      this.late = setTimeout(() => this.painted(), LATEST);
    });
    this.follows = new Newest((_, done) => push("follow", {}, done));
    this.timeline = new Timeline();
    this.events = new EventList(el, push);
    this.clock = new Clock({
      timeline: this.timeline,
      index: Number(el.dataset.index),
      now: Number(el.dataset.at),
      duration: () => Number(el.dataset.duration),
      shown: (index) => this.seeks.push(index),
      drawn: () => this.draw()
    });
    this.scrubber = new Scrubber(el, this.timeline, this.clock);
    this.keys = new Keys(this.clock, this.events, {
      row: (by) => push("step", { by }),
      find: () => this.find()
    });

    this.handleEvent("drawn", () => afterPaint(() => this.painted()));
    this.handleEvent("timeline", (timeline) => this.load(timeline));
    this.handleEvent("nested", (nested) => {
      this.timeline.loadNested(nested);
      this.skip(this.clock.rest);
      // A link may have led between two events.
      this.clock.show(this.clock.index);
    });
    this.handleEvent("jump", ({ index }) => this.clock.halt(index));
    el.addEventListener("click", (event) => this.click(event));
    el.addEventListener("change", ({ target }) => {
      if (target.id === "rests") { this.skip(Number(target.value)); target.blur(); }
    });
    this.onLink = ({ target }) => { const link = target.closest("#link"); if (link) this.link(link); };
    document.addEventListener("click", this.onLink);
  },

  // What the server drew has lost what this script put on it.
  updated() {
    if (this.told !== this.el.dataset.token) this.tell();
    if (!this.el.dataset.size) return;
    if (!this.clock) this.begin();
    this.draw();
    this.folded();
    this.events.draw();
    if (this.finding && this.search()) this.finding = false;
  },

  // The frame, or it takes too long to wait for.
  painted() {
    const { painting } = this;
    if (!painting) return;
    this.painting = null;
    clearTimeout(this.late);
    painting();
    this.follows.push(true);
  },

  reconnected() {
    this.painting = null;
    clearTimeout(this.late);
    this.seeks?.reset();
    this.follows?.reset();
    this.events?.windows.reset();
  },

  destroyed() {
    window.removeEventListener("message", this.onAsked);
    if (!this.clock) return;
    this.clock.pause();
    this.keys.remove();
    document.removeEventListener("click", this.onLink);
  },

  load(read) {
    const { clock, timeline } = this;
    // Who was at the end of a running session stays there as it grows, from the beginning on unless a
    // link led elsewhere.
    const follows = this.following() && (timeline.loaded || !location.search.includes("at="));
    timeline.load(read);
    if (follows && !clock.playing) { clock.now = timeline.times[timeline.last]; clock.index = timeline.last; }
    clock.index = Math.min(clock.index, timeline.last);
    // After a reconnection the server starts at the first event; the viewer stays where they were.
    if (clock.index !== Number(this.el.dataset.index)) this.seeks.push(clock.index);
    this.skip(clock.rest);
    this.updated();
  },

  // At the end of a session that still runs.
  following() { return this.el.dataset.live === "true" && this.clock.index === this.timeline.last; },

  skip(longest) {
    this.clock.skip(longest);
    this.scrubber.shade();
  },

  // The field to search in is that of the open tab; Details has none, and then it is that of the events.
  search() {
    const field = [...this.el.querySelectorAll("[data-search]")].find((one) => one.offsetParent);
    field?.focus();
    field?.select();
    return field;
  },

  find() {
    this.unfold(true);
    if (this.search()) return;
    document.getElementById("tab-events").click();
    this.finding = true;
  },

  // Whether what is beside the page shows, where it is folded away: a style for small screens.
  unfold(open) {
    if (open) root.dataset.panel = "open"; else delete root.dataset.panel;
    this.folded();
    this.events.anew();
  },

  folded() {
    const fold = document.getElementById("fold");
    fold.setAttribute("aria-expanded", String(root.dataset.panel === "open"));
  },

  async link(button) {
    const url = new URL(location.href);
    url.search = `?at=${Math.round(this.clock.now)}`;
    history.replaceState(history.state, "", url);
    const done = await copied(url.href);
    say(button.querySelector(".wide"), done ? "Copied" : "In the address bar", "Copy link");
  },

  click({ target, detail }) {
    const { clock, timeline } = this;
    const button = target.closest("button");
    // Pressed with a pointer, a button does not keep the focus: space goes on to play and pause.
    if (button && detail > 0) button.blur();
    if (button?.getAttribute("role") === "tab") this.unfold(true);
    const row = target.closest("[data-index].ev");
    if (row) { clock.halt(Number(row.dataset.index)); return; }
    const pressed = {
      play: () => clock.toggle(),
      previous: () => clock.halt(clock.index - 1),
      next: () => clock.halt(clock.index + 1),
      "previous-page": () => clock.page(-1),
      "next-page": () => clock.page(1),
      // Past the last error, the button begins again.
      "next-error": () => clock.error(1) || clock.halt(timeline.errors[0]),
      "previous-error": () => clock.error(-1) || clock.halt(timeline.errors.at(-1)),
      live: () => clock.halt(timeline.last),
      fold: () => this.unfold(root.dataset.panel !== "open"),
      "keys-button": () => document.getElementById("keys").showModal()
    };
    if (button?.dataset.speed) clock.pace(Number(button.dataset.speed));
    else pressed[button?.id]?.();
  },

  // The clock's face: everything under the frame.
  draw() {
    const { el, clock } = this;
    if (!this.scrubber?.track) return;
    this.scrubber.draw();
    el.querySelector("#time").textContent = clockText(clock.now);

    const live = el.querySelector("#live");
    if (live) live.hidden = this.following() || el.dataset.live !== "true";

    const play = el.querySelector("#play");
    play.classList.toggle("playing", clock.playing);
    for (const name of ["aria-label", "title"]) play.setAttribute(name, clock.playing ? "Pause" : "Play");
    for (const button of el.querySelectorAll("[data-speed]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === clock.speed));
    }
  }
};
