// What time it is in the recording, and which event shows then. `shown` is called with an event when
// another one shows or something nested in the page changed, `drawn` when anything changed.

const SPEEDS = [0.5, 1, 2, 4, 8, 16];
// A rest that is skipped is shown this long at both of its ends.
const REST_EDGE = 300;

class Clock {
  constructor({ timeline, index, now, duration, shown, drawn }) {
    Object.assign(this, { timeline, index, now, duration, shown, drawn });
    this.nested = -1;
    this.speed = 1;
    this.playing = false;
    this.rests = [];
    this.rest = 0;
  }

  // To a time, and to the event that shows then.
  goTo(time) {
    this.now = clamp(time, 0, this.duration());
    this.show(this.timeline.at(this.now));
  }

  // To an event, and to its time. Events of one millisecond are told apart by index alone.
  step(index) {
    const target = clamp(index, 0, this.timeline.last);
    this.now = this.timeline.times[target];
    this.show(target);
  }

  halt(index) {
    this.pause();
    this.step(index);
  }

  show(index) {
    const nested = this.timeline.nestedAt(this.now);
    if (index !== this.index || nested !== this.nested) {
      Object.assign(this, { index, nested });
      this.shown(index);
    }
    this.drawn();
  }

  toggle() { this.playing ? this.pause() : this.play(); }

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
    this.drawn();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.ticking);
    this.drawn();
  }

  faster(by) {
    this.pace(SPEEDS[clamp(SPEEDS.indexOf(this.speed) + by, 0, SPEEDS.length - 1)]);
  }

  pace(speed) {
    this.speed = speed;
    this.drawn();
  }

  skip(longest) {
    this.rest = longest;
    this.rests = this.timeline.rests(longest, this.duration());
  }

  // The time to play on from: past the rest that a time is in.
  awake(time) {
    const rest = this.rests.find(([from, to]) => time > from + REST_EDGE && time < to - REST_EDGE);
    return rest ? rest[1] - REST_EDGE : time;
  }

  // To the next of something, or to the one before; where there is none, nothing moves.
  seek(by, holds) {
    const found = this.timeline.find(this.index, by, holds);
    if (found !== undefined) this.halt(found);
    return found !== undefined;
  }

  error(by) { return this.seek(by, (n) => this.timeline.errors.includes(n)); }
  page(by) { return this.seek(by, (n) => this.timeline.pages.includes(n)); }
}
