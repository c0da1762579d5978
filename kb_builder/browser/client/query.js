// @ts-check
// What a reader types, taken apart; the twin of query.py, and 字段:值 besides.

import { SPACE, edge, hasTerm } from "./letters.js";

const MAX_QUERY = 10000;
const MAX_PHRASES = 16;
const BLANKS = new RegExp(`[${SPACE}]+`, "g");
const PART = new RegExp(
  `(^|[${SPACE}])(?:([-－]?)(?:"([^"]+)"|“([^“”]+)”|”([^“”]+)”|「([^「」]+)」|『([^『』]+)』|＂([^＂]+)＂)(?=[${SPACE}]|$)` +
    `|[-－]([^${SPACE}\\-－][^${SPACE}]*))`,
  "g",
);
const FIELD = new RegExp(`(^|[${SPACE}])([^${SPACE}:：“”"]{1,20})[:：](?:"([^"]+)"|“([^”]+)”|([^${SPACE}"“]+))(?=[${SPACE}]|$)`, "g");

/**
 * @typedef {{text: string, phrases: string[], excluded: string[], shortened: boolean}} Query
 *   free text; folded texts that a hit must hold, or must not
 * @typedef {(field: string, value: string) => {name: string, value: string} | null} Resolve
 *   what a field and a value in the reader's words mean, if anything
 */

/**
 * @param {string} text
 * @param {(text: string) => string} fold
 * @returns {Query}
 */
export function parse(text, fold) {
  const chars = Array.from(text.slice(0, MAX_QUERY * 2));
  const shortened = chars.length > MAX_QUERY;
  /** @type {string[]} */
  const phrases = [];
  /** @type {string[]} */
  const excluded = [];
  const rest = chars.slice(0, MAX_QUERY).join("").replace(PART, (whole, _before, minus, ...groups) => {
    const word = groups[6];
    const phrase = fold(groups.slice(0, 6).find(Boolean) || word || "");
    const chosen = minus || word ? excluded : phrases;
    if (!hasTerm(phrase) || chosen.length >= MAX_PHRASES) return chosen === phrases ? whole : " ";
    if (!chosen.includes(phrase)) chosen.push(phrase);
    return " ";
  });
  return { text: trim(rest.replace(BLANKS, " ")), phrases, excluded, shortened };
}

/**
 * Take 投诉类型:服务 out of a text where field and value are known; the rest stays.
 * @param {string} text
 * @param {Resolve} resolve
 * @returns {{rest: string, filters: {name: string, value: string}[]}}
 */
export function takeFields(text, resolve) {
  /** @type {{name: string, value: string}[]} */
  const filters = [];
  const rest = text.replace(FIELD, (whole, before, field, one, other, plain) => {
    const found = resolve(field, one || other || plain);
    if (!found) return whole;
    filters.push(found);
    return before;
  });
  return { rest, filters };
}

/** @param {string} text */
const trim = (text) => text.replace(/^ | $/g, "");

/**
 * Where a folded text holds a folded term, none overlapping, not inside a Latin word or a number.
 * @param {string} folded
 * @param {string} term
 * @param {boolean} [loose] inside words and numbers too
 * @returns {[number, number][]}
 */
export function find(folded, term, loose = false) {
  /** @type {[number, number][]} */
  const found = [];
  const first = loose ? "" : edge(term);
  const last = loose ? "" : edge(lastChar(term));
  for (let at = folded.indexOf(term); at >= 0; ) {
    const end = at + term.length;
    const free =
      (!first || at === 0 || edge(lastChar(folded.slice(Math.max(at - 2, 0), at))) !== first) &&
      (!last || end === folded.length || edge(folded.slice(end, end + 2)) !== last);
    if (free) found.push([at, end]);
    at = folded.indexOf(term, free ? end : at + 1);
  }
  return found;
}

/**
 * @param {string} folded
 * @param {string} phrase
 */
export const contains = (folded, phrase) => find(folded, phrase).length > 0;

/** @param {string} text */
function lastChar(text) {
  const code = text.charCodeAt(text.length - 1);
  return code >= 0xdc00 && code <= 0xdfff ? text.slice(-2) : text.slice(-1);
}
