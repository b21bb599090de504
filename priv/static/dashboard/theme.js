// Light or dark: what the system says, until somebody chooses.

const root = document.documentElement;
// Storage may be refused, and then there is none.
const safely = (act) => { try { return act(); } catch { return null; } };

// Before the page is drawn, so that it is drawn once.
const chosen = safely(() => localStorage.getItem("phoenix-replay:theme"));
if (chosen) root.dataset.theme = chosen;

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
