// @ts-check
// The index as far as it has been fetched: keys, postings, documents, columns.

import { readFile, readKeys } from "./keys.js";
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
 * @typedef {{values: string[], starts: Uint32Array, numbers: Uint16Array}} Column
 *   the values of document `i` are `numbers` from `starts[i]` to `starts[i + 1]`, numbers in `values`
 */

const NOTHING = { documents: [], impacts: [] };

export class Lookup {
  /**
   * @param {Manifest} manifest
   * @param {Shards} shards
   */
  constructor(manifest, shards) {
    this.manifest = manifest;
    this.shards = shards;
    /** @type {Map<string, Promise<Map<string, import("./keys.js").Key>>>} */
    this.opening = new Map();
    /** @type {Map<string, Map<string, import("./keys.js").Key>>} */
    this.keys = new Map();
    /** @type {Map<number, Promise<Shown[]>>} */
    this.blocks = new Map();
    /** @type {Map<string, Promise<Column>>} */
    this.columns = new Map();
  }

  /**
   * Where a key would be.
   * @param {string} term
   * @returns {{name: "terms" | "singles", files: "postings" | "characters", shard: number} | null}
   */
  place(term) {
    const { ranks, width, terms, singles } = this.manifest;
    const chars = term[Symbol.iterator]();
    const one = ranks.get(chars.next().value || "");
    if (one === undefined) return null;
    const second = chars.next().value;
    if (!second) {
      const shard = before(singles, one);
      return shard < 0 ? null : { name: "singles", files: "characters", shard };
    }
    const other = ranks.get(second);
    if (other === undefined) return null;
    const shard = before(terms, one * 2 ** width + other);
    return shard < 0 ? null : { name: "terms", files: "postings", shard };
  }

  /**
   * Fetch the keys that begin with the first two characters of each of these.
   * @param {Iterable<string>} terms
   */
  async fetchKeys(terms) {
    const waiting = [];
    for (const term of terms) {
      const place = this.place(term);
      if (place) waiting.push(this.openShard(place.name, place.shard));
    }
    await Promise.all(waiting);
  }

  /**
   * @param {"terms" | "singles"} name
   * @param {number} shard
   */
  openShard(name, shard) {
    const id = `${name} ${shard}`;
    let opened = this.opening.get(id);
    if (!opened) {
      opened = this.shards.load(this.manifest.sets[name], shard).then((data) => {
        const keys = readKeys(data, this.manifest);
        this.keys.set(id, keys);
        return keys;
      });
      this.opening.set(id, opened);
      opened.catch(() => this.opening.delete(id));
    }
    return opened;
  }

  /**
   * Fetch the postings of these terms, whose keys are here.
   * @param {Iterable<Term>} terms
   */
  async fetchPostings(terms) {
    /** @type {Map<string, Promise<void>>} */
    const waiting = new Map();
    for (const { kind, term } of this.single(terms)) {
      const place = this.place(term);
      const keys = place && this.keys.get(`${place.name} ${place.shard}`);
      const key = keys && keys.get(term);
      if (!place || !keys || !key || key.list || (kind === "word" && !key.words)) continue;
      const id = `${place.files} ${key.file}`;
      if (waiting.has(id)) continue;
      const data = this.shards.load(this.manifest.sets[place.files], key.file);
      waiting.set(id, data.then((read) => readFile(read, key.file, keys, this.manifest)));
    }
    await Promise.all(waiting.values());
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
    const key = this.find(term);
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
    const key = this.find(term);
    if (!key || !key.list) return NOTHING;
    const { documents, impacts, words } = key.list;
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

  /** @param {string} term */
  find(term) {
    const place = this.place(term);
    const keys = place && this.keys.get(`${place.name} ${place.shard}`);
    return keys && keys.get(term);
  }

  /**
   * What a hit shows of a document.
   * @param {number} number
   * @returns {Promise<Shown>}
   */
  async document(number) {
    const block = before(this.manifest.blocks, number);
    let read = this.blocks.get(block);
    if (!read) {
      read = this.shards.load(this.manifest.sets.docs, block).then((data) =>
        JSON.parse(new TextDecoder().decode(inflate(data))).map(toShown),
      );
      this.blocks.set(block, read);
      read.catch(() => this.blocks.delete(block));
    }
    return (await read)[number - this.manifest.blocks[block]];
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
  const numbers = [];
  for (let i = 0; i < documents; i++) {
    for (let left = varint(); left > 0; left--) numbers.push(varint());
    starts[i + 1] = numbers.length;
  }
  return { values, starts, numbers: Uint16Array.from(numbers) };
}

/**
 * The place of the last number that is not above `wanted`; -1 if all are.
 * @param {number[]} rising
 * @param {number} wanted
 */
function before(rising, wanted) {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
