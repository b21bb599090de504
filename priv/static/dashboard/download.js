// Asks for a link that is good for a minute, and follows it.

const Download = {
  mounted() {
    this.el.addEventListener("click", () => {
      this.pushEvent("download", {}, ({ url }) => {
        const link = document.createElement("a");
        link.href = url;
        link.download = "";
        document.body.append(link);
        link.click();
        link.remove();
      });
    });
  }
};
