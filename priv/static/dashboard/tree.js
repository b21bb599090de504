// The lines of a tree, walked with the arrow keys; what is open is the server's to know.

const Tree = {
  mounted() {
    this.el.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const line = event.target.closest("[role=treeitem]");
      const act = line && this.keys(line)[event.key];
      if (!act) return;
      act();
      event.preventDefault();
    });
    this.handleEvent("reveal", ({ id }) => {
      const line = document.getElementById(id);
      line?.scrollIntoView({ block: "center" });
      line?.focus();
    });
  },

  keys(line) {
    const lines = [...this.el.children];
    const at = lines.indexOf(line);
    const open = line.getAttribute("aria-expanded");
    const move = (to) => lines[to]?.focus();
    const level = (one) => Number(one.getAttribute("aria-level"));
    const above = () => lines.slice(0, at).findLastIndex((one) => level(one) < level(line));
    const toggle = () => this.pushEventTo(this.el, "toggle", { id: line.dataset.id });
    return {
      ArrowUp: () => move(at - 1),
      ArrowDown: () => move(at + 1),
      Home: () => move(0),
      End: () => move(lines.length - 1),
      ArrowRight: () => (open === "false" ? toggle() : open === "true" && move(at + 1)),
      ArrowLeft: () => (open === "true" ? toggle() : move(above())),
      Enter: () => line.click(),
      " ": () => line.click()
    };
  }
};
