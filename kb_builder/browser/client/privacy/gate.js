// @ts-check
// The privacy gate in the browser: the same findings as `kb check`; the twin of gate.py.
// `new Gate(data)` takes what portable.py writes.

import { testsOf } from "./candidates.js";
import { Names } from "./names.js";
import { Reader } from "./reading.js";

const BEFORE = 16;
const REACH = 40;
const AFTER = 8;
const FEWEST_DIGITS = 6;
const COUNTRY = /(?:00)?86(?=1[3-9][0-9]{9}$)/;
const SEPARATORS = /[^0-9a-z一-龥@.:_]+/gu;
const PUNCTUATED = /^(?![0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$)[0-9._:]+$/;

/**
 * Personal data in a text: from `start` to `end` in UTF-16 units; `value` is the same for every way
 * to write the same number or name.
 * @typedef {{ start: number, end: number, category: string, value: string }} Disclosure
 */
/** @typedef {Record<string, any>} GateData what `portable` gives */

class Pattern {
  /** @param {Record<string, any>} data @param {Record<string, import("./candidates.js").Test>} tests @param {string} end */
  constructor(data, tests, end) {
    this.category = data.category;
    this.pattern = new RegExp(data.pattern, "gud");
    this.test = data.test ? tests[data.test] : null;
    this.near = data.near ? new RegExp(data.near, "u") : null;
    this.neverBefore = data.never_before ? new RegExp(`(?:${data.never_before})[ ]?${end}`, "u") : null;
    this.neverAfter = data.never_after ? new RegExp(`^(?:${data.never_after})`, "u") : null;
    this.reach = data.reach ? new RegExp(data.reach, "u") : null;
    /** @type {string[]} */
    this.triggers = data.triggers;
  }

  /** @param {string} text */
  isPossible(text) {
    return !this.triggers.length || this.triggers.some((word) => text.includes(word));
  }

  /**
   * @param {string} part a piece of the text, @param {string} text @param {number} offset where it begins
   * @returns {Generator<[number, number]>}
   */
  *find(part, text, offset) {
    for (const match of part.matchAll(this.pattern)) {
      const [first, last] = /** @type {[number, number][]} */ (/** @type {any} */ (match).indices)[1];
      let start = offset + first;
      const end = offset + last;
      if (this.reach) {
        const reached = this.reach.exec(text.slice(Math.max(0, start - REACH), start));
        if (!reached) continue;
        start -= reached[0].length;
      }
      const before = text.slice(Math.max(0, start - BEFORE), start);
      const after = text.slice(end, end + AFTER);
      if (this.near && !this.near.test(before) && !this.near.test(after)) continue;
      if (this.neverBefore?.test(before) || this.neverAfter?.test(after)) continue;
      const skip = this.test ? this.test(text.slice(start, end), before, after) : 0;
      if (skip !== null && start + skip < end) yield [start + skip, end];
    }
  }
}

export class Gate {
  /** @param {GateData} data */
  constructor(data) {
    const tests = testsOf(data.tests, data.bad_road);
    /** @param {Record<string, any>} each */
    const made = (each) => new Pattern(each, tests, data.end);
    this.data = data;
    this.reader = new Reader(data.reading);
    this.names = new Names(data.names, data.bare, data.forms);
    this.first = data.first.map(made);
    this.numbers = data.numbers.map(made);
    this.last = data.last.map(made);
    this.run = new RegExp(data.run, "gu");
    this.date = new RegExp(`^(?:${data.date})$`, "u");
    this.reviewed = new Set(data.reviewed);
  }

  /**
   * The personal data in a text, in order.
   * @param {string} text
   * @returns {Disclosure[]}
   */
  find(text) {
    const reading = this.reader.read(text);
    /** @type {[number, number, string][]} */
    const found = [];
    for (const stretch of this.stretches(reading.text)) {
      if (found.every(([first, last]) => stretch[1] <= first || last <= stretch[0])) found.push(stretch);
    }
    found.sort((a, b) => a[0] - b[0]);
    return joined(found).map(([from, to, category]) => {
      const [start, end] = reading.place(from, to);
      return { start, end, category, value: this.canonical(reading.text.slice(from, to)) };
    });
  }

  /**
   * One spelling for all ways to write a value.
   * @param {string} text
   */
  canonical(text) {
    const value = this.reader.read(text).text.toLowerCase().replace(SEPARATORS, "");
    return (PUNCTUATED.test(value) ? value.replace(/[^0-9]+/g, "") : value).replace(COUNTRY, "");
  }

  /**
   * @param {string} text
   * @returns {Generator<[number, number, string]>}
   */
  *stretches(text) {
    for (const each of this.first) {
      if (!each.isPossible(text)) continue;
      for (const [start, end] of each.find(text, text, 0)) {
        const address = text.slice(start, end).toLowerCase();
        const ours = each.category === "email" && this.data.domains.some((/** @type {string} */ d) => address.endsWith(d));
        if (!ours) yield [start, end, each.category];
      }
    }
    for (const run of text.matchAll(this.run)) {
      const digits = run[0].replace(/[^0-9]/g, "").length;
      if (digits < FEWEST_DIGITS || this.date.test(run[0])) continue;
      for (const each of this.numbers) {
        for (const [start, end] of each.find(run[0], text, run.index)) yield [start, end, each.category];
      }
    }
    for (const each of this.last) {
      if (!each.isPossible(text)) continue;
      for (const [start, end] of each.find(text, text, 0)) yield [start, end, each.category];
    }
    for (const name of this.names.find(text)) yield [name.start, name.end, name.labelled ? "labelled" : "name"];
  }
}

/** @param {[number, number, string][]} found */
function joined(found) {
  /** @type {[number, number, string][]} */
  const whole = [];
  for (const each of found) {
    const last = whole.at(-1);
    if (last && each[2] === "address" && last[2] === "address" && last[1] === each[0]) last[1] = each[1];
    else whole.push([...each]);
  }
  return whole;
}
