// @ts-check
// On a narrow screen the filters are in a drawer.

import { part } from "./dom.js";

export class Drawer {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.opener = part(root, "filter");
    this.done = part(root, "done");
    this.panel = part(root, "facets");
    this.home = part(root, "aside");
    this.dialog = /** @type {HTMLDialogElement} */ (part(root, "drawer"));
    this.opener.addEventListener("click", () => this.open());
    this.done.addEventListener("click", () => this.dialog.close());
    // A click beside the drawer: on the dialog itself, not on what it holds.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.home.append(this.panel));
  }

  open() {
    part(this.dialog, "inside").append(this.panel);
    this.dialog.showModal();
  }

  /** @param {string} total @param {number} chosen */
  update(total, chosen) {
    this.opener.textContent = chosen ? `筛选（${chosen}）` : "筛选";
    this.done.textContent = `看 ${total}`;
  }
}
