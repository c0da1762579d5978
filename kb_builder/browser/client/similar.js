// @ts-check
// The documents that are like a whole text; the twin of insight/similarity.py, which says why.

import { compareTerms, cutWords, findSynonyms, log2, MAX_SYNONYMS, partsOf } from "./cutting.js";
import { addUp, chooseSynonyms, isCommon } from "./ranking.js";
import { boundaryBigrams, compare, hasHan, isHan, pairs, pieces, stretches } from "./letters.js";
import { markFolded } from "./excerpt.js";
import { narrow } from "./filters.js";

/**
 * @typedef {import("./cutting.js").Kind} Kind
 * @typedef {import("./cutting.js").Term} Term
 * @typedef {import("./cutting.js").Frequency} Frequency
 * @typedef {import("./ranking.js").Postings} Postings
 * @typedef {import("./ranking.js").Scores} Scores
 * @typedef {import("./ranking.js").Synonym} Synonym
 * @typedef {import("./excerpt.js").Span} Span
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./engine.js").Hit} Hit
 *
 * @typedef {{terms: Telling[], scores: Scores}} Found the scores of all documents, and the terms they were found by
 * @typedef {Term & {count: number}} Counted
 * @typedef {Term & {weight: number}} Telling in 16ths of a bit
 *
 * @typedef {object} SimilarOptions
 * @property {Record<string, string[]>} [facets] field → ids of values, any of which will do
 * @property {string} [kind]
 * @property {number} [limit] 10 unless given
 *
 * @typedef {Hit & {because: string[], textMarks: Span[]}} SimilarHit
 *   `because`: the folded words that made it similar, best first. `marks` (in the excerpt), `titleMarks` and
 *   `textMarks` (in the text that was given) are the places of these words.
 *
 * @typedef {object} SimilarResults
 * @property {number} total
 * @property {SimilarHit[]} hits
 * @property {boolean} shortened only the first `MAX_TEXT` characters were read
 * @property {number} ms
 */

export const MAX_TEXT = 5000;
const MAX_SIMILAR_TERMS = 128;
const MAX_SIMILAR_PAIRS = 200;
const WEIGHT_SHIFT = 4;
const SCORE_SHIFT = 7;
const LN2 = 177;
const LONGEST_NAME = 8;
const MOST_NAMES = 6;

/**
 * @param {Engine} engine
 * @param {string} text
 * @param {SimilarOptions} [options]
 * @returns {Promise<SimilarResults>}
 */
export async function similar(engine, text, options = {}) {
  const started = performance.now();
  const read = readPart(text);
  const found = await find(engine, read);
  const { total, best } = await choose(engine, found, options);
  const folded = engine.folder.foldWithOffsets(read);
  const hits = await Promise.all(best.map((number) => toHit(engine, folded, found, number)));
  return { total, hits, shortened: read.length < String(text).length, ms: performance.now() - started };
}

/**
 * The part of a text that is read.
 * @param {string} text
 */
export const readPart = (text) => Array.from(String(text)).slice(0, MAX_TEXT).join("");

/**
 * The best of what was found.
 * @param {Engine} engine
 * @param {Found} found
 * @param {SimilarOptions} options
 * @returns {Promise<{total: number, best: number[]}>}
 */
export async function choose(engine, { scores }, options) {
  const wanted = { facets: options.facets || {}, kind: options.kind || "" };
  const numbers = narrow(scores.found, await engine.columns(wanted, [], [], "relevance"), wanted, [], []).found;
  const best = [...numbers].sort((a, b) => scores.totals[b] - scores.totals[a] || a - b);
  return { total: numbers.length, best: best.slice(0, options.limit ?? 10) };
}

/**
 * The scores of all documents, and the terms that they were found by.
 * @param {Engine} engine
 * @param {string} text
 * @returns {Promise<Found>}
 */
