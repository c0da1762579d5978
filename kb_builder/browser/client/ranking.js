// @ts-check
// Which terms count, and how their impacts become scores; the twin of ranking.py.

import { compareTerms } from "./cutting.js";

/**
 * @typedef {import("./cutting.js").Term} Term
 * @typedef {Term & {frequency: number}} QueryTerm
 * @typedef {{documents: ArrayLike<number>, impacts: ArrayLike<number>}} Postings impact 0: no posting
 * @typedef {{word: string, own: Postings, text: string, postings: Postings}} Synonym
 * @typedef {{totals: Int32Array, found: number[], through: Map<number, [string, string][]>}} Scores
 *   of each document by number; the numbers of the hits; which synonyms counted for which hit
 */

const MAX_QUERY_TERMS = 96;
const COMMON_SHARE = 5;
const COMMON_CHARACTER_SHARE = 10;
const COMMON_FLOOR = 100;
const SYNONYM_DIVISOR = 2;
const MAX_IMPACT = 255;

/** @param {string} term */
const isSingle = (term) => term.length === 1 || (term.length === 2 && term.charCodeAt(0) >= 0xd800 && term.charCodeAt(0) < 0xdc00);

/**
 * @param {string} term
 * @param {number} frequency
 * @param {number} documents
 */
export function isCommon(term, frequency, documents) {
  const share = isSingle(term) ? COMMON_CHARACTER_SHARE : COMMON_SHARE;
  return frequency > COMMON_FLOOR && frequency * share > documents;
}

/**
 * The terms that a query is scored by, rarest first.
 * @param {QueryTerm[]} terms
 * @param {number} documents
 * @returns {QueryTerm[]}
 */
export function selectTerms(terms, documents) {
  const ordered = [...terms].sort((a, b) => a.frequency - b.frequency || compareTerms(a, b));
  const tells = (/** @type {QueryTerm} */ term) =>
    !isCommon(term.term, term.frequency, documents);
  let telling = ordered.filter(tells);
  // Never without a bigram: see select_terms in ranking.py.
  if (!telling.some(({ kind, term }) => (kind === "bigram" || kind === "infix") && !isSingle(term))) {
    telling = ordered.filter((term) => !isSingle(term.term) || tells(term));
  }
  return (telling.length ? telling : ordered).slice(0, MAX_QUERY_TERMS);
}

/**
 * The synonyms that count.
 * @param {{word: string, own: Postings, text: string, postings: Postings}[]} synonyms
 * @param {number} documents
 * @returns {Synonym[]}
 */
export function chooseSynonyms(synonyms, documents) {
  return synonyms.filter(({ text, postings }) => {
    const count = postings.documents.length;
    return count > 0 && !isCommon(text, count, documents);
  });
}

/**
 * @param {[string, Postings][]} terms the selected terms
 * @param {Synonym[]} synonyms
 * @param {number} documents
 * @returns {Scores}
 */
export function addUp(terms, synonyms, documents) {
  const totals = new Int32Array(documents);
  /** @type {number[]} */
  const found = [];
  for (const [term, postings] of terms) if (!isSingle(term)) add(postings, totals, found, true);
  const through = addSynonyms(synonyms, totals, found);
  const strong = found.length > 0;
  for (const [term, postings] of terms) if (isSingle(term)) add(postings, totals, found, !strong);
  return { totals, found, through };
}

/**
 * @param {Postings} postings
 * @param {Int32Array} totals
 * @param {number[]} found
 * @param {boolean} anew whether to add documents that are not hits yet
 */
function add({ documents, impacts }, totals, found, anew) {
  for (let i = 0; i < documents.length; i++) {
    const impact = impacts[i];
    const number = documents[i];
    if (!impact) continue;
    if (totals[number]) {
      totals[number] += impact;
    } else if (anew) {
      totals[number] = impact;
      found.push(number);
    }
  }
}

/**
 * A synonym stands in where the word itself is missing, and counts half.
 * @param {Synonym[]} synonyms
 * @param {Int32Array} totals
 * @param {number[]} found
 */
function addSynonyms(synonyms, totals, found) {
  /** @type {Map<string, Map<number, [number, string]>>} */
  const best = new Map();
  for (const { word, own, text, postings } of synonyms) {
    const without = new Set(Array.from(own.documents));
    let most = own.documents.length ? 0 : MAX_IMPACT;
    for (let i = 0; i < own.impacts.length; i++) most = Math.max(most, own.impacts[i]);
    const table = best.get(word) || new Map();
    best.set(word, table);
    for (let i = 0; i < postings.documents.length; i++) {
      const number = postings.documents[i];
      if (without.has(number)) continue;
      const value = Math.max(Math.floor(Math.min(postings.impacts[i], most) / SYNONYM_DIVISOR), 1);
      const before = table.get(number);
      if (!before || value > before[0]) table.set(number, [value, text]);
    }
  }
  /** @type {Map<number, [string, string][]>} */
  const through = new Map();
  for (const [word, table] of best) {
    for (const [number, [value, text]] of table) {
      if (!totals[number]) found.push(number);
      totals[number] += value;
      through.set(number, [...(through.get(number) || []), [word, text]]);
    }
  }
  return through;
}

/**
 * The documents in all of the lists, each with its greatest impact in any.
 * @param {Postings[]} lists
 * @returns {Postings}
 */
export function intersect(lists) {
  if (lists.length === 1) return lists[0];
  const ordered = [...lists].sort((a, b) => a.documents.length - b.documents.length);
  let documents = ordered.length ? Array.from(ordered[0].documents) : [];
  let impacts = ordered.length ? Array.from(ordered[0].impacts) : [];
  for (const other of ordered.slice(1)) {
    const kept = [];
    const values = [];
    for (let i = 0, j = 0; i < documents.length; i++) {
      while (j < other.documents.length && other.documents[j] < documents[i]) j++;
      if (other.documents[j] !== documents[i]) continue;
      kept.push(documents[i]);
      values.push(Math.max(impacts[i], other.impacts[j]));
    }
    documents = kept;
    impacts = values;
  }
  return { documents, impacts };
}
