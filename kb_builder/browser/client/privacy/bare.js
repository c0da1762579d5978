// @ts-check
// Bare names: by the signs in their characters and beside them; the twin of bare.py, which has the weights.

/** @typedef {Record<string, any>} BareData the `bare` of portable.py */

/** @param {[string, string]} characters and a digit for each @param {number} least the weight of the digit 0 */
const weights = ([characters, digits], least) =>
  new Map([...characters].map((char, index) => [char, Number(digits[index]) + least]));

export class Bare {
  /** @param {BareData} data @param {Set<string>} denied */
  constructor(data, denied) {
    this.data = data;
    this.denied = denied;
    this.surnames = weights(data.surnames, data.least);
    this.characters = weights(data.characters, data.least);
    this.doubles = new Set(data.doubles);
    /** @type {[readonly string[], number][]} */
    this.before = data.before;
    this.joined = new RegExp(data.joined, "u");
    this.verb = new RegExp(`^(?:${data.verb})`, "u");
    this.wordEnds = new Set(data.word_ends.match(/../gu));
    this.wordBegins = new Set(data.word_begins.match(/../gu));
    this.nobody = new Set(data.nobody.split(" "));
    this.idioms = new Set(data.idioms.split(" "));
  }

  /** @param {string} text @param {number} start @param {number} end @param {boolean} person a word for one stands before it */
  isName(text, start, end, person) {
    const { data } = this;
    const before = person ? data.person : this.weightBefore(text, start);
    const weight = this.likeness(text, start, end, person) + before + this.weightAfter(text, end);
    return weight >= data.enough && !this.isKnown(text, start, end) && !this.isAuthor(text, start, end);
  }

  /** @param {string} text @param {number} start @param {number} end @param {boolean} person */
  likeness(text, start, end, person) {
    const { data } = this;
    const double = end - start > 2 && this.doubles.has(text.slice(start, start + 2));
    const first = start + (double ? 2 : 1);
    const ofTwo = data.unsure_doubles.includes(text.slice(start, start + 2)) ? data.unsure_double : data.double;
    let weight = double ? ofTwo : /** @type {number} */ (this.surnames.get(text[start]));
    if (end - first > 1) {
      weight += weight >= data.clear ? data.clear_two : data.two;
      if (text[first] === text[first + 1]) weight += data.twice;
    }
    const pair = text.slice(start, start + 2);
    if (this.denied.has(pair) || (end - start > 2 && this.nobody.has(pair))) {
      weight += data.town_ends.includes(pair[1]) && !person ? data.cuts : data.begins_as_word;
    }
    for (const char of text.slice(first, end)) weight += this.characters.get(char) ?? 0;
    return weight;
  }

  /** @param {string} text @param {number} start */
  weightBefore(text, start) {
    const { data } = this;
    if (!start || !this.joined.test(text[start - 1])) return data.edge;
    if (this.wordEnds.has(text.slice(start - 1, start + 1))) return data.cuts;
    const before = text.slice(Math.max(0, start - data.longest), start);
    const found = this.before.find(([words]) => words.some((word) => before.endsWith(word)));
    if (found) return found[1];
    return data.phrase_ends.includes(text[start - 1]) ? data.loose : data.inside;
  }

  /** @param {string} text @param {number} end */
  weightAfter(text, end) {
    const { data } = this;
    if (data.place_ends.includes(text[end - 1])) return data.cuts;
    if (end >= text.length || !this.joined.test(text[end])) return data.edge;
    if (this.wordBegins.has(text.slice(end - 1, end + 1))) return data.cuts;
    for (const [words, weight] of data.after) {
      if (words.some((/** @type {string} */ word) => text.startsWith(word, end))) return weight;
    }
    return this.verb.test(text.slice(end, end + 3)) ? data.done : data.inside;
  }

  /** @param {string} text @param {number} start @param {number} end */
  isKnown(text, start, end) {
    if (this.nobody.has(text.slice(start, end)) || this.nobody.has(text.slice(start, start + 3))) return true;
    return this.idioms.has(text.slice(start, start + 4));
  }

  /** @param {string} text @param {number} start @param {number} end */
  isAuthor(text, start, end) {
    const { authors, works, row } = this.data;
    const before = text.slice(0, start);
    if (works.some((/** @type {string} */ word) => text.startsWith(word, end))) return true;
    if (authors.some((/** @type {string} */ word) => before.endsWith(word))) return true;
    return text.startsWith(row, text.lastIndexOf("\n", start - 1) + 1);
  }
}
