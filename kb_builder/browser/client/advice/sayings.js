// @ts-check
// Which of several situations a text is told of; the twin of insight/sayings.py, which says why.

import { log2 } from "../cutting.js";
import { pairs, stretches } from "../letters.js";

const TIMES = 4;
const LEAST = 6;
const SCALE = 5;

export class Sayings {
  /** @param {Iterable<[string, string[]]>} says by situation, folded */
  constructor(says) {
    /** @type {string[]} */
    this.ids = [];
    /** Of each part, what it adds to the situations with these numbers. @type {Map<string, [number, number][]>} */
    this.gains = new Map();
    const totals = [];
    for (const [id, said] of says) {
      if (!said.length) continue;
      /** @type {Map<string, number>} */
      const counts = new Map();
      let total = 0;
      for (const saying of said) {
        for (const part of partsOf(saying)) {
          counts.set(part, (counts.get(part) || 0) + 1);
          total += 1;
        }
      }
      const number = this.ids.push(id) - 1;
      totals.push(total);
      for (const [part, count] of counts) {
        const gain = /** @type {[number, number]} */ ([number, log2(TIMES * count + 1)]);
        const gains = this.gains.get(part);
        if (gains) gains.push(gain);
        else this.gains.set(part, [gain]);
      }
    }
    this.costs = totals.map((total) => log2(TIMES * total + this.gains.size));
  }

  /**
   * @param {string} text folded
   * @returns {Map<string, number>} 0 for the likeliest situation, less for the others
   */
  compare(text) {
    const known = [...partsOf(text)].flatMap((part) => {
      const gains = this.gains.get(part);
      return gains ? [gains] : [];
    });
    if (known.length < LEAST) return new Map();
    const scores = this.costs.map((cost) => -known.length * cost);
    for (const gains of known) for (const [number, gain] of gains) scores[number] += gain;
    const best = Math.max(...scores);
    const unit = Math.floor(Math.sqrt(known.length * 256));
    return new Map(this.ids.map((id, number) => [id, Math.floor((SCALE * (scores[number] - best)) / unit)]));
  }
}

/**
 * The characters of a text and the pairs of neighbours.
 * @param {string} text
 */
function partsOf(text) {
  /** @type {Set<string>} */
  const parts = new Set();
  for (const runs of stretches(text)) {
    const chars = Array.from(runs.join(""));
    for (const char of chars) parts.add(char);
    for (const pair of pairs(chars)) parts.add(pair);
  }
  return parts;
}