export async function find({ fold, lookup, manifest, synonyms }, text) {
  const { documents } = manifest;
  const runs = stretches(fold(text));
  const candidates = countCandidates(runs);
  await lookup.fetchKeys(new Set(Array.from(candidates.keys()).flatMap((term) => Array.from(term))));
  const held = choosePairs(candidates, documents, (kind, term) => lookup.frequency(kind, term));
  await lookup.fetchKeys(held);
  /** @type {Frequency} */
  const frequency = (kind, term) => {
    const [one, other] = term;
    return other === undefined || held.has(one + other) ? lookup.frequency(kind, term) : 0;
  };
  const { counts, rows } = countTerms(runs, documents, frequency);
  const terms = weigh(counts, documents, frequency);
  const said = chooseRelated(rows, synonyms);
  const parts = said.flatMap(({ word, text: other }) => [...partsOf(word), ...partsOf(other)]);
  await lookup.fetchKeys(parts.map(({ term }) => term));
  await lookup.fetchPostings([...terms, ...parts]);
  const related = chooseSynonyms(
    said.map(({ word, text: other }) => ({ word, own: lookup.together(word), text: other, postings: lookup.together(other) })),
    documents,
  ).map((synonym) => {
    const count = said.find(({ word, text: other }) => word === synonym.word && other === synonym.text)?.count || 1;
    const rarity = log2(documents + 1) - log2(synonym.postings.documents.length);
    const weight = weightOf(rarity, count);
    return { ...synonym, own: scaled(synonym.own, weight), postings: scaled(synonym.postings, weight) };
  });
  const weighted = terms.map(
    ({ kind, term, weight }) => /** @type {[string, Postings]} */ ([term, scaled(lookup.postings(kind, term), weight)]),
  );
  const scores = addUp(weighted, related, documents);
  for (const number of scores.found) scores.totals[number] = Math.max(scores.totals[number] >> SCORE_SHIFT, 1);
  return { terms, scores };
}

/**
 * @param {Engine} engine
 * @param {ReturnType<import("./folding.js").Folder["foldWithOffsets"]>} text whose words are named and marked
 * @param {Found} found
 * @param {number} number
 * @returns {Promise<SimilarHit>}
 */
export async function toHit(engine, text, { terms, scores }, number) {
  const { title, texts } = await engine.lookup.document(number);
  const held = terms.flatMap(({ kind, term, weight }) => {
    if (!text.text.includes(term)) return [];
    const value = impactIn(engine.lookup.postings(kind, term), number);
    return value ? [{ kind, term, value: value * weight }] : [];
  });
  const folded = [title, ...texts.map(([, body]) => body)].map(engine.fold);
  const through = (scores.through.get(number) || []).flatMap(([word, synonym]) => (text.text.includes(word) ? [synonym] : []));
  const because = nameReasons(text.text, held, through, folded);
  const weights = new Map(because.map((word, place) => [word, because.length - place]));
  const hit = await engine.hit(number, scores, weights);
  return { ...hit, because, textMarks: markFolded(text, weights) };
}

/**
 * The bigrams of a text, and its Latin words and their pieces, with their counts.
 * @param {string[][]} found
 */
export function countCandidates(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const add = (/** @type {string} */ term) => void counts.set(term, (counts.get(term) || 0) + 1);
  for (const runs of found) {
    boundaryBigrams(runs).forEach(add);
    for (const run of runs) {
      const chars = Array.from(run);
      if (isHan(run)) pairs(chars).forEach(add);
      else if (chars.length > 1) {
        add(run);
        for (const piece of pieces(run)) if (Array.from(piece).length > 1) add(piece);
      }
    }
  }
  return counts;
}

/**
 * The beginnings of terms that are looked up, chosen by how rare their characters are.
 * @param {Map<string, number>} candidates
 * @param {number} documents
 * @param {Frequency} frequency
 * @returns {Set<string>}
 */
