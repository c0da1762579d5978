// @ts-check
// Advice on a complaint, and the complaint without personal data. Data and code are fetched only when they
// are asked for: most readers search.

import { Adviser, PLAYBOOKS, SHOWN_CASES } from "./advice/advice.js";
import { Folder } from "./folding.js";
import { Gate } from "./privacy/gate.js";
import { SearchError } from "./errors.js";
import { compare } from "./letters.js";
import { inflate } from "./inflate.js";
import { redact } from "./privacy/redaction.js";
import { choose, find, readPart, toHit } from "./similar.js";

/**
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./excerpt.js").Span} Span
 * @typedef {import("./advice/types.js").Advice} Advice
 * @typedef {import("./advice/types.js").Options} Options
 * @typedef {import("./advice/advice.js").CaseFacts} CaseFacts
 *
 * @typedef {object} Precedents what is like a text
 * @property {string} wanted what was looked for
 * @property {import("./similar.js").SimilarHit[]} hits
 * @property {import("./advice/advice.js").FoundCase[]} found
 * @property {Record<string, number>} alike the playbooks whose pages are like it: id → score of the page
 *
 * @typedef {object} Passage where a case and the text say the same
 * @property {string} excerpt of the case
 * @property {Span[]} marks in the excerpt
 * @property {Span[]} titleMarks
 * @property {Span[]} textMarks in the text that was given
 *
 * @typedef {object} Detail what a page shows besides
 * @property {Record<string, Passage>} passages by id of case
 * @property {Record<string, {value: string, label: string}[]>} choices by field: all its values
 * @property {boolean} shortened only the first part of the text was read
 *
 * @typedef {{text: string, found: {mark: string, text: string}[]}} Masked the text without personal data, and
 *   what was taken out, in order: the word that stands for its sort, and what stood there
 */

const CASE = "case";
const PLAYBOOK = "playbook";
// An index of so few shards is fetched ahead as a whole, so that nothing is missing when the line is.
const SMALL = 400;
const AT_ONCE = 8;
const NOTHING = { text: null, precedents: null };

/** What belongs to an engine's index. */
class Material {
  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    /** @type {Map<string, Promise<any>>} */
    this.held = new Map();
    /** @type {{text: string | null, precedents: Promise<Precedents> | null}} */
    this.last = NOTHING;
  }

  /**
   * What a shard of JSON holds; asked for once.
   * @param {string} name
   * @param {number} number
   * @returns {Promise<any>}
   */
  shard(name, number) {
    const { manifest, lookup } = this.engine;
    const set = manifest.sets[name];
    if (!set) return Promise.reject(new SearchError("missing", name));
    return this.keep(`${name} ${number}`, async () => {
      const raw = inflate(await lookup.shards.load(set, number));
      return JSON.parse(new TextDecoder().decode(raw));
    });
  }

  /** @returns {Promise<{adviser: Adviser, firsts: string[]}>} */
  adviser() {
    return this.keep("adviser", async () => {
      const [data, sayings] = await Promise.all([this.shard("advice", 0), this.shard("advice", 1)]);
      const folder = new Folder(new Map([...this.engine.manifest.traditional, ...Object.entries(data.traditional)]));
      return { adviser: new Adviser({ ...data, sayings }, folder), firsts: data.facts };
    });
  }

  /**
   * What is like a text; kept until the next text, because mostly the next question only corrects what was made
   * of this one.
   * @param {string} text
   * @returns {Promise<Precedents>}
   */
  precedents(text) {
    if (this.last.text !== text) {
      const precedents = this.search(text);
      this.last = { text, precedents };
      precedents.catch(() => (this.last = NOTHING));
    }
    return /** @type {Promise<Precedents>} */ (this.last.precedents);
  }

  /**
   * @param {string} text
   * @returns {Promise<Precedents>}
   */
  async search(text) {
    const { engine } = this;
    const { adviser, firsts } = await this.adviser();
    const wanted = adviser.sought(text);
    const scored = await find(engine, wanted);
    const [cases, pages] = await Promise.all([
      choose(engine, scored, { kind: CASE, limit: SHOWN_CASES }),
      choose(engine, scored, { kind: PLAYBOOK, limit: PLAYBOOKS }),
    ]);
    // Behind the text stands what it means in the words of case pages; that is not the reader's.
    const said = engine.folder.foldWithOffsets(readPart(text));
    const [hits, playbooks] = await Promise.all([
      Promise.all(cases.best.map((number) => toHit(engine, said, scored, number))),
      Promise.all(pages.best.map((number) => engine.lookup.document(number))),
    ]);
    const facts = await Promise.all(hits.map(({ id }) => this.facts(firsts, id)));
    const found = hits.flatMap(({ score, because }, place) => {
      const its = facts[place];
      return its ? [{ facts: its, score, because }] : [];
    });
    const alike = Object.fromEntries(playbooks.map(({ id }, place) => [id, scored.scores.totals[pages.best[place]]]));
    return { wanted, hits, found, alike };
  }

  /** @returns {Promise<Gate>} */
  gate() {
    return this.keep("gate", async () => new Gate(await this.shard("privacy", 0)));
  }

  /**
   * @param {string[]} firsts the first id of each shard
   * @param {string} id
   * @returns {Promise<CaseFacts | undefined>}
   */
  async facts(firsts, id) {
    const shard = firsts.filter((first) => compare(first, id) <= 0).length - 1;
    if (shard < 0) return undefined;
    /** @type {CaseFacts[]} */
    const rows = await this.shard("facts", shard);
    return rows.find((facts) => facts.id === id);
  }

  /**
   * @template Value
   * @param {string} name
   * @param {() => Promise<Value>} make
   * @returns {Promise<Value>}
   */
  keep(name, make) {
    let value = this.held.get(name);
    if (!value) {
      value = make();
      this.held.set(name, value);
      value.catch(() => this.held.delete(name));
    }
    return value;
  }
}

