// @ts-check
// A query taken apart with the words of the index; the twin of cutting.py.

import { compare, hasHan, isHan, pairs, pieces, splitBlanks, stretches } from "./letters.js";

/**
 * @typedef {"word" | "bigram" | "char" | "infix"} Kind
 * @typedef {{kind: Kind, term: string}} Term
 * @typedef {(kind: Kind, term: string) => number} Frequency
 * @typedef {{terms: Term[], rows: string[][]}} Cut
 */

export const MAX_CUT = 1000;
export const MAX_SYNONYMS = 24;
const LONGEST = 16;
const WORDS_A_DOCUMENT = 7 << 8;

/**
 * The stretches of a query.
 * @param {string} text
 * @param {(text: string) => string} fold
 * @returns {string[][]}
 */
export function stretchesOf(text, fold) {
  const found = [];
  for (const part of new Set(splitBlanks(Array.from(text).slice(0, MAX_CUT).join("")))) {
    found.push(...stretches(fold(part)));
  }
  return found;
}

/**
 * @param {string[][]} found what `stretchesOf` gave
 * @param {number} documents
 * @param {Frequency} frequency
 * @returns {Cut}
 */
export function cutQuery(found, documents, frequency) {
  /** @type {Map<string, Term>} */
  const terms = new Map();
  /** @type {(kind: Kind, term: string) => void} */
  const add = (kind, term) => void terms.set(`${kind} ${term}`, { kind, term });
  /** @type {Map<string, string[]>} */
  const rows = new Map();
  for (const stretch of found) {
    const chars = Array.from(stretch.join(""));
    for (const pair of pairs(chars)) if (hasHan(pair)) add("bigram", pair);
    let leader = "";
    /** @type {string[]} */
    const row = [];
    for (const run of stretch) {
      if (!isHan(run)) {
        add("word", run);
        add("infix", run);
        for (const piece of pieces(run)) add("word", piece);
        row.push(run);
        leader = run;
        continue;
      }
      for (const char of run) add("char", char);
      const words = cutWords(Array.from(run), documents, frequency);
      row.push(...words);
      if (leader) add("word", leader + words[0]);
      leader = "";
      for (const word of words) {
        add("word", word);
        const inside = Array.from(word);
        for (let size = 2; size < Math.min(inside.length, 4); size++) {
          for (let i = 0; i + size <= inside.length; i++) add("word", inside.slice(i, i + size).join(""));
        }
      }
    }
    rows.set(row.join(" "), row);
  }
  return { terms: [...terms.values()], rows: [...rows.values()] };
}

/**
 * The words of a run of Han characters: the cheapest path, the longer word of two equal ones.
 * @param {string[]} run
 * @param {number} documents
 * @param {Frequency} frequency
 * @returns {string[]}
 */
export function cutWords(run, documents, frequency) {
  const size = run.length;
  const most = log2(Math.max(documents, 1)) + WORDS_A_DOCUMENT;
  const costs = new Array(size + 1).fill(0);
  const ends = new Array(size).fill(0);
  const held = pairs(run).map((pair) => frequency("bigram", pair) > 0);
  for (let start = size - 1; start >= 0; start--) {
    costs[start] = most + costs[start + 1];
    ends[start] = start + 1;
    for (let end = start + 2; end <= size && end - start <= LONGEST && held[end - 2]; end++) {
      const count = frequency("word", run.slice(start, end).join(""));
      if (!count) continue;
      const cost = most - log2(count) + costs[end];
      if (cost <= costs[start]) {
        costs[start] = cost;
        ends[start] = end;
      }
    }
  }
  const words = [];
  for (let start = 0; start < size; start = ends[start]) words.push(run.slice(start, ends[start]).join(""));
  return words;
}

/**
 * The terms of two neighbouring characters: what holds all of them holds the text.
 * @param {string} text
 * @returns {Term[]}
 */
export function partsOf(text) {
  return [...new Set(pairs(Array.from(text)))].map((term) => ({ kind: hasHan(term) ? "bigram" : "infix", term }));
}

/**
 * Word → the words that may stand in for it.
 * @param {string[][]} groups
 * @param {(text: string) => string} fold
 * @returns {Map<string, string[]>}
 */
export function synonymTable(groups, fold) {
  /** @type {Map<string, Set<string>>} */
  const table = new Map();
  for (const group of groups) {
    const words = group.map(fold).filter((word) => {
      const found = stretches(word);
      return Array.from(word).length > 1 && found.length === 1 && found[0].join("") === word;
    });
    for (const word of words) {
      const others = table.get(word) || new Set();
      for (const other of words) if (other !== word) others.add(other);
      if (others.size) table.set(word, others);
    }
  }
  return new Map([...table].map(([word, others]) => [word, [...others]]));
}

/**
 * Words of the query with their synonyms: the longest that begins and ends with words.
 * @param {Cut} cut
 * @param {Map<string, string[]>} table
 * @returns {[string, string][]}
 */
export function findSynonyms(cut, table) {
  /** @type {Map<string, [string, string]>} */
  const found = new Map();
  for (const row of cut.rows) {
    for (let start = 0; start < row.length; ) {
      let text = "";
      let word = "";
      let step = 1;
      for (let end = start; end < row.length; end++) {
        text += row[end];
        if (Array.from(text).length > LONGEST) break;
        if (table.has(text)) {
          word = text;
          step = end - start + 1;
        }
      }
      for (const other of table.get(word) || []) found.set(`${word} ${other}`, [word, other]);
      start += step;
    }
  }
  return [...found.values()].slice(0, MAX_SYNONYMS);
}

/**
 * The binary logarithm in 256ths, straight between powers of two.
 * @param {number} number
 */
export function log2(number) {
  const digits = 31 - Math.clz32(number);
  return digits * 256 + Math.floor((number * 256) / 2 ** digits) - 256;
}

/** @type {(one: Term, other: Term) => number} */
export const compareTerms = (one, other) => compare(one.kind, other.kind) || compare(one.term, other.term);
