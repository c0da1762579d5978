// @ts-check
// What this browser remembers, shown on the search page: to use again, to clear, to hand to the editors.

import { button, element } from "./dom.js";

const FILE = "kb-search-missed.json";

/**
 * @param {HTMLElement} place
 * @param {import("./memory.js").Memory} memory
 * @param {(text: string) => void} search
 */
export function showKept(place, memory, search) {
  const { recent, missed } = memory.read();
  const again = () => showKept(place, memory, search);
  /** @param {string[]} texts */
  const chips = (texts) => element("p", {}, ...texts.map((text) => button(text, () => search(text), "kbs-chip")));
  const sections = [];
  if (recent.length) {
    const forget = button("清除", () => {
      memory.write({ recent: [] });
      again();
    }, "kbs-quiet");
    sections.push(element("section", {}, element("header", {}, element("h2", {}, "最近搜过"), forget), chips(recent)));
  }
  if (missed.length) {
    const save = button("导出没有结果的搜索", () => download(memory.report()));
    const forget = button("清除", () => {
      memory.write({ missed: [] });
      again();
    }, "kbs-quiet");
    const why = element("p", { class: "kbs-detail" }, "交给编辑，就能补上同义词或缺的案例。");
    sections.push(
      element("section", {}, element("header", {}, element("h2", {}, `没有结果的搜索（${missed.length}）`), forget), chips(missed.slice(0, 12).map(({ text }) => text)), why, save),
    );
  }
  if (sections.length) sections.push(element("p", { class: "kbs-detail" }, "这些只存在这个浏览器里，不会发送到任何地方。"));
  place.replaceChildren(...sections);
  place.hidden = !sections.length;
}

/** @param {string} text */
function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", { href: url, download: FILE });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
