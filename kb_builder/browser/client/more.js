// @ts-check
// The second script: what a pasted text needs besides what every search needs. It is fetched when it is
// first asked for, and takes the modules that both need from the first script, which must be of one make
// with it: bundle.py writes the version into both.

import { SearchError } from "./errors.js";

const SCRIPT = "kb-advice.js";

/**
 * @typedef {typeof import("./similar.js").similar} Similar
 * @typedef {typeof import("./adviser.js").advise} Advise
 * @typedef {typeof import("./adviser.js").mask} Mask
 * @typedef {typeof import("./adviser.js").prepareAdvice} PrepareAdvice
 * @typedef {{similar: Similar, advise: Advise, mask: Mask, prepareAdvice: PrepareAdvice}} More
 */

/** @type {Promise<More> | null} */
let loading = null;

/**
 * @param {string} base the address of the index's folder
 * @returns {Promise<More>}
 */
export function more(base) {
  if (!loading) {
    loading = load(base);
    loading.catch(() => (loading = null));
  }
  return loading;
}

/**
 * @param {string} base
 * @returns {Promise<More>}
 */
async function load(base) {
  const scope = /** @type {any} */ (globalThis);
  const { version } = scope.kbSearchModules || { version: "" };
  const address = `${base}${SCRIPT}?${version}`;
  if (typeof document === "undefined") importInWorker(scope, address);
  else await addToPage(address);
  if (!scope.kbAdvice) throw new SearchError("version", SCRIPT);
  return scope.kbAdvice;
}

/**
 * @param {any} scope
 * @param {string} address
 */
function importInWorker(scope, address) {
  try {
    scope.importScripts(address);
  } catch (error) {
    throw new SearchError(error instanceof SyntaxError ? "damaged" : "network", `${SCRIPT}: ${error}`);
  }
}

/**
 * @param {string} address
 * @returns {Promise<void>}
 */
function addToPage(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = () => resolve();
    element.onerror = () => {
      element.remove();
      reject(new SearchError(navigator.onLine ? "missing" : "network", SCRIPT));
    };
    document.head.append(element);
  });
}
