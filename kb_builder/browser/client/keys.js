// @ts-check
// Keys and their postings; the twin of keys.py and lists.py.

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
 * @property {List | null} list
 * @property {number} file where the list is, if it is not here
 */

const SMALL = 16;
const INLINE = 8;

/**
 * The keys of a term shard, by their text.
 * @param {Uint8Array} data
 * @param {Manifest} manifest
 * @returns {Map<string, Key>}
 */
export function readKeys(data, manifest) {
  const { alphabet, ranks, width } = manifest;
  const bits = new BitReader(data);
  const count = bits.rice(7);
  let file = bits.rice(12);
  /** @type {Map<string, Key>} */
  const keys = new Map();
  /** @type {string[]} */
  let last = [];
  for (let i = 0; i < count; i++) {
    const shared = bits.rice(0);
    const more = bits.rice(0);
    const step = shared === 0 ? 1 : Math.max(width - 6, 0);
    const rank =
      shared < last.length
        ? /** @type {number} */ (ranks.get(last[shared])) + 1 + bits.rice(step)
        : bits.bits(width);
    const chars = last.slice(0, shared);
    chars.push(alphabet[rank]);
    for (let j = 0; j < more; j++) chars.push(alphabet[bits.bits(width)]);
    const text = chars.join("");
    const base = bits.rice(1) + 1;
    let words = chars.length > 2 ? base : 0;
    if (chars.length < 3 && bits.bits(1)) words = base - bits.rice(Math.max(29 - Math.clz32(base), 0));
    last = chars;
    const key = { text, base, words, list: /** @type {List | null} */ (null), file: -1 };
    if (base <= INLINE) {
      key.list = readList(bits, key, chars.length, manifest);
    } else {
      if (bits.bits(1)) file += 1;
      key.file = file;
    }
    keys.set(text, key);
  }
  return keys;
}

/**
 * Read a file of postings and hand its lists to their keys.
 * @param {Uint8Array} data
 * @param {number} file
 * @param {Map<string, Key>} keys the keys of the shard that points to the file
 * @param {Manifest} manifest
 */
export function readFile(data, file, keys, manifest) {
  const bits = new BitReader(data);
  for (const key of keys.values()) {
    if (key.file === file) key.list = readList(bits, key, Array.from(key.text).length, manifest);
  }
}

/**
 * @param {BitReader} bits
 * @param {Key} key
 * @param {number} length of the key in characters
 * @param {Manifest} manifest
 * @returns {List}
 */
function readList(bits, key, length, manifest) {
  const { centres, documents } = manifest;
  const count = key.base;
  const numbers = new Int32Array(count);
  readGaps(bits, numbers, documents);
  const base = length > 2 ? centres.word : !hasHan(key.text) ? centres.infix : length === 1 ? centres.char : centres.bigram;
  const [centre, k] = count < SMALL ? [base[0][count], base[1][count]] : [bits.bits(8), bits.bits(3)];
  const impacts = new Uint8Array(count);
  for (let i = 0; i < count; i++) impacts[i] = centre + unzigzag(bits.rice(k));
  if (length > 2 || !key.words) return { documents: numbers, impacts, words: null };
  const held = new Uint8Array(count).fill(1);
  if (key.words < count) {
    const few = key.words * 2 <= count;
    const places = new Int32Array(few ? key.words : count - key.words);
    readGaps(bits, places, count);
    if (few) held.fill(0);
    for (const place of places) held[place] = few ? 1 : 0;
  }
  let ratio, rest;
  if (key.words < SMALL) {
    ratio = Math.min(Math.floor((64 * centres.word[0][key.words] + (centre >> 1)) / Math.max(centre, 1)), 1023);
    rest = centres.word[1][key.words];
  } else {
    ratio = bits.bits(10);
    rest = bits.bits(3);
  }
  const words = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (held[i]) words[i] = ((impacts[i] * ratio) >> 6) + unzigzag(bits.rice(rest));
  }
  return { documents: numbers, impacts, words };
}

/**
 * @param {BitReader} bits
 * @param {Int32Array} into
 * @param {number} range
 */
function readGaps(bits, into, range) {
  const k = gapParameter(range, into.length);
  let last = -1;
  for (let i = 0; i < into.length; i++) {
    last += bits.rice(k) + 1;
    into[i] = last;
  }
}
