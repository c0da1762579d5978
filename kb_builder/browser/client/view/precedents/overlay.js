// @ts-check
// 找先例 over any page. The text of a search box is handed over in this document: on the way to another page
// it would have to be in the address or in a storage, where it must not be.

import { button, element } from "../dom.js";
import { Panel } from "./panel.js";

const OPEN = "kbp-over";

/** @type {{dialog: HTMLDialogElement, panel: Panel} | null} */
let made = null;

/**
 * @param {import("../address.js").Site} site
 * @param {string} text
 */
export function openPrecedents(site, text) {
  made = made || make(site);
  const { dialog, panel } = made;
  document.documentElement.classList.add(OPEN);
  dialog.showModal();
  panel.take(text);
  panel.focus();
}

/** @param {import("../address.js").Site} site */
function make(site) {
  const panel = new Panel(site);
  const close = button("关闭", () => dialog.close(), "kb-button");
  const head = element("header", { class: "kbp-head" }, element("h1", { id: "kbp-title" }, "找先例"), close);
  const dialog = element("dialog", { class: "kbp-dialog md-typeset", "aria-labelledby": "kbp-title" }, head, panel.root);
  dialog.addEventListener("close", () => document.documentElement.classList.remove(OPEN));
  document.body.append(dialog);
  return { dialog, panel };
}
