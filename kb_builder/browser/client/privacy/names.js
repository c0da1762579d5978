// @ts-check
// Persons' names, by what stands around them and after labels; the twin of names.py.

import { Bare } from "./bare.js";
import { Forms } from "./forms.js";

/** @typedef {Record<string, any>} NamesData the `names` of portable.py */
/** @typedef {{ start: number, end: number, labelled: boolean }} Name */

const HAN = /^[一-龥]/u;

/** @param {string} text @param {readonly string[]} words @param {number} at */
const begins = (text, words, at) => words.some((word) => text.startsWith(word, at));

/** @param {string} text @param {readonly string[]} words */
const ends = (text, words) => words.some((word) => text.endsWith(word));

export class Names {
  /** @param {NamesData} data @param {import("./bare.js").BareData} bare @param {import("./forms.js").FormsData} forms */
  constructor(data, bare, forms) {
    this.data = data;
    this.surname = new RegExp(data.surname, "gu");
    this.whole = new RegExp(`^(?:${data.candidate})`, "u");
    this.between = new RegExp(data.between, "u");
    this.field = new RegExp(data.field, "gu");
    this.duty = new RegExp(data.duty, "gu");
    this.latinField = new RegExp(data.latin_field, "gu");
    this.birthday = new RegExp(data.birthday, "gu");
    this.listBefore = new RegExp(data.list, "u");
    this.sureField = new RegExp(data.sure_field, "u");
    this.separator = new RegExp(data.separator, "u");
    this.denied = new Set(data.denied.split(" "));
    this.alsoNames = new Set(data.also_names);
    this.bare = new Bare(bare, this.denied);
    this.forms = new Forms(forms);
    this.goesOn = bare.after.flatMap((/** @type {[string[], number]} */ [words, weight]) => (weight > 0 ? words : []));
    this.allowed = new Set(data.allowed);
    this.more = [...data.following, ...data.after, ...data.deeds];
  }

