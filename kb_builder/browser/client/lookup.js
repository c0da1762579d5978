// @ts-check
// The index as far as it has been fetched: keys, postings, documents, columns.

import { Cache } from "./cache.js";
import { KeyShard, shardOf } from "./keys.js";
import { inflate } from "./inflate.js";
import { intersect } from "./ranking.js";
import { partsOf } from "./cutting.js";

/**
 * @typedef {import("./manifest.js").Manifest} Manifest
 * @typedef {import("./shards.js").Shards} Shards
 * @typedef {import("./cutting.js").Kind} Kind
 * @typedef {import("./cutting.js").Term} Term
 * @typedef {import("./ranking.js").Postings} Postings
 * @typedef {object} Shown
 * @property {string} id
 * @property {string} address
 * @property {string} title
 * @property {string} kind
 * @property {string} date
 * @property {Record<string, string[]>} facets
 * @property {[string, string][]} texts field and text, the body last
 * @typedef {{values: string[], starts: Uint32Array, numbers: Uint8Array | Uint16Array}} Column
 *   the values of document `i` are `numbers` from `starts[i]` to `starts[i + 1]`, numbers in `values`
 */

const NOTHING = { documents: [], impacts: [] };
// Between two searches, no more than about so many bytes of each are kept.
const MOST_KEYS = 16e6;
const MOST_LISTS = 6e6;
const MOST_FILES = 4e6;
const MOST_BLOCKS = 4e6;

export class Lookup {
  /**
   * @param {Manifest} manifest
   * @param {Shards} shards
   */
  constructor(manifest, shards) {
    this.manifest = manifest;
    this.shards = shards;
    /** @type {Cache<KeyShard>} */
    this.keys = new Cache((shard) => shard.size);
    /** @type {Cache<import("./keys.js").List>} */
    this.lists = new Cache((list) => list.documents.length * 6 + 300);
    /** @type {Cache<Uint8Array>} */
    this.files = new Cache((data) => data.length + 100);
    /** @type {Cache<{size: number, rows: Shown[]}>} */
    this.blocks = new Cache(({ size }) => size);
    /** @type {Map<string, Promise<Column>>} */
    this.columns = new Map();
  }

  /** Forget what there is no room for; not while a search needs it. */
  trim() {
    this.keys.trim(MOST_KEYS);
    this.lists.trim(MOST_LISTS);
    this.files.trim(MOST_FILES);
    this.blocks.trim(MOST_BLOCKS);
  }

  /**
   * Where a key would be.
   * @param {string} term
   * @returns {{name: "terms" | "singles", files: "postings" | "characters", shard: number, id: string} | null}
   */
  place(term) {
    const { ranks, width, sets } = this.manifest;
    const chars = term[Symbol.iterator]();
    const one = ranks.get(chars.next().value || "");
    if (one === undefined) return null;
    const second = chars.next().value;
    const other = second ? ranks.get(second) : -1;
    if (other === undefined) return null;
    const name = other < 0 ? "singles" : "terms";
    const { count } = sets[name];
    if (!count) return null;
    const shard = shardOf(one, other, width, count);
    return { name, files: other < 0 ? "characters" : "postings", shard, id: `${name} ${shard}` };
  }

  /**
   * Fetch the keys that begin with the first two characters of each of these.
   * @param {Iterable<string>} terms
   */
  async fetchKeys(terms) {
    /** @type {Map<string, Promise<KeyShard>>} */
    const waiting = new Map();
    for (const term of terms) {
      const place = this.place(term);
      if (!place || waiting.has(place.id)) continue;
      waiting.set(place.id, this.keyShard(place.name, place.shard));
    }
    await Promise.all(waiting.values());
  }

  /**
   * @param {"terms" | "singles"} name
   * @param {number} shard
   * @returns {Promise<KeyShard>}
   */
  keyShard(name, shard) {
    const load = () => this.shards.load(this.manifest.sets[name], shard);
    return this.keys.fetch(`${name} ${shard}`, async () => new KeyShard(await load(), this.manifest));
  }

  /**
   * A file of postings of a shard.
   * @param {string} name of its set
   * @param {number} number
   * @param {KeyShard} shard
   * @param {number} file
   * @returns {Promise<Uint8Array>}
   */
  file(name, number, shard, file) {
    return this.files.fetch(`${name} ${number}-${file}`, () =>
      this.shards.load(this.manifest.sets[name], number, `-${file}`, shard.checkSums[file]),
    );
  }

