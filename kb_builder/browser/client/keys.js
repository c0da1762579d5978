// @ts-check
// Keys and their postings; the twin of keys.py and lists.py.
//
// A shard holds hundreds of keys with their lists, a query asks for a few: a list is decoded when it is asked
// for, and what must be read to get past it is forgotten.

import { BitReader, gapParameter, unzigzag } from "./bits.js";
import { hasHan } from "./letters.js";

/**
 * @typedef {import("./manifest.js").Manifest} Manifest
 * @typedef {import("./manifest.js").Centres} Centres
 * @typedef {{documents: Int32Array, impacts: Uint8Array, words: Uint8Array | null}} List
 * @typedef {object} Key
 * @property {string} text
 * @property {number} base in how many documents it is
 * @property {number} words in how many it is a word
 * @property {number} at where its list begins in the shard's bits; -1: it is in a file
 * @property {number} file of the shard
 */

const SMALL = 16;
const INLINE = 8;
const SPREAD = 2654435761;
// About how many bytes a key takes in memory, its text included.
const KEY_BYTES = 70;
// Numbers of a key in `rows`: base, words, at, file.
const ROW = 4;

/**
 * The number of the shard that holds the keys with these first characters.
 * @param {number} one the first character's number
 * @param {number} other the second's; -1: there is none
 * @param {number} width
 * @param {number} shards
 */
export function shardOf(one, other, width, shards) {
  // Only the lowest 32 bits count, and these stay exact.
  const number = other < 0 ? one : one * 2 ** width + other;
  return Math.floor(((Math.imul(number, SPREAD) >>> 0) * shards) / 2 ** 32);
}

/** What a list that is only passed over is decoded into. */
const passed = { numbers: new Int32Array(1024), impacts: new Uint8Array(1024) };

/** A term shard. */
export class KeyShard {
  /**
   * @param {Uint8Array} data
   * @param {Manifest} manifest
   */
  constructor(data, manifest) {
    this.manifest = manifest;
    this.bits = new BitReader(data);
    /** Which key of the shard it is. An object each would take twice the memory. @type {Map<string, number>} */
    this.places = new Map();
    this.rows = new Int32Array(0);
    /** The check sums of the files. @type {number[]} */
    this.checkSums = [];
    this.read();
    /** About how many bytes of memory it takes. */
    this.size = data.length + this.places.size * KEY_BYTES;
  }

  read() {
    const { bits, manifest } = this;
    const { alphabet, ranks, width } = manifest;
    const count = bits.rice(7);
    this.rows = new Int32Array(count * ROW);
    let file = -1;
    const first = bits.bits(4);
    const later = bits.bits(4);
    /** The characters of the key before, then of this one. @type {string[]} */
    const chars = [];
    for (let i = 0; i < count; i++) {
      const shared = bits.rice(0);
      const more = bits.rice(0);
      const rank =
        shared < chars.length
          ? /** @type {number} */ (ranks.get(chars[shared])) + 1 + bits.rice(shared ? later : first)
          : bits.bits(width);
      chars.length = shared;
      chars.push(alphabet[rank]);
      for (let j = 0; j < more; j++) chars.push(alphabet[bits.bits(width)]);
      const text = chars.join("");
      const base = bits.rice(1) + 1;
      let words = chars.length > 2 ? base : 0;
      if (chars.length < 3 && bits.bits(1)) words = base - bits.rice(Math.max(29 - Math.clz32(base), 0));
      const key = { text, base, words, at: -1, file: -1 };
      if (base <= INLINE) {
        key.at = bits.at;
        readList(bits, key, manifest, false);
      } else {
        if (bits.bits(1)) file = this.checkSums.push(bits.bits(32)) - 1;
        key.file = file;
      }
      this.rows.set([key.base, key.words, key.at, key.file], i * ROW);
      this.places.set(text, i);
    }
  }

  /**
   * @param {string} text
   * @returns {Key | undefined}
   */
  find(text) {
    const place = this.places.get(text);
    if (place === undefined) return undefined;
    const [base, words, at, file] = this.rows.subarray(place * ROW, (place + 1) * ROW);
    return { text, base, words, at, file };
  }

  /**
   * The list of a key that is in no file.
   * @param {Key} key
   * @returns {List}
   */
  list(key) {
    this.bits.at = key.at;
    return /** @type {List} */ (readList(this.bits, key, this.manifest, true));
  }

  /**
   * The lists of some keys, from the file that holds them.
   * @param {Uint8Array} data
   * @param {number} file
   * @param {Set<string>} wanted
   * @returns {[string, List][]}
   */
  listsOf(data, file, wanted) {
    const bits = new BitReader(data);
    /** @type {[string, List][]} */
    const found = [];
    for (const text of this.places.keys()) {
      const key = /** @type {Key} */ (this.find(text));
      if (key.file !== file) continue;
      const list = readList(bits, key, this.manifest, wanted.has(text));
      if (list) found.push([text, list]);
      if (found.length === wanted.size) break;
    }
    return found;
  }
}

/**
 * Read a list, or get past it.
 * @param {BitReader} bits
 * @param {Key} key
 * @param {Manifest} manifest
 * @param {boolean} wanted
 * @returns {List | null}
 */
function readList(bits, key, manifest, wanted) {
  const { centres, documents } = manifest;
  const { text, base: count } = key;
  if (!wanted && passed.numbers.length < count) {
    passed.numbers = new Int32Array(count * 2);
    passed.impacts = new Uint8Array(count * 2);
  }
  const numbers = wanted ? new Int32Array(count) : passed.numbers;
  readGaps(bits, numbers, count, documents);
  const one = text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0));
  const long = text.length > 4 || (text.length > 2 && Array.from(text).length > 2);
  const table = long ? centres.word : !hasHan(text) ? centres.infix : one ? centres.char : centres.bigram;
  const [centre, k] = count < SMALL ? [table[0][count], table[1][count]] : [bits.bits(8), bits.bits(3)];
  const impacts = wanted ? new Uint8Array(count) : passed.impacts;
  for (let i = 0; i < count; i++) impacts[i] = centre + unzigzag(bits.rice(k));
  if (long || !key.words) return wanted ? { documents: numbers, impacts, words: null } : null;
  const few = key.words * 2 <= count;
  const places = new Int32Array(key.words < count ? (few ? key.words : count - key.words) : 0);
  readGaps(bits, places, places.length, count);
  let ratio, rest;
  if (key.words < SMALL) {
    ratio = Math.min(Math.floor((64 * centres.word[0][key.words] + (centre >> 1)) / Math.max(centre, 1)), 1023);
    rest = centres.word[1][key.words];
  } else {
    ratio = bits.bits(10);
    rest = bits.bits(3);
  }
  if (!wanted) {
    for (let i = 0; i < key.words; i++) bits.rice(rest);
    return null;
  }
  const words = new Uint8Array(count).fill(few ? 0 : 1);
  for (const place of places) words[place] = few ? 1 : 0;
  for (let i = 0; i < count; i++) {
    if (words[i]) words[i] = ((impacts[i] * ratio) >> 6) + unzigzag(bits.rice(rest));
  }
  return { documents: numbers, impacts, words };
}

/**
 * @param {BitReader} bits
 * @param {Int32Array} into
 * @param {number} count
 * @param {number} range
 */
function readGaps(bits, into, count, range) {
  const k = count ? gapParameter(range, count) : 0;
  let last = -1;
  for (let i = 0; i < count; i++) {
    last += bits.rice(k) + 1;
    into[i] = last;
  }
}