export function choosePairs(candidates, documents, frequency) {
  const most = log2(documents + 1);
  /** @type {Map<string, number>} */
  const rarity = new Map();
  /** @type {Map<string, number>} */
  const best = new Map();
  for (const [term, count] of candidates) {
    const chars = Array.from(term);
    let total = 0;
    for (const char of chars) {
      let rare = rarity.get(char);
      if (rare === undefined) {
        const held = frequency(hasHan(char) ? "char" : "infix", char);
        rare = held ? most - log2(held) : -1;
        rarity.set(char, rare);
      }
      total = rare < 0 || total < 0 ? -1 : total + rare;
    }
    if (total < 0) continue;
    const pair = chars[0] + chars[1];
    best.set(pair, Math.max(best.get(pair) || 0, (Math.min(total, most) * saidOf(count)) >> 8));
  }
  const ordered = [...best].sort(([one, a], [other, b]) => b - a || compare(one, other));
  return new Set(ordered.slice(0, MAX_SIMILAR_PAIRS).map(([pair]) => pair));
}

/**
 * The terms of a text, cut with the words of the index, with their counts; the words of each stretch.
 * @param {string[][]} found
 * @param {number} documents
 * @param {Frequency} frequency
 * @returns {{counts: Counted[], rows: string[][]}}
 */