  /**
   * Fetch the postings of these terms, whose keys are here.
   * @param {Iterable<Term>} terms
   */
  async fetchPostings(terms) {
    /** @type {Map<string, {shard: KeyShard, name: string, number: number, file: number, wanted: Set<string>}>} */
    const files = new Map();
    for (const { kind, term } of this.single(terms)) {
      const { place, shard, key } = this.locate(term);
      if (!place || !shard || !key || key.file < 0 || (kind === "word" && !key.words) || this.lists.get(term)) continue;
      const id = `${place.id} ${key.file}`;
      const needed = files.get(id) || { shard, name: place.files, number: place.shard, file: key.file, wanted: new Set() };
      needed.wanted.add(term);
      files.set(id, needed);
    }
    await Promise.all(
      [...files.values()].map(async ({ shard, name, number, file, wanted }) => {
        const data = await this.file(name, number, shard, file);
        for (const [term, list] of shard.listsOf(data, file, wanted)) this.lists.put(term, list);
      }),
    );
  }

  /**
   * The terms, with long infixes as their parts.
   * @param {Iterable<Term>} terms
   */
  *single(terms) {
    for (const each of terms) {
      if (each.kind === "infix" && each.term.length > 2) yield* partsOf(each.term);
      else yield each;
    }
  }

  /**
   * In how many documents a term is; of a longer infix the least of its parts.
   * @param {Kind} kind
   * @param {string} term
   * @returns {number}
   */
  frequency(kind, term) {
    if (kind === "infix" && Array.from(term).length > 2) {
      return Math.min(...partsOf(term).map((part) => this.frequency(part.kind, part.term)));
    }
    const { key } = this.locate(term);
    return key ? (kind === "word" ? key.words : key.base) : 0;
  }

  /**
   * The postings of a term, which have been fetched.
   * @param {Kind} kind
   * @param {string} term
   * @returns {Postings}
   */
  postings(kind, term) {
    if (kind === "infix" && Array.from(term).length > 2) return this.together(term);
    const { shard, key } = this.locate(term);
    if (!shard || !key) return NOTHING;
    let list = this.lists.get(term);
    if (!list && key.file < 0) list = this.lists.put(term, shard.list(key));
    if (!list) return NOTHING;
    const { documents, impacts, words } = list;
    if (kind !== "word" || !words) return { documents, impacts };
    return { documents, impacts: words };
  }

  /**
   * The documents that hold every two neighbours of a text.
   * @param {string} text
   * @returns {Postings}
   */
  together(text) {
    return intersect(partsOf(text).map((part) => this.postings(part.kind, part.term)));
  }

  /**
   * The place of a key, and the key, if its shard is here.
   * @param {string} term
   */
  locate(term) {
    const place = this.place(term);
    const shard = place ? this.keys.get(place.id) : undefined;
    return { place, shard, key: shard && shard.find(term) };
  }

  /**
   * What a hit shows of a document.
   * @param {number} number
   * @returns {Promise<Shown>}
   */
  async document(number) {
    const { block, sets } = this.manifest;
    const shard = Math.floor(number / block);
    const { rows } = await this.blocks.fetch(String(shard), async () => {
      const raw = inflate(await this.shards.load(sets.docs, shard));
      return { size: raw.length * 2, rows: JSON.parse(new TextDecoder().decode(raw)).map(toShown) };
    });
    return rows[number % block];
  }

  /**
   * A column: kind, date, or a facet.
   * @param {string} name
   * @returns {Promise<Column>}
   */
  column(name) {
    let column = this.columns.get(name);
    if (!column) {
      const names = ["kind", "date", ...this.manifest.facets.map((facet) => facet.name)];
      column = this.shards
        .load(this.manifest.sets.columns, names.indexOf(name))
        .then((data) => readColumn(data, this.manifest.documents));
      this.columns.set(name, column);
      column.catch(() => this.columns.delete(name));
    }
    return column;
  }
}

/**
 * @param {any[]} row
 * @returns {Shown}
 */
function toShown([id, address, title, kind, date, facets, texts]) {
  return { id, address, title, kind, date, facets, texts };
}

/**
 * @param {Uint8Array} data
 * @param {number} documents
 * @returns {Column}
 */
function readColumn(data, documents) {
  const raw = inflate(data);
  const size = (raw[0] << 24) | (raw[1] << 16) | (raw[2] << 8) | raw[3];
  const values = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + size)));
  let at = 4 + size;
  const varint = () => {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = raw[at++];
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  };
  const starts = new Uint32Array(documents + 1);
  // There are at most as many numbers as bytes.
  const most = raw.length - at;
  const numbers = values.length < 256 ? new Uint8Array(most) : new Uint16Array(most);
  let count = 0;
  for (let i = 0; i < documents; i++) {
    for (let left = varint(); left > 0; left--) numbers[count++] = varint();
    starts[i + 1] = count;
  }
  return { values, starts, numbers: numbers.slice(0, count) };
}
