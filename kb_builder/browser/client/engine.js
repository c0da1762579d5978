// @ts-check
// From what a reader types to hits: no page, no network, no clock but for measuring.

import { chooseSynonyms, addUp, selectTerms, intersect } from "./ranking.js";
import { MAX_CUT, cutQuery, findSynonyms, partsOf, stretchesOf, synonymTable } from "./cutting.js";
import { cutExcerpt, mark, telling } from "./excerpt.js";
import { Folder } from "./folding.js";
import { Lookup } from "./lookup.js";
import { Suggester } from "./suggest.js";
import { boundaryBigrams, hasHan, hasTerm, isHan, pairs, pieces, stretches } from "./letters.js";
import { contains, parse, takeFields } from "./query.js";
import { narrow, yearName } from "./filters.js";
import { readManifest } from "./manifest.js";

/**
 * @typedef {import("./shards.js").Shards} Shards
 * @typedef {import("./cutting.js").Term} Term
 * @typedef {import("./ranking.js").QueryTerm} QueryTerm
 * @typedef {import("./ranking.js").Scores} Scores
 * @typedef {import("./excerpt.js").Span} Span
 * @typedef {import("./query.js").Query} Query
 *
 * @typedef {object} Options
 * @property {Record<string, string[]>} [facets] field → ids of values, any of which will do
 * @property {string} [kind]
 * @property {"relevance" | "date"} [sort]
 * @property {number} [limit] 10 unless given
 * @property {number} [offset]
 * @property {boolean | string[]} [counts] whether facetCounts are wanted, or of which fields; true unless given
 * @property {boolean} [exact] whether to look for quoted text in all candidates, however many; false unless given
 *
 * @typedef {object} Hit
 * @property {string} id
 * @property {string} url relative to the site
 * @property {string} title
 * @property {string} kind
 * @property {string} date
 * @property {number} score
 * @property {Record<string, string[]>} facets
 * @property {string} summary
 * @property {string} excerpt
 * @property {Span[]} marks in the excerpt
 * @property {Span[]} titleMarks
 * @property {{word: string, synonym: string}[]} synonyms by which it was found
 *
 * @typedef {object} Results
 * @property {number} total
 * @property {boolean} exact false: quoted text was looked for in the hits shown only, `total` is an upper bound
 * @property {Hit[]} hits
 * @property {Record<string, Record<string, number>>} facetCounts
 * @property {{word: string, suggestions: string[]}[]} corrections for words that no document holds
 * @property {{name: string, value: string}[]} filters taken from the text
 * @property {boolean} relaxed nothing holds the quoted text, so it was taken as words
 * @property {boolean} shortened only the first part of the text was read: 1,000 characters, with all that
 *   has signs 10,000
 * @property {number} ms
 *
 * @typedef {{scores: Scores, weights: Map<string, number>}} Match
 * @typedef {{found: Set<number>, certain: boolean}} Holding documents that may hold a phrase
 * @typedef {(number: number) => [string, boolean][]} Doubts phrases to look for in a document's text,
 *   and whether they must be there
 */

// Up to so many documents are read to verify quoted text before the total is known.
const MOST_VERIFIED = 64;
const SUMMARY = "summary";

/** How the names of fields begin that are searched but not shown. */
const UNSHOWN = ".";

export class Engine {
  /**
   * @param {import("./manifest.js").Manifest} manifest
   * @param {Shards} shards
   */
  constructor(manifest, shards) {
    this.manifest = manifest;
    this.lookup = new Lookup(manifest, shards);
    this.folder = new Folder(manifest.traditional);
    this.fold = (/** @type {string} */ text) => this.folder.fold(text);
    this.synonyms = synonymTable(manifest.synonyms, this.fold);
    this.suggester = new Suggester(this.lookup, this.folder);
  }

  /**
   * @param {Shards} shards
   * @returns {Promise<Engine>}
   */
  static async open(shards) {
    const entry = await shards.entry();
    return new Engine(readManifest(await shards.file(entry.manifest), entry.manifest), shards);
  }

  /** What a page needs to know of the base: kinds, years and facets with labels. */
  describe() {
    const { documents, kinds, years, facets } = this.manifest;
    return { documents, kinds: kinds.map(([name, label]) => ({ name, label })), years: years.map(yearName), facets };
  }

