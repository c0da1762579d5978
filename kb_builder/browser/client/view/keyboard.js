// @ts-check
// From the field to the hits and back, without a mouse.

import { composes } from "./typing.js";

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list holds one link a hit
 */
export function walk(input, list) {
  const links = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("h3 a")]);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || composes(event)) return;
    const [first] = links();
    if (!first) return;
    event.preventDefault();
    first.focus();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0) return;
    event.preventDefault();
    const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.focus();
    else if (event.key === "ArrowUp") input.focus();
  });
}
