// The list of events: as high as all its rows, those that are here put where they belong, others asked for
// when they come in sight.

const ROW = 28;
const WINDOW = 80;

class EventList {
  constructor(el, push) {
    this.el = el;
    this.windows = new Newest((from, done) => push("window", { from }, done));
  }

  get filtered() { return this.el.dataset.count !== this.el.dataset.size; }

  // What the server drew has lost what this put on it; its tab may be closed.
  draw() {
    const list = this.el.querySelector("#events");
    if (!list) { this.list = null; return; }
    const { count, from, position } = this.el.dataset;
    list.firstElementChild.style.height = `${count * ROW}px`;
    list.querySelector("#events-rows").style.transform = `translateY(${from * ROW}px)`;
    if (list !== this.list) list.addEventListener("scroll", () => this.fetch(), { passive: true });
    // Another list, or another row of it.
    if (list !== this.list || count !== this.count) this.reveal(Number(position), true);
    else if (position !== this.position) this.reveal(Number(position));
    Object.assign(this, { list, count, position });
  }

  // It was out of sight, where nothing scrolls.
  anew() { this.reveal(Number(this.el.dataset.position), true); }

  // Asks for other rows when those in sight come near the end of what is here.
  fetch() {
    const from = Number(this.el.dataset.from);
    const first = Math.floor(this.list.scrollTop / ROW);
    const last = Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW);
    const count = Number(this.el.dataset.count);
    const short = (first < from + 10 && from > 0) || (last > from + WINDOW - 10 && from + WINDOW < count);
    if (short) this.windows.push(Math.max(Math.round((first + last - WINDOW) / 2), 0));
  }

  // Keeps a row in sight.
  reveal(position, anew) {
    const list = this.el.querySelector("#events");
    if (!list) return;
    const top = position * ROW;
    const low = list.scrollTop + ROW;
    const high = list.scrollTop + list.clientHeight - 2 * ROW;
    if (anew || top < low || top > high) list.scrollTop = top - list.clientHeight / 2;
  }
}