  /**
   * @param {string} text
   * @param {Options} [options]
   * @returns {Promise<Results>}
   */
  async search(text, options = {}) {
    const started = now();
    const { rest, filters } = takeFields(String(text), (field, value) => this.resolve(field, value));
    const query = parse(rest, this.fold);
    let answer = await this.answer(query, options, filters);
    let relaxed = false;
    if (!answer.total && query.phrases.length && query.text) {
      const words = [query.text, ...query.phrases].join(" ");
      answer = await this.answer({ ...query, text: words, phrases: [] }, options, filters);
      relaxed = true;
    }
    const corrections = await this.suggester.correct(query);
    const shortened = query.shortened || Array.from(query.text).length > MAX_CUT;
    return { ...answer, corrections, filters, relaxed, shortened, ms: now() - started };
  }

  /**
   * Where a text holds the words of a query, for the page of a hit.
   * @param {string} text
   * @param {string} query
   * @returns {Promise<Span[]>}
   */
  async mark(text, query) {
    const { rest } = takeFields(query, (field, value) => this.resolve(field, value));
    const parsed = parse(rest, this.fold);
    const { weights } = await this.match(parsed);
    return mark(text, weights, this.folder);
  }

  /**
   * @param {string} prefix
   * @param {number} [limit]
   */
  suggest(prefix, limit = 8) {
    return this.suggester.suggest(prefix, limit);
  }

  /** Fetch what the first search or suggestion will need besides shards of its own; that is little. */
  async prepare() {
    await this.suggester.readings();
  }

  /**
   * The first hits' ids and scores only: what the tests compare with the command line.
   * @param {string} text
   * @param {number} [limit]
   * @returns {Promise<[number, string][]>}
   */
  async rank(text, limit = 10) {
    const { totals, found } = (await this.match({ text, phrases: [], excluded: [], shortened: false })).scores;
    const best = top(found, totals, limit);
    return Promise.all(
      best.map(async (number) => /** @type {[number, string]} */ ([totals[number], (await this.lookup.document(number)).id])),
    );
  }

  /**
   * @param {Query} query
   * @param {Options} options
   * @param {{name: string, value: string}[]} filters
   */
  async answer(query, options, filters) {
    const { sort = "relevance", limit = 10, offset = 0, counts = true, exact: thorough = false } = options;
    const known = ["kind", "year", ...this.manifest.facets.map(({ name }) => name)];
    const counted = counts === true ? known : known.filter((name) => counts && counts.includes(name));
    const matching = this.match(query);
    const columns = this.columns(options, filters, counted, sort);
    const [{ scores, weights }, table, doubts] = await Promise.all([matching, columns, matching.then((m) => this.restrict(query, m.scores))]);
    let { found } = scores;
    const uncertain = found.filter((number) => doubts(number).length);
    const exact = thorough || uncertain.length <= MOST_VERIFIED;
    if (exact && uncertain.length) found = await this.verify(found, doubts, found.length);
    const narrowed = narrow(found, table, options, filters, counted);
    const { totals } = scores;
    const wanted = offset + limit;
    let best =
      sort === "date"
        ? byDate(narrowed.found, totals, /** @type {import("./lookup.js").Column} */ (table.get("date")))
        : top(narrowed.found, totals, exact ? wanted : narrowed.found.length);
    if (!exact) best = await this.verify(best, doubts, wanted);
    const page = best.slice(offset, wanted);
    const hits = await Promise.all(page.map((number) => this.hit(number, scores, weights)));
    // Fewer than asked for: all were verified.
    const all = exact || best.length < wanted;
    return { total: all && !exact ? best.length : narrowed.found.length, exact: all, hits, facetCounts: narrowed.counts };
  }

  /**
   * The columns that filters, counts and order need, and no others.
   * @param {Options} options
   * @param {{name: string}[]} filters
   * @param {string[]} counted
   * @param {string} sort
   * @returns {Promise<Map<string, import("./lookup.js").Column>>}
   */
  async columns(options, filters, counted, sort) {
    const names = new Set([...counted, ...filters.map(({ name }) => name)]);
    for (const [name, values] of Object.entries(options.facets || {})) if (values.length) names.add(name);
    if (options.kind) names.add("kind");
    if (names.delete("year") || sort === "date") names.add("date");
    const wanted = ["kind", "date", ...this.manifest.facets.map(({ name }) => name)].filter((name) => names.has(name));
    const columns = await Promise.all(wanted.map((name) => this.lookup.column(name)));
    return new Map(wanted.map((name, i) => [name, columns[i]]));
  }

