// @ts-check
// Names that are told by their form alone; the twin of forms.py, which has the patterns.

/** @typedef {Record<string, any>} FormsData the `forms` of portable.py */

export class Forms {
  /** @param {FormsData} data */
  constructor(data) {
    this.dotted = new RegExp(data.dotted, "gu");
    const peoples = data.parts.map(
      (/** @type {[string, string]} */ [parts, ends]) => `(?:${parts})(?:${parts}${ends}){1,2}`,
    );
    this.peoples = new RegExp(`(?:${peoples.join("|")})(?!${data.no_name})`, "gu");
  }

  /**
   * From where to where names stand in a text as read; first those with dots.
   * @param {string} text
   * @returns {Generator<[number, number]>}
   */
  *find(text) {
    for (const match of text.matchAll(this.dotted)) yield [match.index, match.index + match[0].length];
    for (const match of text.matchAll(this.peoples)) yield [match.index, match.index + match[0].length];
  }
}
