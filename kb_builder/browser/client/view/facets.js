// @ts-check
// The filters beside the results, with how many hits each value would give.

import { button, element } from "./dom.js";

/** @typedef {import("./hits.js").Labels} Labels */
/** @typedef {Record<string, Record<string, number>>} Counts */

const OPEN = 4;
const SHOWN = 8;

/** Values stay in their places while the counts change, so that nothing moves under the pointer. */
export class Facets {
  /**
   * @param {HTMLElement} place
   * @param {string[]} order names of those that come first
   * @param {(name: string, values: string[]) => void} choose called with all chosen values of a field
   */
  constructor(place, order, choose) {
    this.place = place;
    this.order = order;
    this.choose = choose;
    /** @type {Map<string, {box: HTMLDetailsElement, chosen: HTMLElement, rows: Map<string, {row: HTMLElement, input: HTMLInputElement, count: HTMLElement}>}>} */
    this.fields = new Map();
  }

  /**
   * @param {Counts} all how many documents have which value, without any query
   * @param {import("../main.js").Description} description
   * @param {Labels} labels
   */
  build(all, description, labels) {
    const schema = new Map(description.facets.map(({ name, choices }) => [name, choices.map(({ id }) => id)]));
    schema.set("kind", description.kinds.map(({ name }) => name));
    schema.set("year", Object.keys(all.year || {}).sort().reverse());
    const names = [...new Set([...this.order.filter((name) => schema.has(name)), ...schema.keys()])];
    this.place.replaceChildren();
    this.fields.clear();
    for (const name of names) {
      const counts = new Map(Object.entries(all[name] || {}));
      const values = (schema.get(name) || []).filter((value) => counts.get(value));
      // A value that every document has narrows nothing.
      if (values.length < 2) continue;
      this.place.append(this.field(name, values, labels, this.fields.size < OPEN));
    }
  }

  /**
   * @param {string} name
   * @param {string[]} values
   * @param {Labels} labels
   * @param {boolean} open
   */
  field(name, values, labels, open) {
    const chosen = element("b", {});
    const list = element("ul", {});
    const box = element("details", { class: "kbs-facet", open }, element("summary", {}, labels.field(name), chosen), list);
    const rows = new Map();
    values.forEach((value, i) => {
      const input = element("input", { type: "checkbox", value });
      const count = element("span", {});
      const row = element("li", { hidden: i >= SHOWN }, element("label", {}, input, element("em", {}, labels.value(name, value)), count));
      input.addEventListener("change", () => {
        const now = [...rows].filter(([, other]) => other.input.checked).map(([other]) => other);
        this.choose(name, now);
      });
      rows.set(value, { row, input, count });
      list.append(row);
    });
    if (values.length > SHOWN) {
      const more = button(`全部 ${values.length} 项`, () => {
        more.remove();
        for (const { row } of rows.values()) row.hidden = false;
      }, "kbs-more-values");
      box.append(more);
    }
    this.fields.set(name, { box, chosen, rows });
    return box;
  }

  /**
   * @param {Counts} counts of the hits
   * @param {Map<string, string[]>} chosen
   */
  update(counts, chosen) {
    for (const [name, { box, chosen: sum, rows }] of this.fields) {
      const found = new Map(Object.entries(counts[name] || {}));
      const values = chosen.get(name) || [];
      sum.textContent = values.length ? String(values.length) : "";
      if (values.length) box.open = true;
      for (const [value, { row, input, count }] of rows) {
        const number = found.get(value) || 0;
        input.checked = values.includes(value);
        count.textContent = String(number);
        row.classList.toggle("kbs-none", !number);
        if (input.checked) row.hidden = false;
      }
    }
  }
}
