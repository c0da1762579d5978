// @ts-check
// For browsers that are too old for the search: says so, instead of doing nothing. Itself in old JavaScript.
(function () {
  "use strict";

  window.addEventListener("load", function () {
    if (document.documentElement.hasAttribute("data-kbs-ready")) return;
    var form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-kbs="box"]'));
    var message = document.getElementById("kbs-old");
    if (message) message.removeAttribute("hidden");
    if (!form || message) return;
    form.removeAttribute("hidden");
    var input = form.querySelector("input");
    if (!input) return;
    input.readOnly = true;
    input.placeholder = "浏览器太旧，搜索用不了";
  });
})();
