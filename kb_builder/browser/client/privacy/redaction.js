// @ts-check
// Takes personal data out of a text, with the same mark for the same value; the twin of redaction.py.

const MOST_PASSES = 6;
const PAIRS = ["***", "**", "*", "__", "~~", "`"];

/** @param {number} first @param {number} last */
const range = (first, last) => String.fromCharCode(...Array.from({ length: last - first }, (_, i) => first + i));
const CIRCLED = range(0x2460, 0x2474) + range(0x3251, 0x3260) + range(0x32b1, 0x32c0);

/** @typedef {import("./gate.js").Gate} Gate */
/** @typedef {import("./gate.js").Disclosure} Disclosure */

/**
 * The text with a mark in the place of everything the gate finds and nobody has reviewed.
 * @param {string} text
 * @param {Gate} gate
 */
export function redact(text, gate) {
  /** @type {Map<string, string>} */
  const marks = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @param {Disclosure} found */
  const markOf = (found) => {
    const word = found.category === "labelled" && /^[0-9]/.test(found.value) ? "日期" : gate.data.marks[found.category];
    const key = `${word} ${found.value}`;
    const known = marks.get(key);
    if (known !== undefined) return known;
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    /** @type {string} */
    const mark = word + numbered(gate, word, count);
    marks.set(key, mark);
    return mark;
  };
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const found = gate.find(text).filter((each) => !gate.reviewed.has(each.value));
    if (!found.length) return text;
    text = replaced(text, found, gate, markOf);
  }
  throw new Error("redaction does not come to an end");
}

/**
 * @param {string} text
 * @param {Disclosure[]} found
 * @param {Gate} gate
 * @param {(found: Disclosure) => string} markOf
 */
function replaced(text, found, gate, markOf) {
  let result = "";
  let at = 0;
  for (const each of found) {
    const [first, end] = whole(text, each);
    const start = Math.max(first, at);
    result += text.slice(at, start);
    let mark = markOf(each);
    const noun = gate.data.marks[each.category];
    if ((each.category === "name" || each.category === "labelled") && mark.startsWith(noun)) {
      const before = text.slice(Math.max(0, start - 12), start).replace(/[*_~`]+$/, "");
      if (gate.data.nouns.some((/** @type {string} */ word) => before.endsWith(word))) mark = mark.slice(noun.length);
    }
    result += mark + "\n".repeat(text.slice(start, end).split("\n").length - 1);
    at = end;
  }
  return result + text.slice(at);
}

/**
 * The stretch with the other half of a pair of marks that begins or ends inside it.
 * @param {string} text @param {Disclosure} found
 */
function whole(text, { start, end }) {
  for (const mark of PAIRS) {
    if ((text.slice(start, end).split(mark).length - 1) % 2) {
      if (text.slice(0, start).endsWith(mark)) return [start - mark.length, end];
      if (text.startsWith(mark, end)) return [start, end + mark.length];
    }
  }
  return [start, end];
}

/** @param {Gate} gate @param {string} word @param {number} count */
function numbered(gate, word, count) {
  if (word === gate.data.marks.name) return gate.data.persons[count - 1] ?? String(count);
  return CIRCLED[count - 1] ?? `（${count}）`;
}
