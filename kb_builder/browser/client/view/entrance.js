// @ts-check
// The engine, and what to say when there is none.

import { button, element } from "./dom.js";

/** @typedef {import("../main.js").KbSearch} KbSearch */

const ABSENT = "这个网站还没有搜索索引，或者没有传完，搜索用不了。";
const UNKNOWN = "搜索出了错，这是程序的问题。";

/** Why there is no engine, in words for the reader. */
export class AbsentError extends Error {}

/** @type {Promise<KbSearch> | null} */
let loading = null;

/** @returns {KbSearch | undefined} */
const present = () => /** @type {any} */ (globalThis).kbSearch;

/**
 * The engine; fetched again if it didn't come with the page.
 * @returns {Promise<KbSearch>}
 */
export function engine() {
  const found = present();
  if (found) return Promise.resolve(found);
  if (!loading) {
    loading = fetchScript();
    loading.catch(() => (loading = null));
  }
  return loading;
}

/** Fetch what any first search needs. When that fails, the search will say so. */
export function prepare() {
  engine()
    .then((kbSearch) => kbSearch.prepare())
    .catch(() => {});
}

/** @returns {Promise<KbSearch>} */
function fetchScript() {
  const first = Array.from(document.scripts).find((script) => /\/kb-search\.js(\?|$)/.test(script.src));
  if (!first) return Promise.reject(new AbsentError(ABSENT));
  return new Promise((resolve, reject) => {
    const script = element("script", { src: first.src });
    const settle = () => {
      script.remove();
      const found = present();
      if (found) resolve(found);
      else reject(new AbsentError(ABSENT));
    };
    script.onload = script.onerror = settle;
    document.head.append(script);
  });
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function wordsFor(error) {
  if (error instanceof AbsentError) return error.message;
  // The engine's errors come from another script: known by name, not by class.
  if (error instanceof Error && error.name === "SearchError") return error.message;
  return UNKNOWN;
}

/**
 * A plain message with a way to try again.
 * @param {unknown} error
 * @param {() => void} again
 */
export function complaint(error, again) {
  const made = element("div", { class: "kbs-error", role: "alert" }, element("p", {}, wordsFor(error)), button("重试", again));
  const detail = error instanceof Error && "detail" in error ? String(error.detail) : "";
  if (detail) made.append(element("p", { class: "kbs-detail" }, `给维护人：${detail.slice(0, 200)}`));
  if (wordsFor(error) === UNKNOWN) setTimeout(() => { throw error; }); // Our fault: let the console have it.
  return made;
}
