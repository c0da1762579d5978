// @ts-check
// The draft of a new case: the text without personal data under the fields as judged, to copy or to download.

import { button, element } from "../dom.js";
import { complaint } from "../entrance.js";

/**
 * @typedef {{draft: import("../../advice/types.js").CaseDraft, found: import("../../adviser.js").Masked["found"]}} Made
 */

const SAID = 2000;

export class DraftSection {
  /** @param {() => Promise<Made>} make from the text and the corrections as they are now */
  constructor(make) {
    this.make = make;
    this.open = button("写成案例草稿", () => void this.show());
    this.open.dataset.key = "draft";
    this.place = element("div", { class: "kbp-draft", hidden: true });
    this.said = element("span", { role: "status", class: "kbp-told" });
    this.root = element("div", {}, element("p", { class: "kbp-help" }, "上面点亮的判断会填进草稿，原话里的姓名、电话等先遮去。"), this.open, this.place);
  }

  /** What it was made of has changed. */
  refresh() {
    if (!this.place.hidden) void this.show();
  }

  hide() {
    this.place.hidden = true;
    this.place.replaceChildren();
    this.open.hidden = false;
  }

  async show() {
    try {
      const made = await this.make();
      const first = this.place.hidden;
      this.fill(made);
      this.place.hidden = false;
      this.open.hidden = true;
      if (first) this.place.querySelector("button")?.focus();
    } catch (error) {
      this.place.replaceChildren(complaint(error, () => void this.show()));
      this.place.hidden = false;
    }
  }

  /** @param {Made} made */
  fill({ draft, found }) {
    const name = draft.path.slice(draft.path.lastIndexOf("/") + 1);
    const text = element("pre", { class: "kbp-markdown", tabindex: 0, "aria-label": `${name} 的内容` }, draft.text);
    const copy = button("复制", () => void this.copy(draft.text, text));
    const save = button("下载", () => {
      download(name, draft.text);
      this.tell("已下载");
    });
    copy.dataset.key = "copy";
    save.dataset.key = "save";
    this.place.replaceChildren(
      element("p", { class: "kbp-path" }, "存为 ", element("code", {}, draft.path)),
      maskedList(found),
      element("p", { class: "kbp-actions" }, copy, save, this.said),
      text,
      element("p", { class: "kbp-help" }, "遮去的内容由规则找出，难免有漏，发出去之前请再看一遍。补完空着的几栏，运行 kb check。"),
    );
  }

  /** @param {string} text @param {HTMLElement} shown */
  async copy(text, shown) {
    try {
      await navigator.clipboard.writeText(text);
      this.tell("已复制");
    } catch {
      // Not allowed here: the reader copies by hand.
      const selection = window.getSelection();
      if (selection) selection.selectAllChildren(shown);
      this.tell("已选中，请按 Ctrl+C");
    }
  }

  /** @param {string} words */
  tell(words) {
    this.said.textContent = words;
    setTimeout(() => (this.said.textContent = ""), SAID);
  }
}

/** @param {Made["found"]} found */
function maskedList(found) {
  if (!found.length) return element("p", { class: "kbp-masked" }, "没有找到要遮去的姓名、电话、地址等内容。");
  const different = [...new Map(found.map((one) => [`${one.mark} ${one.text}`, one])).values()];
  return element(
    "p",
    { class: "kbp-masked" },
    `遮去了 ${different.length} 处：`,
    ...different.map(({ mark, text }) => element("span", {}, element("b", {}, mark), element("s", {}, text))),
  );
}

/** @param {string} name @param {string} text */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
