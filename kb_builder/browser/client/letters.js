// @ts-check
// What counts as a letter, a digit, a Han character, white space; the twin of the patterns in
// analyzer.py and folding.py. Patterns look ahead but not behind: older Safari can't.

// Han with its extensions, kana and Hangul: scripts written without spaces.
const HAN = "\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\\u{20000}-\\u{323af}";
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const HAS_HAN = new RegExp(`[${HAN}]`, "u");
const STARTS_HAN = new RegExp(`^[${HAN}]`, "u");
const STRETCH = /[\p{L}\p{N}]+/gu;
const RUN = new RegExp(`[${HAN}]+|(?:(?![${HAN}])[\\p{L}\\p{N}]){1,64}`, "gu");
const PIECE = /\p{Nd}+|(?:(?!\p{Nd})[\p{L}\p{N}])+/gu;
const DIGIT = /^\p{Nd}/u;
const LETTER = new RegExp(`^(?![${HAN}]|\\p{Nd})[\\p{L}\\p{N}]`, "u");
const TERM = /[\p{L}\p{N}]/u;

export { SPACE };
export const BLANKS = new RegExp(`[${SPACE}]+`, "g");
export const IS_SPACE = new RegExp(`^[${SPACE}]$`);

/** @param {string} text */
export const hasHan = (text) => HAS_HAN.test(text);

/**
 * Whether a run is one of Han characters.
 * @param {string} run
 */
export const isHan = (run) => STARTS_HAN.test(run);

/** @param {string} text */
export const hasTerm = (text) => TERM.test(text);

/**
 * @param {string} char
 * @returns {"digit" | "letter" | ""} what may not touch it in a match
 */
export function edge(char) {
  return DIGIT.test(char) ? "digit" : LETTER.test(char) ? "letter" : "";
}

/**
 * The runs of each stretch of letters and digits.
 * @param {string} folded
 * @returns {string[][]}
 */
export function stretches(folded) {
  return (folded.match(STRETCH) || []).map((stretch) => stretch.match(RUN) || []);
}

/**
 * Letters and digits of a mixed Latin word apart; none when it is not mixed.
 * @param {string} latin
 * @returns {string[]}
 */
export function pieces(latin) {
  const found = latin.match(PIECE) || [];
  return found.length > 1 ? found : [];
}

/**
 * Every two neighbouring characters.
 * @param {string[]} chars
 */
export function pairs(chars) {
  return chars.slice(1).map((char, i) => chars[i] + char);
}

/**
 * The bigrams across the borders of the runs of a stretch.
 * @param {string[]} runs
 * @returns {string[]}
 */
export function boundaryBigrams(runs) {
  const found = [];
  for (let i = 1; i < runs.length; i++) {
    const one = Array.from(runs[i - 1]).slice(-1)[0];
    const other = Array.from(runs[i])[0];
    if (hasHan(one + other)) found.push(one + other);
  }
  return found;
}

/**
 * @param {string} text
 * @returns {string[]} the words between white space
 */
export const splitBlanks = (text) => text.split(BLANKS).filter(Boolean);

/**
 * Compare by code point, as Python does; `<` compares UTF-16 units.
 * @param {string} one
 * @param {string} other
 */
export function compare(one, other) {
  const size = Math.min(one.length, other.length);
  for (let i = 0; i < size; i++) {
    let a = one.charCodeAt(i);
    let b = other.charCodeAt(i);
    if (a !== b) {
      // Surrogates stand for the highest characters, but are not the highest units.
      if (a >= 0xd800 && b >= 0xd800) {
        a = a >= 0xe000 ? a - 0x2000 : a + 0x2000;
        b = b >= 0xe000 ? b - 0x2000 : b + 0x2000;
      }
      return a - b;
    }
  }
  return one.length - other.length;
}
