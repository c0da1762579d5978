// @ts-check
// What was searched for lately, and what was not found: kept in this browser only.

import { isLong } from "./address.js";

const MOST_RECENT = 8;
const MOST_EMPTY = 200;

/**
 * @typedef {{text: string, count: number, last: string}} Missed a query without result: how often, and the day
 *   of the last time
 */

export class Memory {
  /** @param {string} root the site's; others on the same host have memories of their own */
  constructor(root) {
    this.key = `kb-search ${root}`;
    /** Where storage is forbidden, this page remembers. @type {{recent: string[], missed: Missed[]}} */
    this.held = { recent: [], missed: [] };
  }

  /** @returns {{recent: string[], missed: Missed[]}} */
  read() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) || "null");
      if (found && Array.isArray(found.recent) && Array.isArray(found.missed)) {
        this.held = {
          recent: found.recent.filter((/** @type {unknown} */ text) => typeof text === "string"),
          missed: found.missed.filter((/** @type {any} */ one) => one && typeof one.text === "string" && one.count > 0),
        };
      }
    } catch {
      // Forbidden, or written by something else.
    }
    return this.held;
  }

  /** @param {{recent?: string[], missed?: Missed[]}} changes */
  write(changes) {
    this.held = { ...this.read(), ...changes };
    try {
      localStorage.setItem(this.key, JSON.stringify(this.held));
    } catch {
      // Forbidden or full: this page remembers.
    }
  }

  /** A search that the reader meant. Pasted letters of customers are not kept. @param {string} text */
  remember(text) {
    const trimmed = text.trim();
    if (!trimmed || isLong(trimmed)) return;
    this.write({ recent: [trimmed, ...this.read().recent.filter((other) => other !== trimmed)].slice(0, MOST_RECENT) });
  }

  /** @param {string} text @param {Date} now */
  miss(text, now) {
    const trimmed = text.trim();
    if (!trimmed || isLong(trimmed)) return;
    const { missed } = this.read();
    const before = missed.find((one) => one.text === trimmed);
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
    const fresh = { text: trimmed, count: (before ? before.count : 0) + 1, last: day };
    this.write({ missed: [fresh, ...missed.filter((one) => one !== before)].slice(0, MOST_EMPTY) });
  }

  /** What `kb synonyms suggest` reads. */
  report() {
    return `${JSON.stringify({ format: 1, queries: this.read().missed }, null, 1)}\n`;
  }
}
