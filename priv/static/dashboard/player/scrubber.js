// The line under the frame: where the clock is, what is under the pointer, and the rests. Its marks are
// the server's.

class Scrubber {
  constructor(el, timeline, clock) {
    Object.assign(this, { el, timeline, clock });
    el.addEventListener("pointerdown", (event) => this.press(event));
    el.addEventListener("pointermove", (event) => { this.drag(event); this.hover(event); });
    el.addEventListener("pointerout", () => this.hover());
    for (const end of ["pointerup", "pointercancel"]) el.addEventListener(end, () => { this.dragged = null; });
  }

  get track() { return this.el.querySelector("#track"); }

  press(event) {
    const track = event.target.closest("#track");
    if (!track || event.button !== 0) return;
    this.dragged = track;
    safely(() => track.setPointerCapture(event.pointerId));
    this.drag(event);
  }

  drag(event) {
    if (this.dragged) this.clock.goTo(this.place(this.dragged, event).part * this.clock.duration());
  }

  // Where on the line a pointer is, as a part of it, and how wide the line is.
  place(track, { clientX }) {
    const { left, width } = track.querySelector(".lane").getBoundingClientRect();
    return { part: clamp((clientX - left) / width, 0, 1), width };
  }

  // What is under the pointer, and when it was: the nearest event that is not a render.
  hover(event) {
    const tip = this.el.querySelector(".tip");
    if (!tip) return;
    const track = event?.target.closest?.("#track");
    tip.hidden = !track && !this.dragged;
    if (!track) return;
    const { part, width } = this.place(track, event);
    const time = part * this.clock.duration();
    tip.textContent = [clockText(time), this.named(time, (3 / width) * this.clock.duration())].filter(Boolean).join(" · ");
    tip.style.left = `${clamp(part * width, tip.offsetWidth / 2, width - tip.offsetWidth / 2)}px`;
  }

  named(time, near) {
    const { times } = this.timeline;
    let n = this.timeline.at(time + near);
    while (n > 0 && this.timeline.kind(n) === "render" && times[n - 1] >= time - near) n -= 1;
    const name = times[n] >= time - near && this.timeline.name(n);
    return name || (this.clock.rests.some(([from, to]) => time > from && time < to) ? "rest" : "");
  }

  shade() {
    const part = (time) => `${(time / this.clock.duration()) * 100}%`;
    this.el.querySelector(".rests").replaceChildren(...this.clock.rests.map(([from, to]) => {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const places = { x: part(from), width: part(to - from), height: "100%" };
      for (const [name, value] of Object.entries(places)) rect.setAttribute(name, value);
      return rect;
    }));
  }

  draw() {
    const { track, clock, timeline } = this;
    const part = clock.duration() > 0 ? clamp(clock.now / clock.duration(), 0, 1) * 100 : 0;
    track.querySelector(".head").style.left = `${part}%`;
    track.querySelector(".done").style.width = `calc(${part}% + 6px)`;
    track.setAttribute("aria-valuenow", Math.round(clock.now));
    track.setAttribute(
      "aria-valuetext",
      `${clockText(clock.now)}, event ${clock.index + 1} of ${timeline.times.length}`
    );
  }
}
