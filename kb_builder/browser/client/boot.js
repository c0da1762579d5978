// @ts-check
// Runs first in the joined script: in a page it makes globalThis.kbSearch, in a worker it answers.
// The index lies in the folder that the script came from.

import { serve, start } from "./main.js";

const folder = (/** @type {string} */ address) => address.replace(/[?#].*$/, "").replace(/[^/]*$/, "");

if (typeof document === "undefined") {
  serve(folder(self.location.href));
} else {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (script && script.src) {
    /** @type {any} */ (globalThis).kbSearch = start(folder(script.src), script.src);
    document.dispatchEvent(new Event("kbsearch"));
  }
}
