// What the script knows of a recording: when each event was, of what kind, and what it says.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Of whole milliseconds, as a link has them: one moment reads the same before and after it is shared.
const clockText = (time) => {
  const ms = Math.round(time);
  const pad = (number) => String(number).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const front = hours > 0 ? `${hours}:${pad(minutes)}` : `${minutes}`;
  return `${front}:${pad(seconds % 60)}.${pad(Math.floor((ms % 1000) / 10))}`;
};

const summed = (distances) => {
  let at = 0;
  return distances.map((distance) => (at += distance));
};

// Index of the last of ascending times that is at or before one, -1 where none is.
const lastAt = (times, time) => {
  let low = -1;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= time) low = middle; else high = middle - 1;
  }
  return low;
};

class Timeline {
  constructor() {
    this.times = [0];
    this.names = [["render", ""]];
    this.named = [];
    this.errors = [];
    this.pages = [];
    this.nested = [];
  }

  // Offsets come each as the distance from the one before.
  load({ offsets, names, named, errors, pages }) {
    this.times = summed(offsets);
    Object.assign(this, { names, named, errors, pages });
  }

  // When something nested in the page changed, which is no event of the recording.
  loadNested({ offsets }) { this.nested = summed(offsets); }

  get last() { return Math.max(this.times.length - 1, 0); }
  get loaded() { return this.named.length > 0; }
  kind(n) { return this.names[this.named[n]]?.[0]; }
  name(n) { return this.names[this.named[n]]?.[1]; }

  // The last event at or before a time.
  at(time) { return Math.max(lastAt(this.times, time), 0); }

  // The last change of what is nested at or before a time, -1 before the first.
  nestedAt(time) { return lastAt(this.nested, time); }

  // The next event, or the one before, for which something holds; undefined where there is none.
  find(from, by, holds) {
    for (let n = from + by; n >= 0 && n < this.times.length; n += by) if (holds(n)) return n;
  }

  // Stretches without an event that are longer than a rest may be.
  rests(longest, duration) {
    const times = [...this.times, ...this.nested, duration].sort((one, other) => one - other);
    const rests = [];
    for (let n = 1; longest > 0 && n < times.length; n++) {
      if (times[n] - times[n - 1] > longest) rests.push([times[n - 1], times[n]]);
    }
    return rests;
  }
}
