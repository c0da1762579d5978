// @ts-check
// A hit as readers see it.

import { element, marked } from "./dom.js";

/**
 * @typedef {import("../engine.js").Hit} Hit
 * @typedef {import("../engine.js").Results} Results
 * @typedef {import("../main.js").Description} Description
 * @typedef {import("./address.js").Site} Site
 */

// Fields whose values have a look of their own, as in the site's lists.
const BADGES = ["status", "case_kind", "severity", "outcome", "phase", "lesson_kind"];
const PUBLISHED = "published";
const UNKNOWN_YEAR = "unknown";
const CONTEXT = 8;

/** The words of the base for kinds, fields and values. */
export class Labels {
  /**
   * @param {Description} description
   * @param {string} [levels] how many bars a severity shows: `minor:1 crisis:5`
   */
  constructor({ kinds, facets }, levels = "") {
    this.levels = new Map(levels.split(" ").map((pair) => /** @type {[string, string]} */ (pair.split(":"))));
    this.kinds = new Map(kinds.map(({ name, label }) => [name, label]));
    this.fields = new Map([["kind", "种类"], ["year", "年份"]]);
    /** @type {Map<string, Map<string, string>>} */
    this.values = new Map([["kind", this.kinds]]);
    for (const { name, label, choices } of facets) {
      this.fields.set(name, label);
      this.values.set(name, new Map(choices.map((choice) => [choice.id, choice.label])));
    }
  }

  /** @param {string} name */
  field(name) {
    return this.fields.get(name) || name;
  }

  /** @param {string} name @param {string} value */
  value(name, value) {
    if (name === "year") return value === UNKNOWN_YEAR ? "没有日期" : `${value}年`;
    return (this.values.get(name) || new Map()).get(value) || value;
  }
}

/** @param {Hit} hit @param {Labels} labels */
export function kindBadge(hit, labels) {
  const known = ["case", "playbook", "lesson"].includes(hit.kind) ? ` kbs-kind-${hit.kind}` : "";
  return element("span", { class: `kbs-kind${known}` }, labels.value("kind", hit.kind));
}

/**
 * A hit in the list of the search page.
 * @param {Hit} hit
 * @param {string} text what was searched for
 * @param {Labels} labels
 * @param {Site} site
 */
export function row(hit, text, labels, site) {
  const link = element("a", { href: site.hit(hit.url, text) }, marked(hit.title, hit.titleMarks));
  // Without a query there is nothing to mark, and the summary says more than the beginning of a text.
  const excerpt = hit.marks.length || !hit.summary ? marked(hit.excerpt, hit.marks) : document.createTextNode(hit.summary);
  const facts = element("p", { class: "kb-row-meta" }, ...badges(hit, labels), element("span", {}, factsOf(hit)));
  const note = synonymNote(hit);
  return element(
    "li",
    { class: "kb-row kbs-hit" },
    element("h3", {}, kindBadge(hit, labels), link),
    element("p", {}, excerpt),
    note && element("p", { class: "kbs-synonym" }, note),
    facts,
  );
}

/** @param {Hit} hit @param {Labels} labels */
function badges(hit, labels) {
  return BADGES.flatMap((name) => {
    const values = Object.prototype.hasOwnProperty.call(hit.facets, name) ? hit.facets[name] : [];
    return values
      // A lesson of the kind 教训 need not say so twice.
      .filter((value) => value !== PUBLISHED && labels.value(name, value) !== labels.value("kind", hit.kind))
      .map((value) => {
        const look = /^[\w-]{1,80}$/.test(value) ? ` kb-${name}-${value}` : "";
        const level = name === "severity" && labels.levels.get(value);
        const bars = level ? [element("i", { class: `kb-bars kb-bars-${level}`, "aria-hidden": "true" })] : [];
        return element("span", { class: `kb-badge kb-${name}${look}` }, ...bars, labels.value(name, value));
      });
  });
}

/** @param {Hit} hit */
function factsOf({ id, date }) {
  const [year, month, day] = date.split("-").map(Number);
  const when = [year && `${year}年`, month && `${month}月`, day && `${day}日`].filter(Boolean).join("");
  return [id, when].filter(Boolean).join(" · ");
}

/**
 * The excerpt for one line, which is cut off at its end: beginning shortly before the first mark.
 * @param {Hit} hit
 */
export function line({ excerpt, marks }) {
  let cut = marks.length ? Math.max(marks[0][0] - CONTEXT, 0) : 0;
  if (/[\udc00-\udfff]/.test(excerpt[cut] || "")) cut--; // Not between the halves of a character.
  if (cut < 2) return marked(excerpt, marks);
  const spans = marks.map(([start, end]) => /** @type {import("../excerpt.js").Span} */ ([start - cut + 1, end - cut + 1]));
  return marked(`…${excerpt.slice(cut)}`, spans);
}

/** @param {Hit} hit */
export function synonymNote({ synonyms }) {
  const words = [...new Set(synonyms.map(({ synonym }) => `“${synonym}”`))];
  return words.length ? `因同义词${words.join("、")}命中` : "";
}