  /**
   * Everything that a query's words and phrases find, and the terms to mark with their weights.
   * @param {Query} query
   * @returns {Promise<Match>}
   */
  async match(query) {
    const { lookup, manifest } = this;
    const { documents } = manifest;
    const text = [query.text, ...query.phrases].filter(Boolean).join(" ");
    if (!text) {
      const found = Array.from({ length: documents }, (_, number) => number);
      return { scores: { totals: new Int32Array(documents), found, through: new Map() }, weights: new Map() };
    }
    const found = stretchesOf(text, this.fold);
    await lookup.fetchKeys(keysOf(found));
    const cut = cutQuery(found, documents, (kind, term) => lookup.frequency(kind, term));
    /** @type {QueryTerm[]} */
    const held = cut.terms
      .map((term) => ({ ...term, frequency: lookup.frequency(term.kind, term.term) }))
      .filter(({ frequency }) => frequency > 0);
    const terms = selectTerms(held, documents);
    const related = findSynonyms(cut, this.synonyms);
    const parts = related.flatMap((words) => words.flatMap(partsOf));
    await lookup.fetchKeys(parts.map(({ term }) => term));
    await lookup.fetchPostings([...terms, ...parts]);
    const synonyms = chooseSynonyms(
      related.map(([word, other]) => ({ word, own: lookup.together(word), text: other, postings: lookup.together(other) })),
      documents,
    );
    const scores = addUp(
      terms.map(({ kind, term }) => [term, lookup.postings(kind, term)]),
      synonyms,
      documents,
    );
    /** @type {Map<string, number>} */
    const all = new Map();
    for (const { term, frequency } of terms) all.set(term, Math.max(idf(documents, frequency), all.get(term) || 0));
    for (const { text: other, postings } of synonyms) {
      if (!all.has(other)) all.set(other, idf(documents, postings.documents.length) / 2);
    }
    const weights = telling(all, cut.rows);
    const most = weights.size ? Math.max(...weights.values()) : 1;
    for (const phrase of query.phrases) weights.set(phrase, 2 * most);
    return { scores, weights };
  }

  /**
   * Keep the hits that may hold the quoted texts and need not hold the excluded ones.
   * @param {Query} query
   * @param {Scores} scores whose hits are replaced
   * @returns {Promise<Doubts>}
   */
  async restrict(query, scores) {
    const [phrases, excluded] = await Promise.all(
      [query.phrases, query.excluded].map((list) => Promise.all(list.map((phrase) => this.holding(phrase)))),
    );
    if (phrases.length) {
      const [first, ...others] = phrases.map(({ found }) => found).sort((a, b) => a.size - b.size);
      scores.found = [...first].filter((number) => others.every((other) => other.has(number)));
    }
    for (const { found, certain } of excluded) {
      if (certain) scores.found = scores.found.filter((number) => !found.has(number));
    }
    return (number) => {
      /** @type {[string, boolean][]} */
      const doubts = [];
      query.phrases.forEach((phrase, i) => phrases[i].certain || doubts.push([phrase, true]));
      query.excluded.forEach((phrase, i) => {
        if (!excluded[i].certain && excluded[i].found.has(number)) doubts.push([phrase, false]);
      });
      return doubts;
    };
  }

  /**
   * The documents that hold all terms of a phrase, and whether that means that they hold the phrase.
   * @param {string} phrase
   * @returns {Promise<Holding>}
   */
  async holding(phrase) {
    /** @type {Term[]} */
    const terms = [];
    for (const runs of stretches(phrase)) {
      for (const term of boundaryBigrams(runs)) terms.push({ kind: "bigram", term });
      for (const run of runs) {
        const chars = Array.from(run);
        if (!isHan(run)) {
          const parts = pieces(run);
          for (const term of parts.length ? parts : [run]) terms.push({ kind: "word", term });
        } else if (chars.length === 1) terms.push({ kind: "char", term: run });
        else for (const term of pairs(chars)) terms.push({ kind: "bigram", term });
      }
    }
    await this.lookup.fetchKeys(terms.map(({ term }) => term));
    await this.lookup.fetchPostings(terms);
    const lists = terms.map(({ kind, term }) => {
      const { documents, impacts } = this.lookup.postings(kind, term);
      return { documents: Array.from(documents).filter((_, i) => impacts[i]), impacts: [] };
    });
    const found = new Set(Array.from(lists.length ? intersect(lists).documents : []));
    return { found, certain: terms.length === 1 && terms[0].term === phrase };
  }

  /**
   * The first `wanted` of these documents whose text settles the doubts.
   * @param {number[]} numbers
   * @param {Doubts} doubts
   * @param {number} wanted
   */
  async verify(numbers, doubts, wanted) {
    const kept = [];
    for (let start = 0; start < numbers.length && kept.length < wanted; start += MOST_VERIFIED) {
      const batch = numbers.slice(start, start + Math.min(MOST_VERIFIED, Math.max(wanted * 2, 16)));
      const good = await Promise.all(batch.map((number) => this.settles(number, doubts(number))));
      kept.push(...batch.filter((_, i) => good[i]));
      start += batch.length - MOST_VERIFIED;
    }
    return kept;
  }

