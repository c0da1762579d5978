// @ts-check
// What the search page says about an answer, and what it offers instead.

import { button, element } from "./dom.js";

/**
 * @typedef {import("../engine.js").Results} Results
 * @typedef {import("./hits.js").Labels} Labels
 * @typedef {(text: string) => void} Search
 */

/**
 * @param {Results} results
 * @param {string} text
 * @param {Labels} labels
 * @param {Search} search
 * @param {() => void} verify look for quoted text in all candidates
 */
export function remarks({ total, exact, corrections, filters, relaxed, shortened }, text, labels, search, verify) {
  const found = [];
  if (filters.length) {
    const names = filters.map(({ name, value }) => `${labels.field(name)}“${labels.value(name, value)}”`);
    found.push(element("p", { class: "kbs-remark" }, `搜索词里写明了只看${names.join("、")}。`));
  }
  if (relaxed) found.push(element("p", { class: "kbs-remark" }, "没有一字不差的，下面是按词找到的。"));
  if (!exact && total) {
    const words = `带引号或减号的文字要逐篇核对。下面显示的都核对过；没显示的还没有，所以总数和各项数目可能偏大。`;
    found.push(element("p", { class: "kbs-remark" }, words, button("全部核对", verify, "kbs-chip")));
  }
  if (shortened) found.push(element("p", { class: "kbs-remark" }, "文字太长，只用了前 1,000 字。"));
  if (corrections.length && total) found.push(offers(corrections, text, search));
  return found;
}

/**
 * @param {Results["corrections"]} corrections
 * @param {string} text
 * @param {Search} search
 */
function offers(corrections, text, search) {
  const chips = corrections.flatMap(({ word, suggestions }) =>
    suggestions.map((suggestion) => button(suggestion, () => search(text.split(word).join(suggestion)), "kbs-chip")),
  );
  return element("p", { class: "kbs-remark kbs-offer" }, "是不是想找：", ...chips);
}

/**
 * Nothing was found: what to try next.
 * @param {Results} results
 * @param {import("./address.js").State} state
 * @param {{text: string, total: number}[]} fewer
 * @param {import("./address.js").Site} site
 * @param {Search} search
 * @param {() => void} unfilter
 */
export function nothing({ corrections }, { text, facets }, fewer, site, search, unfilter) {
  const about = text.trim() && Array.from(text).length <= 30 ? `：${text.trim()}` : "";
  const made = element("div", { class: "kbs-nothing" }, element("h2", {}, `没有找到${about}`));
  if (corrections.length) made.append(offers(corrections, text, search));
  if (facets.size) made.append(element("p", {}, button("去掉全部筛选再找", unfilter)));
  if (fewer.length) {
    const chips = fewer.map((one) => button(`${one.text}（${one.total}）`, () => search(one.text), "kbs-chip"));
    made.append(element("p", { class: "kbs-offer" }, "少用一个词：", ...chips));
  }
  const advice = ["换一个说法：客户怎么说，就怎么输", "去掉引号和减号"].filter((_, i) => i === 0 || /["“”「」『』＂]|(^|\s)[-－]/.test(text));
  made.append(element("ul", {}, ...advice.map((one) => element("li", {}, one)), element("li", {}, "或者", element("a", { href: site.link("browse/") }, "按条件浏览"), "、", element("a", { href: site.link("glossary/") }, "查术语"))));
  return made;
}

/**
 * The chosen values, each to be taken away.
 * @param {Map<string, string[]>} facets
 * @param {Labels} labels
 * @param {(facets: Map<string, string[]>) => void} change
 */
export function chips(facets, labels, change) {
  const made = [...facets].flatMap(([name, values]) =>
    values.map((value) => {
      const rest = values.filter((other) => other !== value);
      const others = new Map([...facets].filter(([other]) => other !== name));
      const label = `${labels.field(name)}：${labels.value(name, value)}`;
      const chip = button(label, () => change(rest.length ? new Map([...others, [name, rest]]) : others), "kbs-chip kbs-chosen");
      chip.setAttribute("aria-label", `去掉${label}`);
      return chip;
    }),
  );
  if (made.length > 1) made.push(button("全部去掉", () => change(new Map()), "kbs-quiet"));
  return made;
}

/**
 * What a search box says about a text that looks pasted.
 * @param {() => void} open
 */
export function offer(open) {
  return element("p", { class: "kbs-remark kbp-offer" }, "这像是客户的原话。", button("找先例：相似案例、该用的预案、最迟答复时间", open, "kbs-chip"));
}
