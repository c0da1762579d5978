// @ts-check
// What a reader sees of a text, with the way back; the twin of reading.py, which says why.

/**
 * @typedef {object} ReadingData
 * @property {string} wide @property {string} unseen @property {string} blanks
 * @property {string} silent @property {string} marked @property {string} circled
 * @property {Record<string, string>} entities
 * @property {string} paired @property {string} spoken @property {Record<string, string>} numerals
 */

/** Digits that NFKC leaves alone: the first of each row, and its value. */
const ROWS = [
  [0x660, 0], [0x6f0, 0], [0x966, 0], [0x2776, 1], [0x2780, 1], [0x278a, 1], [0x24f5, 1],
];

export class Reading {
  /**
   * @param {string} text
   * @param {number[]} starts @param {number[]} origins @param {number[]} widths
   */
  constructor(text, starts, origins, widths) {
    this.text = text;
    this.starts = starts;
    this.origins = origins;
    this.widths = widths;
  }

  /**
   * Where a stretch of the text, not an empty one, is written.
   * @param {number} start @param {number} end
   * @returns {[number, number]}
   */
  place(start, end) {
    if (!this.starts.length) return [start, end];
    return [this.origin(start)[0], this.origin(end - 1)[1]];
  }

  /**
   * @param {number} index
   * @returns {[number, number]}
   */
  origin(index) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= index) low = middle + 1;
      else high = middle;
    }
    const begin = this.origins[low - 1] + index - this.starts[low - 1];
    return [begin, begin + this.widths[low - 1]];
  }
}

export class Reader {
  /** @param {ReadingData} data */
  constructor(data) {
    const { wide, unseen, blanks, silent } = data;
    const quiet = `(?:${silent}(?![0-9]{5}))`;
    this.special = new RegExp(
      `(?<mark>(?<=${data.marked})[${data.circled}](?![${wide}]))` +
        `|(?<wide>[${wide}])|(?<unseen>[${unseen}]+)|(?<blank>[${blanks}])` +
        "|(?<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)" +
        `|(?<tag></?[a-zA-Z]${quiet}{0,200}>|<!--${quiet}{0,100}-->)` +
        "|(?<percent>(?:%[0-9a-fA-F]{2})+)" +
        "|(?<unicode>\\\\u[0-9a-fA-F]{4}|\\\\x[0-9a-fA-F]{2})" +
        "|(?<escape>\\\\(?=[!-\\/:-@\\[-`{-~]))",
      "gu",
    );
    this.paired = new RegExp(data.paired, "gu");
    this.spoken = new RegExp(data.spoken, "gu");
    this.entities = data.entities;
    this.numerals = data.numerals;
  }

  /** @param {string} text */
  read(text) {
    /** @type {[number, number, string][]} */
    const pieces = [];
    for (const match of text.matchAll(this.special)) {
      const seen = this.seen(match);
      if (seen !== null) pieces.push([match.index, match.index + match[0].length, seen]);
    }
    for (const match of text.matchAll(this.paired)) {
      const width = match[1].length;
      const end = match.index + match[0].length;
      pieces.push([match.index, match.index + width, ""], [end - width, end, ""]);
    }
    pieces.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0));
    const reading = pieces.length ? joined(text, pieces) : new Reading(text, [], [], []);
    reading.text = reading.text.replace(this.spoken, (run) =>
      Array.from(run, (char) => this.numerals[char] ?? char).join(""),
    );
    return reading;
  }

  /**
   * What a match looks like to a reader; null where it looks as it is written.
   * @param {RegExpMatchArray} match
   * @returns {string | null}
   */
  seen(match) {
    const groups = match.groups ?? {};
    const found = match[0];
    if (groups.wide !== undefined) return plain(found);
    if (groups.blank !== undefined) return " ";
    if (groups.entity !== undefined) return this.entity(found.slice(1, -1));
    if (groups.percent !== undefined) {
      try {
        return decodeURIComponent(found);
      } catch (error) {
        if (error instanceof URIError) return null; // no text
        throw error;
      }
    }
    if (groups.unicode !== undefined) return character(parseInt(found.slice(2), 16));
    return groups.mark === undefined ? "" : null;
  }

  /** @param {string} name */
  entity(name) {
    if (!name.startsWith("#")) return Object.hasOwn(this.entities, name) ? this.entities[name] : null;
    const digits = name.slice(1);
    return character(/^[xX]/.test(digits) ? parseInt(digits.slice(1), 16) : parseInt(digits, 10));
  }
}

/** @param {string} char */
function plain(char) {
  const code = /** @type {number} */ (char.codePointAt(0));
  for (const [first, value] of ROWS) {
    if (code >= first && code < first + 10 - value) return String(code - first + value);
  }
  const normal = char.normalize("NFKC");
  // “⑴” is “(1)” to NFKC, and a one to a reader.
  const digit = /^[(]?([0-9])[).]?$/.exec(normal);
  return digit ? digit[1] : normal;
}

/** @param {number} code */
function character(code) {
  const seen =
    (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0x110000);
  return seen ? String.fromCodePoint(code) : null;
}

/**
 * @param {string} text
 * @param {[number, number, string][]} pieces
 */
function joined(text, pieces) {
  /** @type {string[]} */
  const parts = [];
  /** @type {number[]} */
  const starts = [];
  /** @type {number[]} */
  const origins = [];
  /** @type {number[]} */
  const widths = [];
  let at = 0;
  let length = 0;
  /** @param {string} part @param {number} origin @param {number} width */
  const add = (part, origin, width) => {
    parts.push(part);
    starts.push(length);
    origins.push(origin);
    widths.push(width);
    length += part.length;
  };
  for (const [start, end, seen] of pieces) {
    if (start < at) continue;
    if (start > at) add(text.slice(at, start), at, 1);
    // By UTF-16 units, as everything here is counted.
    for (const unit of seen.split("")) add(unit, start, end - start);
    at = end;
  }
  if (at < text.length) add(text.slice(at), at, 1);
  return new Reading(parts.join(""), starts, origins, widths);
}
