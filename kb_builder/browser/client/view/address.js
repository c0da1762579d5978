// @ts-check
// What the address says: text, facets, order. All of it stands behind the #, which browsers send to nobody.
//
// A long text is what a customer wrote, and must not end up in addresses that are passed on, nor in a storage. It
// lives as long as the page, and the address holds a number for it.

const LONGEST = 40;
const MOST_KEPT = 40;
const FACET = "f.";
// Numbers of another visit to the page mean nothing in this one.
const VISIT = Date.now().toString(36);

/**
 * @typedef {object} State
 * @property {string} text
 * @property {boolean} lost the address names a long text that this visit doesn't know
 * @property {Map<string, string[]>} facets
 * @property {"relevance" | "date"} sort
 */

/** Numbers and long texts. @type {[string, string][]} */
let kept = [];
let last = 0;

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
  const found = kept.find(([known]) => known === number);
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
  const known = kept.find(([, other]) => other === text);
  if (known) return known[0];
  const number = `${VISIT}-${++last}`;
  kept = [...kept, /** @type {[string, string]} */ ([number, text])].slice(-MOST_KEPT);
  return number;
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

  /**
   * The page of a hit, which then marks what was searched for; a long text can't be handed over.
   * @param {string} address
   * @param {string} text
   */
  hit(address, text) {
    return this.link(address, isLong(text) ? "" : String(textParameters(text)));
  }

  /** The search page. @param {string} text no long one */
  search(text) {
    return this.link("search/", isLong(text) ? "" : String(textParameters(text)));
  }
}
