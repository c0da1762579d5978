// @ts-check
// How similar complaints were solved, what they taught, and which two show right and wrong.

import { element, marked } from "../dom.js";

/**
 * @typedef {import("../../advice/types.js").Advice} Advice
 * @typedef {import("../../advice/types.js").SimilarCase} SimilarCase
 * @typedef {import("../../adviser.js").Passage} Passage
 * @typedef {import("../address.js").Site} Site
 */

const DONE = "怎么办的";

/**
 * A link to a page of the site. It opens beside this page, which would lose the text.
 * @param {Site} site
 * @param {string} address
 * @param {...(Node | string)} inside
 */
export function away(site, address, ...inside) {
  return element("a", { href: site.link(address), target: "_blank", rel: "noopener" }, ...inside);
}

/**
 * @param {SimilarCase[]} cases
 * @param {Record<string, Passage>} passages
 * @param {Site} site
 */
export function caseList(cases, passages, site) {
  if (!cases.length) {
    return [element("p", { class: "kbp-none" }, "没有找到相似的案例。先照下面的预案办，办完把它写成案例。")];
  }
  return [element("ol", { class: "kbp-cases" }, ...cases.map((each) => caseCard(each, passages[each.id], site)))];
}

/**
 * @param {SimilarCase} found
 * @param {Passage | undefined} passage
 * @param {Site} site
 */
function caseCard({ id, title, address, remedies, outcome, retained, satisfaction, taken, because }, passage, site) {
  const facts = [
    [DONE, remedies.join("、")],
    ["结果", outcome],
    ["留住客户", retained],
    ["满意度", satisfaction],
    ["用时", taken],
  ].filter(([, value]) => value);
  const words = because.flatMap((word) => ["", element("q", {}, word)]);
  return element(
    "li",
    { class: "kbp-case", "data-key": `case ${id}` },
    element("h3", {}, away(site, address, ...(passage ? [marked(title, passage.titleMarks)] : [title])), element("span", { class: "kbp-id" }, id)),
    facts.length ? element("dl", { class: "kbp-facts" }, ...facts.map(([name, value]) => element("div", { class: name === DONE ? "kbp-done" : null }, element("dt", {}, name), element("dd", {}, value)))) : null,
    passage && passage.excerpt ? element("p", { class: "kbp-excerpt" }, marked(passage.excerpt, passage.marks)) : null,
    because.length ? element("p", { class: "kbp-because" }, "都说到", ...words) : element("p", { class: "kbp-because" }, "说法不同，意思相近"),
  );
}

/**
 * @param {Advice} advice
 * @param {Site} site
 */
export function lessonList({ lessons, contrasts }, site) {
  const made = [];
  if (lessons.length) {
    made.push(
      element(
        "ul",
        { class: "kbp-lessons" },
        ...lessons.map(({ title, address, cases }) => element("li", {}, away(site, address, title), element("span", { class: "kbp-id" }, cases.join("、")))),
      ),
    );
  }
  for (const { title, address, with_title: other, with_address: there } of contrasts) {
    made.push(
      element(
        "div",
        { class: "kbp-contrast" },
        element("h3", {}, "一正一反，对照着看"),
        element("p", {}, away(site, address, title)),
        element("p", {}, away(site, there, other)),
      ),
    );
  }
  return made.length ? made : [element("p", { class: "kbp-none" }, "这几个案例还没有写教训。")];
}
