// A question: there while the server asks it, gone when it is answered.

const Dialog = {
  mounted() {
    this.el.showModal();
    const cancel = (event) => {
      event.preventDefault();
      this.pushEvent(this.el.dataset.cancel, {});
    };
    this.el.addEventListener("cancel", cancel);
    this.el.querySelector("[data-close]").addEventListener("click", cancel);
  }
};