  /**
   * @param {number} number
   * @param {[string, boolean][]} doubts
   */
  async settles(number, doubts) {
    if (!doubts.length) return true;
    const { title, texts } = await this.lookup.document(number);
    const folded = [title, ...texts.map(([, text]) => text)].map(this.fold);
    return doubts.every(([phrase, wanted]) => folded.some((text) => contains(text, phrase)) === wanted);
  }

  /**
   * @param {number} number
   * @param {Scores} scores
   * @param {Map<string, number>} weights
   * @returns {Promise<Hit>}
   */
  async hit(number, scores, weights) {
    const shown = await this.lookup.document(number);
    let best = { text: "", marks: /** @type {Span[]} */ ([]), score: 0 };
    for (const [name, text] of shown.texts) {
      if (name.startsWith(UNSHOWN)) continue;
      const excerpt = cutExcerpt(text, weights, this.folder);
      if (excerpt.score > best.score || (excerpt.score === best.score && excerpt.text.length > best.text.length)) best = excerpt;
    }
    const through = scores.through.get(number) || [];
    return {
      id: shown.id,
      url: shown.address,
      title: shown.title,
      kind: shown.kind,
      date: shown.date,
      score: scores.totals[number],
      facets: shown.facets,
      summary: (shown.texts.find(([name]) => name === SUMMARY) || ["", ""])[1],
      excerpt: best.text,
      marks: best.marks,
      titleMarks: mark(shown.title, weights, this.folder),
      synonyms: through.map(([word, synonym]) => ({ word, synonym })),
    };
  }

  /**
   * What 投诉类型:服务 means.
   * @param {string} field
   * @param {string} value
   * @returns {{name: string, value: string} | null}
   */
  resolve(field, value) {
    const same = (/** @type {string} */ one, /** @type {string} */ other) => this.fold(one) === this.fold(other);
    if (["year", "年份", "年"].some((name) => same(field, name))) {
      const year = /^(\d{4})年?$/.exec(this.fold(value));
      return year && { name: "year", value: year[1] };
    }
    if (["kind", "种类"].some((name) => same(field, name))) {
      const kind = this.manifest.kinds.find((names) => names.some((name) => same(name, value)));
      return kind ? { name: "kind", value: kind[0] } : null;
    }
    for (const facet of this.manifest.facets) {
      if (!same(field, facet.name) && !same(field, facet.label)) continue;
      const choice = facet.choices.find(({ id, label, aliases }) => [id, label, ...aliases].some((name) => same(name, value)));
      if (choice) return { name: facet.name, value: choice.id };
    }
    return null;
  }
}

/**
 * The beginnings of all keys that cutting may ask for.
 * @param {string[][]} found
 * @returns {Set<string>}
 */
function keysOf(found) {
  /** @type {Set<string>} */
  const keys = new Set();
  for (const runs of found) {
    for (const pair of pairs(Array.from(runs.join("")))) keys.add(pair);
    for (const run of runs) {
      const chars = Array.from(run);
      if (hasHan(run) || chars.length === 1) for (const char of chars) keys.add(char);
      else for (const piece of pieces(run)) keys.add(piece);
    }
  }
  return keys;
}

/**
 * The best documents, best first; equal scores by number, which is the order of the ids.
 * @param {number[]} found
 * @param {Int32Array} totals
 * @param {number} limit
 */
function top(found, totals, limit) {
  let candidates = found;
  if (found.length > limit * 4) {
    let most = 0;
    for (const number of found) most = Math.max(most, totals[number]);
    const counts = new Uint32Array(most + 1);
    for (const number of found) counts[totals[number]]++;
    let least = most;
    for (let above = counts[most]; above < limit && least > 0; above += counts[least]) least--;
    candidates = found.filter((number) => totals[number] >= least);
  }
  return [...candidates].sort((a, b) => totals[b] - totals[a] || a - b).slice(0, limit);
}

/**
 * Latest first, those without a date last; equal ones by score.
 * @param {number[]} found
 * @param {Int32Array} totals
 * @param {import("./lookup.js").Column} dates
 */
function byDate(found, totals, dates) {
  const date = (/** @type {number} */ number) => dates.values[dates.numbers[dates.starts[number]]] || "";
  return [...found].sort((a, b) => (date(a) < date(b) ? 1 : date(a) > date(b) ? -1 : totals[b] - totals[a] || a - b));
}

/**
 * How much a term tells; only the choice of excerpts depends on it.
 * @param {number} documents
 * @param {number} frequency
 */
const idf = (documents, frequency) => Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));

const now = () => (typeof performance === "undefined" ? Date.now() : performance.now());
