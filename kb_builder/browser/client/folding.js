// @ts-check
// One spelling for all ways to write the same text; the twin of folding.py, which says why.
// Only Traditional to Simplified needs a table, which the manifest brings; the rest browsers know.

import { IS_SPACE, isHan } from "./letters.js";

const DROPPED =
  /^[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u206f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]$/u;
const MARK = /^\p{M}/u;
const FOLD_BLANKS = /[ \n]+/g;

/**
 * @typedef {object} Folded
 * @property {string} text
 * @property {number[]} starts unit `i` of `text` comes from `original.slice(starts[i], ends[i])`
 * @property {number[]} ends
 */

export class Folder {
  /** @param {Map<string, string>} traditional */
  constructor(traditional) {
    this.traditional = traditional;
    /** @type {Map<string, string>} */
    this.table = new Map();
    /** @type {Map<string, boolean>} */
    this.attaching = new Map();
  }

  /** @param {string} text */
  fold(text) {
    return this.foldWithOffsets(text).text;
  }

  /**
   * @param {string} text
   * @returns {Folded}
   */
  foldWithOffsets(text) {
    /** @type {string[]} */
    const parts = [];
    /** @type {number[]} */
    const starts = [];
    /** @type {number[]} */
    const ends = [];
    let cluster = "";
    let start = 0;
    let end = 0;
    const flush = () => {
      const folded = this.foldCluster(cluster);
      parts.push(folded);
      for (let i = 0; i < folded.length; i++) {
        starts.push(start);
        ends.push(end);
      }
    };
    let at = 0;
    for (const char of text) {
      const next = at + char.length;
      if (!this.drops(char)) {
        if (cluster && this.attaches(char)) {
          cluster += char;
        } else {
          if (cluster) flush();
          cluster = char;
          start = at;
        }
        end = next;
      }
      at = next;
    }
    if (cluster) flush();
    return squeeze({ text: parts.join(""), starts, ends });
  }

  /** @param {string} cluster */
  foldCluster(cluster) {
    let folded = this.table.get(cluster);
    if (folded === undefined) {
      folded = "";
      for (const char of cluster.normalize("NFKC")) folded += this.foldCharacter(char);
      if (this.table.size < 20000) this.table.set(cluster, folded);
    }
    return folded;
  }

  /** @param {string} char */
  foldCharacter(char) {
    if (IS_SPACE.test(char)) return char === "\n" ? "\n" : " ";
    const code = char.charCodeAt(0);
    if (char.length === 1 && code >= 0xd800 && code <= 0xdfff) return "\ufffd";
    const lower = char.toLowerCase();
    return this.traditional.get(lower) || lower;
  }

  /** @param {string} char */
  drops(char) {
    return char > "\u00ac" && DROPPED.test(char);
  }

  /**
   * Whether a character can compose with what stands before it.
   * @param {string} char
   */
  attaches(char) {
    if (char < "\u0300") return false;
    let found = this.attaching.get(char);
    if (found === undefined) {
      const first = char.normalize("NFKD");
      const code = first.charCodeAt(0);
      found = MARK.test(first) || (code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff);
      this.attaching.set(char, found);
    }
    return found;
  }
}

/**
 * White space: a line break for a blank line, nothing beside a Han character, else one space.
 * @param {Folded} folded
 * @returns {Folded}
 */
function squeeze({ text, starts, ends }) {
  /** @type {string[]} */
  const out = [];
  /** @type {number[]} */
  const keep = [];
  let last = 0;
  /** @param {number} to */
  const copy = (to) => {
    out.push(text.slice(last, to));
    for (let i = last; i < to; i++) keep.push(i);
  };
  for (const match of text.matchAll(FOLD_BLANKS)) {
    const at = /** @type {number} */ (match.index);
    const end = at + match[0].length;
    copy(at);
    let blank = " ";
    if (at === 0 || end === text.length) blank = "";
    else if (match[0].split("\n").length > 2) blank = "\n";
    else if (isHan(lastChar(text, at)) || isHan(text.slice(end, end + 2))) blank = "";
    if (blank) {
      out.push(blank);
      keep.push(at);
    }
    last = end;
  }
  if (!last) return { text, starts, ends };
  copy(text.length);
  return { text: out.join(""), starts: keep.map((i) => starts[i]), ends: keep.map((i) => ends[i]) };
}

/**
 * The character that ends before `end`.
 * @param {string} text
 * @param {number} end
 */
function lastChar(text, end) {
  const pair = text.slice(Math.max(end - 2, 0), end);
  const code = pair.charCodeAt(pair.length - 1);
  return code >= 0xdc00 && code <= 0xdfff ? pair : pair.slice(-1);
}

