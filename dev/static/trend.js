// Draws values as a line, which the server knows nothing of. The shop's pages have it as a hook, and so has
// the frame that replays them.
const Trend = {
  mounted() { this.draw(); },
  updated() { this.draw(); },
  draw() {
    const values = this.el.dataset.values.split(",").map(Number);
    const low = Math.min(...values);
    const range = Math.max(...values) - low || 1;
    const points = values.map((value, n) => `${n * 20 + 10},${36 - (value - low) / range * 32}`);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("points", points.join(" "));
    this.el.replaceChildren(line);
  }
};
window.phoenixReplayHooks = {Trend};