export function countTerms(found, documents, frequency) {
  /** @type {Map<string, Counted>} */
  const counts = new Map();
  /** @type {(kind: Kind, term: string) => void} */
  const add = (kind, term) => {
    const key = `${kind} ${term}`;
    const counted = counts.get(key);
    if (counted) counted.count += 1;
    else counts.set(key, { kind, term, count: 1 });
  };
  /** @type {string[][]} */
  const rows = [];
  for (const runs of found) {
    for (const bigram of boundaryBigrams(runs)) add("bigram", bigram);
    let leader = "";
    /** @type {string[]} */
    const row = [];
    for (const run of runs) {
      if (!isHan(run)) {
        add("word", run);
        for (const piece of pieces(run)) add("word", piece);
        row.push(run);
        leader = run;
        continue;
      }
      const chars = Array.from(run);
      for (const char of chars) add("char", char);
      for (const pair of pairs(chars)) add("bigram", pair);
      const words = cutWords(chars, documents, frequency);
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
    rows.push(row);
  }
  return { counts: [...counts.values()], rows };
}

/**
 * Those terms that tell most.
 * @param {Counted[]} counts
 * @param {number} documents
 * @param {Frequency} frequency
 * @returns {Telling[]}
 */
export function weigh(counts, documents, frequency) {
  const most = log2(documents + 1);
  /** @type {Telling[]} */
  const telling = [];
  /** @type {Telling[]} */
  const common = [];
  for (const { kind, term, count } of counts) {
    const held = frequency(kind, term);
    if (!held) continue;
    const weight = weightOf(most - log2(held), count);
    const group = isCommon(term, held, documents) ? common : telling;
    group.push({ kind, term, weight: kind === "char" ? Math.max(weight >> 1, 1) : weight });
  }
  const all = telling.some(({ term }) => Array.from(term).length > 1) ? telling : [...telling, ...common];
  return all.sort((a, b) => b.weight - a.weight || compareTerms(a, b)).slice(0, MAX_SIMILAR_TERMS);
}

/**
 * Words of the text with their synonyms: those said in most stretches.
 * @param {string[][]} rows
 * @param {Map<string, string[]>} table
 * @returns {{word: string, text: string, count: number}[]}
 */
export function chooseRelated(rows, table) {
  /** @type {Map<string, {word: string, text: string, count: number}>} */
  const said = new Map();
  for (const row of rows) {
    for (const [word, text] of findSynonyms({ terms: [], rows: [row] }, table)) {
      const key = `${word} ${text}`;
      const pair = said.get(key) || { word, text, count: 0 };
      pair.count += 1;
      said.set(key, pair);
    }
  }
  return [...said.values()]
    .sort((a, b) => b.count - a.count || compare(a.word, b.word) || compare(a.text, b.text))
    .slice(0, MAX_SYNONYMS);
}

/**
 * The words that made a document like a text, best first.
 * @param {string} text folded
 * @param {(Term & {value: number})[]} held the terms that the document holds, and what they counted
 * @param {string[]} synonyms by which it was found
 * @param {string[]} texts of the document, folded
 */
export function nameReasons(text, held, synonyms, texts) {
  /** @type {Map<string, number>} */
  const parts = new Map();
  /** @type {Set<string>} */
  const words = new Set();
  for (const { kind, term, value } of held) {
    if (Array.from(term).length < 2) continue;
    parts.set(term, (parts.get(term) || 0) + value);
    if (kind === "word") words.add(term);
  }
  const named = joinNames(text, parts, words, texts);
  for (const synonym of synonyms) if (!named.has(synonym)) named.set(synonym, 1);
  const ordered = [...(named.size ? named : parts)].sort(([one, a], [other, b]) => b - a || compare(one, other));
  /** @type {string[]} */
  const chosen = [];
  for (const [name] of ordered) {
    if (chosen.length < MOST_NAMES && !chosen.some((each) => each.includes(name) || name.includes(each))) chosen.push(name);
  }
  return chosen;
}

/**
 * Words, words that overlap, and what pairs make together.
 * @param {string} text
 * @param {Map<string, number>} parts
 * @param {Set<string>} words
 * @param {string[]} texts
 */
function joinNames(text, parts, words, texts) {
  const shared = (/** @type {string} */ name) => texts.some((each) => each.includes(name));
  /** @type {Map<string, number>} */
  const named = new Map();
  for (const word of words) if (text.includes(word) && shared(word)) named.set(word, parts.get(word) || 0);
  /** @type {{low: number, high: number, part: string}[]} */
  const places = [];
  for (const part of parts.keys()) {
    for (let low = text.indexOf(part); low >= 0; low = text.indexOf(part, low + 1)) places.push({ low, high: low + part.length, part });
  }
  places.sort((a, b) => a.low - b.low || a.high - b.high);
  /** @type {typeof places} */
  let group = [];
  let end = 0;
  for (const place of [...places, { low: text.length, high: 0, part: "" }]) {
    if (group.length && place.low >= end) {
      const whole = group.filter(({ part }) => words.has(part));
      const low = (whole.length ? whole : group)[0].low;
      const high = whole.length ? Math.max(...whole.map((each) => each.high)) : end;
      const name = text.slice(low, high);
      const size = Array.from(name).length;
      if (group.length > 1 && size > 2 && size <= LONGEST_NAME && shared(name)) {
        const inside = new Set(group.filter((each) => low <= each.low && each.high <= high).map(({ part }) => part));
        const value = [...inside].reduce((total, part) => total + (parts.get(part) || 0), 0);
        named.set(name, Math.max(named.get(name) || 0, value));
      }
      group = [];
      end = 0;
    }
    group.push(place);
    end = Math.max(end, place.high);
  }
  return named;
}

/**
 * @param {number} rarity in 256ths of a bit
 * @param {number} count
 */
const weightOf = (rarity, count) => Math.max((rarity * saidOf(count)) >> (8 + WEIGHT_SHIFT), 1);

/**
 * What it counts to be said several times, in 256ths: 1 + ln(count).
 * @param {number} count
 */
const saidOf = (count) => 256 + ((log2(count) * LN2) >> 8);

/**
 * @param {Postings} postings
 * @param {number} weight
 * @returns {Postings}
 */
const scaled = ({ documents, impacts }, weight) => ({ documents, impacts: Int32Array.from(impacts, (impact) => impact * weight) });

/**
 * What a term adds to the score of a document.
 * @param {Postings} postings
 * @param {number} number
 */
function impactIn({ documents, impacts }, number) {
  let low = 0;
  let high = documents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (documents[middle] < number) low = middle + 1;
    else high = middle;
  }
  return documents[low] === number ? impacts[low] : 0;
}
