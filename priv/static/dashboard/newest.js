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
