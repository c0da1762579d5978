// @ts-check
// Small comforts; every page reads well without them.
(function () {
  "use strict";

  /** Browsers open no index page for a folder on a disk: name it in the links.
   * @returns {void} */
  function nameIndexPages() {
    if (location.protocol !== "file:") return;
    document.querySelectorAll("a[href]").forEach(function (element) {
      var link = /** @type {HTMLAnchorElement} */ (element);
      if (link.protocol === "file:" && link.pathname.slice(-1) === "/") {
        link.pathname += "index.html";
      }
    });
  }

  /** Buttons that need this script are hidden until it runs.
   * @returns {void} */
  function showButtons() {
    document.querySelectorAll(".kb-js[hidden]").forEach(function (element) {
      element.removeAttribute("hidden");
    });
  }

  /** Prints the page, or only the part that the button names.
   * @param {string} part
   * @returns {void} */
  function print(part) {
    document.body.setAttribute("data-kb-print", part);
    window.print();
    document.body.removeAttribute("data-kb-print");
  }

  /** Copies the text of an element; where the browser does not let us, selects it to be copied by hand.
   * @param {HTMLElement} button
   * @param {string} id
   * @returns {void} */
  function copy(button, id) {
    var source = document.getElementById(id);
    if (!source) return;
    var text = source.textContent || "";
    var label = button.textContent;
    /** @param {string} message */
    function say(message) {
      button.textContent = message;
      setTimeout(function () {
        button.textContent = label;
      }, 2000);
    }
    function select() {
      var selection = window.getSelection();
      if (selection && source) selection.selectAllChildren(source);
      say("已选中，请按 Ctrl+C");
    }
    if (!navigator.clipboard) {
      select();
      return;
    }
    navigator.clipboard.writeText(text).then(function () {
      say("已复制");
    }, select);
  }

  document.addEventListener("click", function (event) {
    var target = event.target instanceof Element ? event.target.closest("button") : null;
    if (!target) return;
    var part = target.getAttribute("data-kb-print");
    var id = target.getAttribute("data-kb-copy");
    if (part) print(part);
    if (id) copy(target, id);
  });

  nameIndexPages();
  showButtons();
})();
