// @ts-check
// Suggestions while typing, by characters or pinyin, and corrections of words that are nowhere.

import { compare, hasHan, hasTerm, isHan, pairs, stretches } from "./letters.js";
import { inflate } from "./inflate.js";

/**
 * @typedef {{text: string, count: number, kind: "word" | "title", url?: string}} Suggestion
 *   `text` replaces what was typed; a title's `url` leads to its document
 * @typedef {[string, any, string?]} Row text, count or address, reading if unusual
 * @typedef {{words: Row[], titles: Row[]}} Letter
 * @typedef {{word: string, suggestions: string[]}} Correction
 */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const MOST_TITLES = 3;
const MOST_CORRECTIONS = 3;
const LONGEST_CORRECTED = 6;

export class Suggester {
  /**
   * @param {import("./lookup.js").Lookup} lookup
   * @param {import("./folding.js").Folder} folder
   */
  constructor(lookup, folder) {
    this.lookup = lookup;
    this.folder = folder;
    /** @type {Map<string, Promise<Letter>>} */
    this.letters = new Map();
    /** @type {Promise<Map<string, string>> | null} */
    this.reading = null;
  }

  /**
   * For the last word of what is typed.
   * @param {string} prefix
   * @param {number} limit
   * @returns {Promise<Suggestion[]>}
   */
  async suggest(prefix, limit) {
    const [, before, typed] = /** @type {RegExpMatchArray} */ (/^([^]*?)([^\s]*)$/.exec(prefix));
    const word = this.folder.fold(typed).replace(/['’]/g, "");
    if (!hasTerm(word)) return [];
    const readings = await this.readings();
    const { words, titles } = await this.letter(word, readings);
    /** @type {(rows: Row[]) => Row[]} */
    const matching = (rows) => rows.filter((row) => begins(row, word, readings));
    let found = matching(words).filter(([text]) => text !== word);
    if (!found.length && hasHan(word)) found = alike(words, word, readings);
    const chosen = found
      .sort((a, b) => b[1] - a[1] || a[0].length - b[0].length || compare(a[0], b[0]))
      .slice(0, limit)
      .map(([text, count]) => ({ text: before + text, count, kind: /** @type {const} */ ("word") }));
    const whole = before ? [] : matching(titles).slice(0, MOST_TITLES);
    const room = Math.max(limit - whole.length, 0);
    return [
      ...chosen.slice(0, room),
      ...whole.slice(0, limit).map(([text, url]) => ({ text, url, count: 1, kind: /** @type {const} */ ("title") })),
    ];
  }

  /**
   * For each word of the query that no document holds, what may have been meant: first what sounds the
   * same, then what is one or two characters away.
   * @param {import("./query.js").Query} query
   * @returns {Promise<Correction[]>}
   */
  async correct(query) {
    const corrections = [];
    const typed = [...query.text.split(" ").map((word) => this.folder.fold(word)), ...query.phrases];
    for (const word of new Set(typed)) {
      const chars = Array.from(word);
      const found = stretches(word);
      if (chars.length < 2 || chars.length > LONGEST_CORRECTED || found.length !== 1 || found[0].join("") !== word) continue;
      if (this.isHeld(word)) continue;
      const readings = await this.readings();
      const { words } = await this.letter(word, readings);
      const same = isHan(word) ? alike(words, word, readings) : words.filter((row) => begins(row, word, readings) && hasHan(row[0]));
      const suggestions = same.sort((a, b) => b[1] - a[1]).map(([text]) => text);
      const near = words
        .filter(([text]) => text.length > 1)
        .map(([text, count]) => ({ text, count, distance: distanceOf(chars, Array.from(text)) }))
        .filter(({ distance }) => distance > 0 && distance <= (chars.length < 4 ? 1 : 2))
        .sort((a, b) => a.distance - b.distance || b.count - a.count || compare(a.text, b.text));
      for (const { text } of near) if (!suggestions.includes(text)) suggestions.push(text);
      if (suggestions.length) corrections.push({ word, suggestions: suggestions.slice(0, MOST_CORRECTIONS) });
    }
    return corrections;
  }

  /**
   * Whether every two neighbours are somewhere; their keys have been fetched for the search.
   * @param {string} word
   */
  isHeld(word) {
    return pairs(Array.from(word)).every((pair) => this.lookup.frequency(hasHan(pair) ? "bigram" : "infix", pair) > 0);
  }

  /**
   * What is suggested under the first letter of a word.
   * @param {string} word
   * @param {Map<string, string>} readings
   * @returns {Promise<Letter>}
   */
  letter(word, readings) {
    const first = Array.from(word)[0];
    const letter = (readings.get(first) || first)[0];
    const number = LETTERS.indexOf(letter) + 1;
    if (!number) return Promise.resolve({ words: [], titles: [] });
    let opened = this.letters.get(letter);
    if (!opened) {
      opened = this.load(number).then(([words, titles]) => ({ words, titles }));
      this.letters.set(letter, opened);
      opened.catch(() => this.letters.delete(letter));
    }
    return opened;
  }

  /** @returns {Promise<Map<string, string>>} character → syllable */
  readings() {
    if (!this.reading) {
      this.reading = this.load(0).then((table) => {
        /** @type {Map<string, string>} */
        const readings = new Map();
        for (const [syllable, chars] of Object.entries(table)) for (const char of chars) readings.set(char, syllable);
        return readings;
      });
      this.reading.catch(() => (this.reading = null));
    }
    return this.reading;
  }

  /** @param {number} number */
  async load(number) {
    const data = await this.lookup.shards.load(this.lookup.manifest.sets.suggest, number);
    return JSON.parse(new TextDecoder().decode(inflate(data)));
  }
}

/**
 * The syllables of a row.
 * @param {Row} row
 * @param {Map<string, string>} readings
 * @returns {string[]}
 */
function syllablesOf([text, , unusual], readings) {
  return unusual ? unusual.split(" ") : Array.from(text, (char) => readings.get(char) || char);
}

/**
 * Whether a row begins with what was typed: characters, pinyin (tousu, tous), initials (ts), or a mixture.
 * @param {Row} row
 * @param {string} typed
 * @param {Map<string, string>} readings
 */
function begins(row, typed, readings) {
  if (row[0].startsWith(typed)) return true;
  if (!/[a-z]/.test(typed)) return false;
  const chars = Array.from(row[0]);
  const syllables = syllablesOf(row, readings);
  /** @type {(at: number, place: number) => boolean} */
  const fits = (at, place) => {
    if (at === typed.length) return true;
    if (place === syllables.length) return false;
    const char = chars[place];
    if (syllables.length === chars.length && typed.startsWith(char, at) && fits(at + char.length, place + 1)) return true;
    const syllable = syllables[place];
    for (let size = 1; size <= syllable.length && typed[at + size - 1] === syllable[size - 1]; size++) {
      if (fits(at + size, place + 1)) return true;
    }
    return false;
  };
  return fits(0, 0);
}

/**
 * The rows that sound like a word.
 * @param {Row[]} rows
 * @param {string} word
 * @param {Map<string, string>} readings
 */
function alike(rows, word, readings) {
  const sound = Array.from(word, (char) => readings.get(char) || char).join(" ");
  return rows.filter((row) => row[0] !== word && syllablesOf(row, readings).join(" ") === sound);
}

/**
 * The least number of characters to put in, leave out or replace, or neighbours to swap.
 * @param {string[]} one
 * @param {string[]} other
 */
function distanceOf(one, other) {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  /** @type {number[]} */
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[other.length];
}
