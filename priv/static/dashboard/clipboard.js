// What goes to the clipboard, and the button that says whether it did.

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

// Says on an element for a moment what came of pressing it.
const said = new WeakMap();
const say = (element, what, named) => {
  element.textContent = what;
  clearTimeout(said.get(element));
  said.set(element, setTimeout(() => { element.textContent = named; }, 1500));
};

// Copies what the server answers.
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
