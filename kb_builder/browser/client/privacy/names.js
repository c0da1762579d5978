// @ts-check
// Persons' names, by what stands around them and after labels; the twin of names.py.

/** @typedef {Record<string, any>} NamesData the `names` of portable.py */
/** @typedef {{ start: number, end: number, labelled: boolean }} Name */

const HAN = /^[一-龥]/u;

/** @param {string} text @param {readonly string[]} words @param {number} at */
const begins = (text, words, at) => words.some((word) => text.startsWith(word, at));

/** @param {string} text @param {readonly string[]} words */
const ends = (text, words) => words.some((word) => text.endsWith(word));

export class Names {
  /** @param {NamesData} data */
  constructor(data) {
    this.data = data;
    this.candidate = new RegExp(data.candidate, "gu");
    this.whole = new RegExp(`^(?:${data.candidate})`, "u");
    this.between = new RegExp(data.between, "u");
    this.field = new RegExp(data.field, "gu");
    this.latinField = new RegExp(data.latin_field, "gu");
    this.birthday = new RegExp(data.birthday, "gu");
    this.listBefore = new RegExp(data.list, "u");
    this.sureField = new RegExp(data.sure_field, "u");
    this.separator = new RegExp(data.separator, "u");
    this.joined = new RegExp(data.joined, "u");
    this.given = new Set(data.given);
    this.denied = new Set(data.denied);
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
    const sure = new Map(labelled.map((name) => [name.start, name.end]));
    /** @type {[number, number][]} */
    const candidates = [];
    for (const match of text.matchAll(this.candidate)) {
      const start = match.index;
      if (sure.has(start)) continue;
      const found = this.full(text, start, start + match[0].length);
      if (found === null || this.allowed.has(text.slice(start, found)) || begins(text, this.data.places, found)) {
        continue;
      }
      if (this.spokenOf(text, start, found)) sure.set(start, this.rare(text, start, found));
      else candidates.push([start, found]);
    }
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
        if (!taken.has(at)) {
          names.push({ start: at, end: at + name.length, labelled: false });
          taken.add(at);
        }
      }
    }
    return names;
  }

  /** @param {string} text @param {number} start @param {number} end */
  full(text, start, end) {
    const { data } = this;
    const short = text.slice(start, end);
    if (short.length === 2 && this.denied.has(short)) return null;
    if (begins(text, data.honorifics, end - 1)) return null;
    const third = text.slice(end, end + 1);
    const goesOn =
      begins(text, data.following, end) &&
      !(begins(text, data.following, end + 1) && !begins(text, data.following_sure, end));
    if (
      this.given.has(third) &&
      !data.not_third.includes(third) &&
      !this.denied.has(text.slice(start, end + 1)) &&
      !goesOn
    ) {
      return end + 1;
    }
    return data.not_last.includes(short.slice(-1)) ? null : end;
  }

  /** @param {string} text @param {number} start @param {number} end */
  rare(text, start, end) {
    if (end - start !== 2 || !HAN.test(text.slice(end)) || begins(text, this.more, end)) return end;
    const after = text.slice(end + 1, end + 2);
    const rare = !HAN.test(after) || this.data.goes_on.includes(after) || begins(text, this.data.after, end + 1);
    return rare ? end + 1 : end;
  }

  /** @param {string} text @param {number} start @param {number} end */
  spokenOf(text, start, end) {
    const { data } = this;
    if (begins(text, data.after, end)) return true;
    if (end - start === 2 && data.weak.includes(text[start]) && HAN.test(text.slice(end, end + 1))) return false;
    const low = Math.max(0, start - 8);
    const between = this.between.exec(text.slice(low, start));
    const wordEnd = between ? low + between.index : start;
    if (
      ends(text.slice(Math.max(0, start - 5), start), data.before) ||
      ends(text.slice(Math.max(0, wordEnd - 5), wordEnd), data.before)
    ) {
      return true;
    }
    if (ends(text.slice(Math.max(0, start - 1), start), data.links) && begins(text, data.deeds, end)) return true;
    return this.standsAlone(text, start, end);
  }

  /** @param {string} text @param {number} start @param {number} end */
  standsAlone(text, start, end) {
    const { data } = this;
    if (
      end - start < 3 ||
      data.weak.includes(text[start]) ||
      data.not_alone_last.includes(text[end - 1]) ||
      begins(text, data.not_alone, start)
    ) {
      return false;
    }
    const goesOn = begins(text, data.alone_after, end);
    if (!this.joined.test(text.slice(Math.max(0, start - 1), start))) return goesOn;
    if (text[start] === "于" || !ends(text.slice(Math.max(0, start - 2), start), data.alone_before)) return false;
    return goesOn || !this.joined.test(text.slice(end, end + 1));
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
    for (const match of text.matchAll(this.field)) {
      const start = startOf(match);
      let value = match[1];
      let end = start + value.length;
      if (text.startsWith("*", end)) continue;
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