/** @type {WeakMap<Engine, Material>} */
const materials = new WeakMap();

/** @param {Engine} engine */
function materialOf(engine) {
  const material = materials.get(engine) || new Material(engine);
  materials.set(engine, material);
  return material;
}

/**
 * @param {Engine} engine
 * @param {string} text
 * @param {Options} options
 * @returns {Promise<Advice & Partial<Detail>>}
 */
export async function advise(engine, text, options) {
  const material = materialOf(engine);
  const { adviser } = await material.adviser();
  const { wanted, hits, found, alike } = await material.precedents(text);
  const advice = adviser.advise(text, found, alike, options);
  if (!options.detail) return advice;
  const passages = Object.fromEntries(
    hits.map(({ id, excerpt, marks, titleMarks, textMarks }) => [id, { excerpt, marks, titleMarks, textMarks }]),
  );
  const choices = Object.fromEntries(
    [...adviser.fields.values()].map(({ name, values }) => [name, [...values].map(([value, label]) => ({ value, label }))]),
  );
  return { ...advice, passages, choices, shortened: sharedLength(text, wanted) < text.length };
}

/**
 * The text without personal data.
 * @param {Engine} engine
 * @param {string} text
 * @returns {Promise<Masked>}
 */
export async function mask(engine, text) {
  const gate = await materialOf(engine).gate();
  const found = gate.find(text).filter(({ value }) => !gate.reviewed.has(value));
  return {
    text: redact(text, gate),
    found: found.map(({ start, end, category }) => ({ mark: gate.data.marks[category], text: text.slice(start, end) })),
  };
}

/**
 * Fetch what any advice needs; of a small index, everything, so that what follows needs no line.
 * @param {Engine} engine
 */
export async function prepareAdvice(engine) {
  const { manifest, lookup } = engine;
  const material = materialOf(engine);
  await Promise.all([material.adviser(), material.gate()]);
  const { terms, singles, docs, facts } = manifest.sets;
  const sets = [singles, terms, docs, facts];
  if (sets.reduce((total, { count }) => total + count, 0) > SMALL) return;
  const each = (/** @type {import("./shards.js").ShardSet} */ { count }, /** @type {(n: number) => Promise<any>} */ act) =>
    Array.from({ length: count }, (_, n) => () => act(n));
  const steps = [
    () => lookup.column("kind"),
    ...each(singles, (n) => shardWithFiles(lookup, "singles", "characters", n)),
    ...each(terms, (n) => shardWithFiles(lookup, "terms", "postings", n)),
    ...each(docs, (n) => lookup.document(n * manifest.block)),
    ...each(facts, (n) => material.shard("facts", n)),
  ];
  for (let at = 0; at < steps.length; at += AT_ONCE) await Promise.all(steps.slice(at, at + AT_ONCE).map((step) => step()));
}

/**
 * @param {import("./lookup.js").Lookup} lookup
 * @param {"terms" | "singles"} keys
 * @param {string} files
 * @param {number} number
 */
async function shardWithFiles(lookup, keys, files, number) {
  const shard = await lookup.keyShard(keys, number);
  await Promise.all(shard.checkSums.map((_, file) => lookup.file(files, number, shard, file)));
}

/**
 * How far two texts are the same, in UTF-16 units.
 * @param {string} one
 * @param {string} other
 */
function sharedLength(one, other) {
  if (other.startsWith(one)) return one.length;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
