// @ts-check
// What the address says: text, facets, order. All of it stands behind the #, which browsers send to nobody.
//
// A long text is what a customer wrote, and must not end up in addresses that are passed on. It stays in this
// tab's storage, and the address holds a number for it.

const LONGEST = 60;
const MOST_KEPT = 40;
const KEPT = "kb-search-texts";
const FACET = "f.";

/**
 * @typedef {object} State
 * @property {string} text
 * @property {boolean} lost the address names a long text that this tab doesn't know
 * @property {Map<string, string[]>} facets
 * @property {"relevance" | "date"} sort
 */

/** Where storage is forbidden, the texts live as long as the page. @type {[string, string][]} */
let kept = [];

/** @param {string} text */
export const isLong = (text) => Array.from(text).length > LONGEST;

/**
 * @param {string} hash with its #
 * @returns {State}
 */
export function readState(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {Map<string, string[]>} */
  const facets = new Map();
  for (const [name, value] of parameters) {
    if (!name.startsWith(FACET)) continue;
    const values = facets.get(name.slice(FACET.length)) || [];
    if (!values.includes(value)) facets.set(name.slice(FACET.length), [...values, value]);
  }
  const { text, lost } = readText(parameters);
  return { text, lost, facets, sort: parameters.get("sort") === "date" ? "date" : "relevance" };
}

/**
 * @param {Pick<State, "text" | "facets" | "sort">} state
 * @returns {string} with its #; empty for a state without anything
 */
export function writeState({ text, facets, sort }) {
  const parameters = textParameters(text);
  for (const [name, values] of facets) for (const value of values) parameters.append(FACET + name, value);
  if (sort === "date") parameters.set("sort", sort);
  const written = String(parameters);
  return written && `#${written}`;
}

/**
 * What to search for, or to mark on the page of a hit.
 * @param {URLSearchParams} parameters
 */
export function readText(parameters) {
  const number = parameters.get("text");
  if (number === null) return { text: parameters.get("q") || "", lost: false };
  const found = load().find(([known]) => known === number);
  return { text: found ? found[1] : "", lost: !found };
}

/** @param {string} text */
export function textParameters(text) {
  const parameters = new URLSearchParams();
  if (isLong(text)) parameters.set("text", keep(text));
  else if (text) parameters.set("q", text);
  return parameters;
}

/** @param {string} text */
function keep(text) {
  const texts = load();
  const known = texts.find(([, other]) => other === text);
  if (known) return known[0];
  const number = String(1 + Math.max(0, ...texts.map(([other]) => Number(other) || 0)));
  kept = [...texts, /** @type {[string, string]} */ ([number, text])].slice(-MOST_KEPT);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Forbidden or full: `kept` has it.
  }
  return number;
}

/** @returns {[string, string][]} */
function load() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    if (Array.isArray(found)) kept = found.filter((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === "string"));
  } catch {
    // Forbidden, or written by something else.
  }
  return kept;
}

/** Addresses of the site's own pages, from wherever it lies. */
export class Site {
  /** @param {string} root absolute, with a slash at the end */
  constructor(root) {
    this.root = root;
  }

  /**
   * @param {string} address relative to the root, such as `c/CASE-2016-0001/`
   * @param {string} [fragment] without its #
   */
  link(address, fragment = "") {
    const url = new URL(address, this.root);
    // The index says only where pages of this site are.
    if (!url.href.startsWith(this.root)) return this.root;
    // Browsers open no index page for a folder on a disk.
    if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
    url.hash = fragment;
    return url.href;
  }

  /** The page of a hit, which then marks what was searched for. @param {string} address @param {string} text */
  hit(address, text) {
    return this.link(address, String(textParameters(text)));
  }

  /** The search page. @param {string} text */
  search(text) {
    return this.link("search/", String(textParameters(text)));
  }
}
