// A question: there while the server asks it, gone when it is answered.

const Dialog = {
  mounted() {
    this.from = document.activeElement;
    this.el.showModal();
    const cancel = (event) => {
      event.preventDefault();
      this.pushEvent(this.el.dataset.cancel, {});
    };
    this.el.addEventListener("cancel", cancel);
    this.el.querySelector("[data-close]").addEventListener("click", cancel);
    this.el.querySelector(".danger").addEventListener("click", () => { this.done = true; });
  },

  // Where the server says more of it, as how many there are, the patch takes the attribute that keeps it open.
  updated() { if (!this.el.open) this.el.showModal(); },

  // The focus goes back to what asked; where its row is about to go, to what asks the same of the next.
  destroyed() {
    const row = this.done && this.from.closest("tr");
    const rows = row ? [row.nextElementSibling, row.previousElementSibling] : [];
    const beside = rows.map((one) => one?.querySelector(".delete")).find(Boolean);
    (beside || this.from).focus();
  }
};
