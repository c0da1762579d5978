// @ts-check
// The cues of a base, and where a text says them; the twin of `Lexicon` in insight/judging.py.

/**
 * @typedef {[string, string, string[], string[], string[]]} Group field, value, strong, weak, cancelled
 * @typedef {{text: string, starts: number[], ends: number[]}} Folded
 * @typedef {{fold: (text: string) => string, foldWithOffsets: (text: string) => Folded}} Folder
 * @typedef {{field: string, value: string, start: number, end: number, strong: boolean}} Found
 *
 * @typedef {object} Cues
 * @property {Group[]} groups
 * @property {[string[], string[]][]} themes says, means
 * @property {string[]} negations
 * @property {string[]} jest
 * @property {[string, string, string, string][]} implied
 * @property {[string, string, string[]][]} together
 * @property {[string, string][]} presumed
 */

export const DANGER = "crisis_signals";

const GAP = "…";
const GAP_LENGTH = 8;
const SENTENCE_END = /[。!?;\n]+/;

export class Lexicon {
  /**
   * @param {Cues} cues
   * @param {Folder} folder
   */
  constructor(cues, folder) {
    this.cues = cues;
    this.folder = folder;
    const parts = (/** @type {string} */ phrase) => phrase.split(GAP).map((part) => folder.fold(part));
    this.groups = cues.groups.map(([field, value, strong, weak, cancelled]) => ({
      field,
      value,
      phrases: [
        ...strong.map((phrase) => ({ parts: parts(phrase), strong: true })),
        ...weak.map((phrase) => ({ parts: parts(phrase), strong: false })),
      ],
      cancelled: cancelled.map(parts),
    }));
    this.themes = cues.themes.map(([says, means]) => ({ says: says.map(parts), means }));
    this.negations = cues.negations.map((word) => folder.fold(word));
    this.jest = cues.jest.map(parts);
  }

  /**
   * The phrases in a folded text that count, in the order of the cues.
   * @param {string} text
   * @returns {Found[]}
   */
  find(text) {
    const ends = Array.from(text.matchAll(new RegExp(SENTENCE_END, "g")), (match) => match.index + match[0].length);
    const sentence = (/** @type {number} */ at) => ends.filter((end) => end <= at).length;
    /** @type {Set<number>} */
    const joking = new Set();
    for (const phrase of this.jest) {
      for (const [start] of places(text, phrase)) for (const near of [-1, 0, 1]) joking.add(sentence(start) + near);
    }
    /** @type {Found[]} */
    const found = [];
    for (const { field, value, phrases, cancelled } of this.groups) {
      const hits = phrases.flatMap(({ parts, strong }) => places(text, parts).map(([start, end]) => ({ start, end, strong })));
      if (!hits.length) continue;
      hits.sort((a, b) => a.start - b.start || b.end - a.end || Number(b.strong) - Number(a.strong));
      const hidden = cancelled.flatMap((parts) => places(text, parts));
      let last = 0;
      for (const { start, end, strong } of hits) {
        if (start < last || hidden.some(([begin, other]) => start < other && begin < end)) continue;
        if (this.negations.some((word) => text.endsWith(word, start))) continue;
        if (field === DANGER && joking.has(sentence(start))) continue;
        found.push({ field, value, start, end, strong });
        last = end;
      }
    }
    return found;
  }

  /**
   * The words of case pages for what a folded text says, to look for them too.
   * @param {string} text
   */
  meant(text) {
    return this.themes.flatMap(({ says, means }) => (says.some((parts) => places(text, parts).length) ? means : []));
  }
}

/**
 * Where the parts follow each other within a sentence, with a few characters between them.
 * @param {string} text
 * @param {string[]} parts
 * @returns {[number, number][]}
 */
function places(text, [first, ...others]) {
  /** @type {[number, number][]} */
  const found = [];
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    let end = start + first.length;
    for (const part of others) {
      end = next(text, part, end);
      if (end < 0) break;
    }
    if (end >= 0) found.push([start, end]);
  }
  return found;
}

/**
 * The end of a part that begins soon after a place, in the same sentence; -1 if none does.
 * @param {string} text
 * @param {string} part
 * @param {number} after
 */
function next(text, part, after) {
  // A gap is counted in characters, of which some are two units long.
  const near = text.slice(after, after + 2 * (GAP_LENGTH + part.length));
  const at = near.indexOf(part);
  if (at < 0) return -1;
  const between = near.slice(0, at);
  return Array.from(between).length > GAP_LENGTH || SENTENCE_END.test(between) ? -1 : after + at + part.length;
}
