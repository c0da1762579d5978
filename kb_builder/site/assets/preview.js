// @ts-check
// Reloads the page when the preview has been built anew. Only `kb serve` hands this out.
(function () {
  "use strict";

  var script = /** @type {HTMLScriptElement} */ (document.currentScript);
  var epoch = Number(script.dataset.epoch);

  /** @returns {void} */
  function wait() {
    fetch("/livereload/" + epoch + "/0").then(
      function (answer) {
        return answer.text().then(function (text) {
          if (Number(text) > epoch) location.reload();
          else setTimeout(wait, answer.ok ? 0 : 3000);
        });
      },
      function () {
        setTimeout(wait, 3000);
      },
    );
  }

  window.addEventListener("load", wait);
})();
