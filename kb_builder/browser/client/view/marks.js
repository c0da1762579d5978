// @ts-check
// On the page of a hit: where it holds what was searched for.

import { button, element } from "./dom.js";
import { engine, wordsFor } from "./entrance.js";
import { readText } from "./address.js";

const BLOCK = /^(P|LI|H[1-6]|DT|DD|TD|TH|BLOCKQUOTE|FIGCAPTION|SUMMARY|SECTION|DIV|ARTICLE|HEADER|UL|OL|DL|TABLE|TR|CAPTION)$/;
const LEFT_OUT = "script, style, noscript, button, input, select, textarea, .headerlink, .md-content__button, .kb-crumbs, .kb-meta, .kb-process, .kb-cite, .kb-permanent";

/**
 * Mark what the address asks for and show the first place.
 * @param {HTMLElement} content
 */
export async function showMarks(content) {
  if (!/^#q=/.test(location.hash)) return;
  const { text } = readText(new URLSearchParams(location.hash.slice(1)));
  if (!text.trim()) return;
  try {
    const marks = await markAll(content, text);
    if (marks.length) new Walker(marks).start();
  } catch (error) {
    const bar = element("div", { class: "kbs-walk", role: "alert" }, element("span", {}, `没能标出搜索的词：${wordsFor(error)}`));
    bar.append(button("重试", () => {
      bar.remove();
      void showMarks(content);
    }, "kbs-quiet"), button("关闭", () => bar.remove(), "kbs-quiet"));
    document.body.append(bar);
  }
}

/**
 * @param {HTMLElement} content
 * @param {string} query
 * @returns {Promise<HTMLElement[][]>} the elements of each place: it may reach over a link's edge
 */
async function markAll(content, query) {
  const { nodes, starts, text } = collect(content);
  const spans = await (await engine()).mark(text, query);
  /** @type {HTMLElement[][]} */
  const places = [];
  // From the last to the first: splitting a node leaves what stands before it as it is.
  for (const [start, end] of [...spans].reverse()) {
    const place = [];
    let at = nodes.length - 1;
    while (at > 0 && starts[at] >= end) at--;
    for (; at >= 0 && starts[at] + nodes[at].data.length > start; at--) {
      const from = Math.max(start - starts[at], 0);
      const to = Math.min(end - starts[at], nodes[at].data.length);
      if (from >= to) continue;
      const piece = from ? nodes[at].splitText(from) : nodes[at];
      if (to - from < piece.data.length) piece.splitText(to - from);
      const mark = element("mark", { class: "kbs-mark" });
      piece.replaceWith(mark);
      mark.append(piece);
      place.unshift(mark);
      // The rest of the node is gone from it; what stands before the mark is still its text.
      if (!from) nodes[at] = document.createTextNode("");
    }
    if (place.length) places.unshift(place);
  }
  return places;
}

/**
 * The texts of the page; between blocks stands the end of a line, over which no term reaches.
 * @param {HTMLElement} content
 */
function collect(content) {
  /** @type {Text[]} */
  const nodes = [];
  /** @type {number[]} */
  const starts = [];
  let text = "";
  /** @param {Node} node */
  const visit = (node) => {
    if (node instanceof Text) {
      if (!node.data) return;
      nodes.push(node);
      starts.push(text.length);
      text += node.data;
    } else if (node instanceof HTMLElement && !node.hidden && !node.matches(LEFT_OUT)) {
      const block = BLOCK.test(node.tagName) || node.matches(".kb-badge, .kb-pill");
      if (block && text && !text.endsWith("\n")) text += "\n";
      node.childNodes.forEach(visit);
      if (block && !text.endsWith("\n")) text += "\n";
    }
  };
  visit(content);
  return { nodes, starts, text };
}

/** The bar that leads from mark to mark. */
class Walker {
  /** @param {HTMLElement[][]} places */
  constructor(places) {
    this.places = places;
    this.at = -1;
    this.count = element("span", { role: "status" });
    const step = (/** @type {string} */ label, /** @type {number} */ by, /** @type {string} */ sign) => {
      const made = button(sign, () => this.go(this.at + by), "kbs-step");
      made.setAttribute("aria-label", label);
      return made;
    };
    this.bar = element("div", { class: "kbs-walk", role: "group", "aria-label": "搜索的词在这一页的位置" }, this.count, step("上一处", -1, "↑"), step("下一处", 1, "↓"), button("去掉标记", () => this.end(), "kbs-quiet"));
  }

  start() {
    document.body.append(this.bar);
    this.go(0);
  }

  /** @param {number} at */
  go(at) {
    const { places } = this;
    if (this.at >= 0) for (const mark of places[this.at]) mark.classList.remove("kbs-here");
    this.at = (at + places.length) % places.length;
    const here = places[this.at];
    for (const mark of here) mark.classList.add("kbs-here");
    for (let box = here[0].closest("details:not([open])"); box; box = box.parentElement && box.parentElement.closest("details:not([open])")) box.setAttribute("open", "");
    here[0].scrollIntoView({ block: "center" });
    this.count.textContent = `${this.at + 1} / ${places.length} 处`;
  }

  end() {
    for (const mark of this.places.flat()) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      if (parent) parent.normalize();
    }
    this.bar.remove();
    history.replaceState(history.state, "", location.pathname + location.search);
  }
}
