// @ts-check
// The text area. Behind it lies the same text with marks, so that the words are marked where they were pasted.

import { element } from "../dom.js";

/**
 * @typedef {import("../../excerpt.js").Span} Span
 * @typedef {{span: Span, look: "alike" | "said" | "danger"}} Mark
 */

export class Paper {
  /** @param {string} describedBy ids of what explains the field */
  constructor(describedBy) {
    this.input = element("textarea", {
      class: "kbp-text",
      "aria-label": "客户的原话",
      "aria-describedby": describedBy,
      placeholder: "把客户的原话粘贴到这里：来信、聊天记录、来电记录都行",
      rows: 5,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    this.mirror = element("div", { class: "kbp-mirror", "aria-hidden": "true" });
    this.root = element("div", { class: "kbp-paper" }, element("div", { class: "kbp-sheet" }, this.mirror, this.input));
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {Span[]} */
    this.stressed = [];
    this.drawn = "";
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.mark([]);
  }

  /**
   * Mark what was found; places are those of the text as it is now.
   * @param {Mark[]} marks
   */
  mark(marks) {
    this.marks = marks;
    this.stressed = [];
    this.draw();
  }

  /**
   * Point at some of the words more than at the others.
   * @param {Span[]} spans
   */
  stress(spans) {
    if (!spans.length && !this.stressed.length) return;
    this.stressed = spans;
    this.draw();
  }

  /** The text was changed at one place: the marks before and behind it stay on their words. */
  follow() {
    const { text, drawn } = this;
    const most = Math.min(text.length, drawn.length);
    let before = 0;
    while (before < most && text[before] === drawn[before]) before++;
    let behind = 0;
    while (behind < most - before && text[text.length - 1 - behind] === drawn[drawn.length - 1 - behind]) behind++;
    const shift = text.length - drawn.length;
    this.mark(
      this.marks.flatMap(({ span: [start, end], look }) => {
        if (end <= before) return [{ span: [start, end], look }];
        return start >= drawn.length - behind ? [{ span: [start + shift, end + shift], look }] : [];
      }),
    );
  }

  draw() {
    const { text } = this;
    this.drawn = text;
    const all = [...this.marks.map(({ span, look }) => ({ span, look: `kbp-${look}` })), ...this.stressed.map((span) => ({ span, look: "kbp-stressed" }))];
    const edges = [...new Set([0, text.length, ...all.flatMap(({ span }) => span)])].filter((edge) => edge <= text.length).sort((a, b) => a - b);
    const made = edges.slice(1).map((end, i) => {
      const piece = text.slice(edges[i], end);
      const looks = new Set(all.filter(({ span }) => span[0] < end && edges[i] < span[1]).map(({ look }) => look));
      return looks.size ? element("mark", { class: [...looks].join(" ") }, piece) : document.createTextNode(piece);
    });
    // Without a sign in it, the last line would have no height.
    this.mirror.replaceChildren(...made, "\u200b");
  }
}