  /**
   * The names in a text as read, not in order.
   * @param {string} text
   * @returns {Name[]}
   */
  find(text) {
    const labelled = this.labelled(text);
    /** @type {Map<number, number>} */
    const sure = new Map();
    for (const [start, end] of this.forms.find(text)) {
      const cited = this.isInTitle(text, start) || this.bare.isAuthor(text, start, end);
      if (!cited && !sure.has(start) && !this.allowed.has(text.slice(start, end))) sure.set(start, end);
    }
    for (const name of labelled) sure.set(name.start, name.end);
    const candidates = this.fullNames(text, sure);
    const names = [...labelled];
    const taken = new Set(labelled.map((name) => name.start));
    this.lists(text, candidates, sure);
    /** @type {Set<string>} */
    const known = new Set();
    for (const [start, end] of sure) {
      const name = text.slice(start, end);
      if (this.whole.test(name)) known.add(name);
    }
    for (const [start, end] of [...sure].sort((a, b) => a[0] - b[0])) {
      if (!taken.has(start)) {
        names.push({ start, end, labelled: false });
        taken.add(start);
      }
    }
    const longestFirst = [...known].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    for (const name of longestFirst) {
      for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
        if (!taken.has(at) && !begins(text, this.data.places, at + name.length)) {
          names.push({ start: at, end: at + name.length, labelled: false });
          taken.add(at);
        }
      }
    }
    return names;
  }

  /**
   * Adds to `sure` the names of surname and given name; gives what may be some for another reason.
   * @param {string} text
   * @param {Map<number, number>} sure
   */
  fullNames(text, sure) {
    /** @type {[number, number][]} */
    const candidates = [];
    let takenTo = 0;
    for (const match of text.matchAll(this.surname)) {
      const start = match.index;
      const first = start + match[0].length + 1;
      if (sure.has(start) || start < takenTo) continue;
      const found = this.end(text, start, first);
      if (found === null || this.allowed.has(text.slice(start, found)) || begins(text, this.data.places, found)) {
        continue;
      }
      const word = this.denied.has(text.slice(start, first));
      if (word && found === start + 2 && !this.isAlsoName(text, start, found)) continue;
      const person = this.followsPerson(text, start);
      if (this.data.unlikely.includes(text[start]) && !person) continue;
      const known = (!word || found === start + 2) && this.spokenOf(text, start, found, person);
      if (!known && !this.bare.isName(text, start, found, person)) candidates.push([start, found]);
      else if (!this.isInTitle(text, start)) {
        takenTo = known ? this.rare(text, start, found) : found;
        sure.set(start, takenTo);
      }
    }
    return candidates;
  }

  /** @param {string} text @param {number} start */
  isInTitle(text, start) {
    const before = text.slice(Math.max(0, start - this.data.longest_title), start);
    const opened = before.lastIndexOf("《");
    return opened >= 0 && !before.includes("》", opened);
  }

  /** @param {string} text @param {number} start @param {number} end */
  full(text, start, end) {
    return this.denied.has(text.slice(start, end)) ? null : this.end(text, start, end);
  }

  /** @param {string} text @param {number} start @param {number} end */
  isAlsoName(text, start, end) {
    if (!this.alsoNames.has(text.slice(start, end))) return false;
    if (!this.spokenOf(text, start, end, this.followsPerson(text, start))) return false;
    return !HAN.test(text.slice(end, end + 1)) || begins(text, this.goesOn, end);
  }

  /** @param {string} text @param {number} start @param {number} end */
  end(text, start, end) {
    const { data } = this;
    const short = text.slice(start, end);
    if (begins(text, data.honorifics, end - 1)) return null;
    const third = text.slice(end, end + 1);
    const goesOn =
      begins(text, data.following, end) &&
      !(begins(text, data.following, end + 1) && !begins(text, data.following_sure, end));
    if (
      this.bare.characters.has(third) &&
      !data.not_third.includes(third) &&
      !this.bare.wordBegins.has(text.slice(end, end + 2)) &&
      !this.denied.has(text.slice(start, end + 1)) &&
      !goesOn
    ) {
      return end + 1;
    }
    return data.not_last.includes(short.slice(-1)) || this.bare.doubles.has(short) ? null : end;
  }

  /** @param {string} text @param {number} start @param {number} end */
  rare(text, start, end) {
    if (end - start !== 2 || !HAN.test(text.slice(end)) || begins(text, this.more, end)) return end;
    const after = text.slice(end + 1, end + 2);
    const rare = !HAN.test(after) || this.data.goes_on.includes(after) || begins(text, this.data.after, end + 1);
    return rare ? end + 1 : end;
  }

  /** @param {string} text @param {number} start @param {number} end @param {boolean} person */
  spokenOf(text, start, end, person) {
    const { data } = this;
    if (data.unlikely.includes(text[start])) return false;
    if (begins(text, data.after, end)) return true;
    if (end - start === 2 && data.weak.includes(text[start]) && HAN.test(text.slice(end, end + 1))) return false;
    if (person) return true;
    return ends(text.slice(Math.max(0, start - 1), start), data.links) && begins(text, data.deeds, end);
  }

  /** @param {string} text @param {number} start */
  followsPerson(text, start) {
    const low = Math.max(0, start - 8);
    const between = this.between.exec(text.slice(low, start));
    const wordEnd = between ? low + between.index : start;
    const { before } = this.data;
    return (
      ends(text.slice(Math.max(0, start - 5), start), before) ||
      ends(text.slice(Math.max(0, wordEnd - 5), wordEnd), before)
    );
  }

  /** @param {string} value */
  isWhole(value) {
    const { data } = this;
    const match = this.whole.exec(value);
    if (!match || value.length - match[0].length > 1) return false;
    if (this.denied.has(value) || this.denied.has(value.slice(0, 2)) || data.not_third.includes(value.slice(-1))) {
      return false;
    }
    if (begins(value, data.honorifics, match[0].length - 1)) return false;
    return value.length === match[0].length || this.bare.characters.has(value.slice(-1));
  }

  /**
   * @param {string} text
   * @param {[number, number][]} candidates
   * @param {Map<number, number>} sure
   */
  lists(text, candidates, sure) {
    const seen = new Set(sure.values());
    for (const [start, end] of candidates) {
      const low = Math.max(0, start - 3);
      const before = this.listBefore.exec(text.slice(low, start));
      if (before && seen.has(low + before.index) && !HAN.test(text.slice(end, end + 1))) {
        sure.set(start, end);
        seen.add(end);
      }
    }
  }

  /**
   * @param {string} text
   * @returns {Name[]}
   */
  labelled(text) {
    /** @type {Name[]} */
    const names = [];
    /** @param {RegExpMatchArray} match */
    const startOf = (match) => /** @type {number} */ (match.index) + match[0].length - match[1].length;
    for (const match of text.matchAll(this.birthday)) {
      const start = startOf(match);
      names.push({ start, end: start + match[1].length, labelled: true });
    }
    for (const match of text.matchAll(this.latinField)) {
      const start = startOf(match);
      if (this.namesSomebody(match[1])) names.push({ start, end: start + match[1].length, labelled: true });
    }
    for (const match of text.matchAll(this.duty)) {
      const start = startOf(match);
      const whole = match[1].includes(" ") || this.isWhole(match[1]);
      if (whole && this.namesSomebody(match[1])) names.push({ start, end: start + match[1].length, labelled: true });
    }
    for (const match of text.matchAll(this.field)) {
      const start = startOf(match);
      let value = match[1];
      let end = start + value.length;
      if (text.startsWith("*", end)) continue;
      if (HAN.test(value) && value.includes(" ")) {
        if (this.namesSomebody(value)) names.push({ start, end, labelled: true });
        continue;
      }
      const name = this.whole.exec(value);
      const label = match[0].slice(0, match[0].length - value.length);
      if (!name && !(this.sureField.test(label) && this.separator.test(label))) continue;
      const full = name ? this.full(text, start, start + name[0].length) : null;
      if (full !== null) {
        end = this.rare(text, start, full);
        value = text.slice(start, end);
      } else if (HAN.test(text.slice(end, end + 1))) {
        continue;
      }
      if (this.namesSomebody(value)) names.push({ start, end, labelled: true });
    }
    return names;
  }

  /** @param {string} value */
  namesSomebody(value) {
    if (ends(value, [...this.allowed])) return false;
    if (HAN.test(value)) {
      return value.length > 1 && !this.data.not_values.some((/** @type {string} */ word) => value.includes(word));
    }
    return /^[A-Z]/.test(value) && value.includes(" ");
  }
}
