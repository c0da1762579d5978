// @ts-check
// The part of a text that shows why it was found; the twin of excerpt.py.

import { compare, hasHan } from "./letters.js";
import { find } from "./query.js";

export const WIDTH = 80;
const MAX_FOUND = 2000;
const SENTENCE_END = /[。!?;\n]/g;

/**
 * @typedef {[number, number]} Span start and end in UTF-16 units
 * @typedef {{text: string, marks: Span[], score: number}} Excerpt
 * @typedef {Map<string, number>} Weights folded terms with their weights
 * @typedef {import("./folding.js").Folder} Folder
 */

/**
 * The terms of a query that are worth marking. A single character that was cut out of a longer text is in every
 * other sentence and tells nothing; one that stands by itself in the query does. Where there are no other
 * terms, they are what was found.
 * @param {Weights} weights
 * @param {string[][]} rows the words of each stretch of the query
 * @returns {Weights}
 */
export function telling(weights, rows) {
  const alone = rows.filter((row) => !row[1]).flat();
  const told = new Map([...weights].filter(([term]) => alone.includes(term) || [...term].length > 1 || !hasHan(term)));
  return told.size ? told : weights;
}

/**
 * The stretches of a text that the terms are found in.
 * @param {string} text
 * @param {Weights} terms
 * @param {Folder} folder
 * @returns {Span[]}
 */
export function mark(text, terms, folder) {
  return markFolded(folder.foldWithOffsets(text), terms);
}

/**
 * The same for a text that has been folded, to be asked for other terms again and again.
 * @param {ReturnType<Folder["foldWithOffsets"]>} folded
 * @param {Weights} terms
 * @returns {Span[]}
 */
export function markFolded(folded, terms) {
  const found = findAll(folded.text, terms);
  return merge(found.map(([low, high]) => [folded.starts[low], folded.ends[high - 1]]));
}

/**
 * The stretch of a text that tells most.
 * @param {string} text
 * @param {Weights} terms
 * @param {Folder} folder
 * @param {number} [width]
 * @returns {Excerpt}
 */
export function cutExcerpt(text, terms, folder, width = WIDTH) {
  const folded = folder.foldWithOffsets(text);
  const whole = folded.text;
  if (!whole) return { text: "", marks: [], score: 0 };
  const found = findAll(whole, terms);
  const [low, high, score] = bestWindow(found, terms, width);
  const slack = Math.max(width - (high - low), 0);
  // Begin with the sentence if it begins near, else with some context.
  const near = Math.max(low - slack, 0);
  const ends = [...whole.slice(near, low).matchAll(SENTENCE_END)];
  let begin = low <= slack ? 0 : low - Math.min(slack, Math.floor(width / 4));
  if (ends.length) begin = near + /** @type {number} */ (ends[ends.length - 1].index) + 1;
  const end = Math.min(begin + Math.max(width, high - begin), whole.length);
  while (begin < end - 1 && (whole[begin] === " " || whole[begin] === "\n")) begin++;
  const start = folded.starts[begin];
  const stop = folded.ends[end - 1];
  const before = begin ? "…" : "";
  const after = end < whole.length ? "…" : "";
  const shift = before.length - start;
  const marks = merge(
    found
      .filter(([from, to]) => from >= begin && to <= end)
      .map(([from, to]) => [folded.starts[from] + shift, folded.ends[to - 1] + shift]),
  );
  return { text: before + text.slice(start, stop).replace(/\s/g, " ") + after, marks, score };
}

/**
 * Every place of every term.
 * @param {string} folded
 * @param {Weights} terms
 * @returns {[number, number, string][]}
 */
function findAll(folded, terms) {
  /** @type {[number, number, string][]} */
  const found = [];
  for (const term of terms.keys()) {
    if (found.length >= MAX_FOUND) break;
    let places = find(folded, term);
    // A part of a Latin word or of a number: iphone in iphones.
    if (!places.length && term.length > 1 && !hasHan(term)) places = find(folded, term, true);
    for (const [low, high] of places) found.push([low, high, term]);
  }
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || compare(a[2], b[2]));
}

/**
 * Start, end and score of the window with the heaviest terms.
 * @param {[number, number, string][]} found
 * @param {Weights} terms
 * @param {number} width
 * @returns {[number, number, number]}
 */
function bestWindow(found, terms, width) {
  /** @type {[number, number, number]} */
  let best = [0, 0, 0];
  let first = 0;
  let score = 0;
  /** @type {Map<string, number>} */
  const inside = new Map();
  const weight = (/** @type {string} */ term) => terms.get(term) || 0;
  for (const [low, high, term] of found) {
    const count = (inside.get(term) || 0) + 1;
    inside.set(term, count);
    if (count === 1) score += weight(term);
    while (found[first][0] < low && high - found[first][0] > width) {
      const gone = found[first][2];
      const left = (inside.get(gone) || 0) - 1;
      inside.set(gone, left);
      if (!left) score -= weight(gone);
      first++;
    }
    if (score > best[2] + 1e-9) best = [found[first][0], high, score];
  }
  return best;
}

/**
 * @param {Span[]} spans
 * @returns {Span[]}
 */
function merge(spans) {
  /** @type {Span[]} */
  const merged = [];
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged[merged.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
