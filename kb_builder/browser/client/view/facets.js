// @ts-check
// The filters beside the results, with how many hits each value would give.

import { button, element } from "./dom.js";

/** @typedef {import("./hits.js").Labels} Labels */
/**
 * @typedef {Record<string, Record<string, number>>} Counts
 * @typedef {object} Field
 * @property {HTMLDetailsElement} box
 * @property {HTMLElement} chosen
 * @property {Map<string, {row: HTMLElement, input: HTMLInputElement, count: HTMLElement}>} rows
 * @property {boolean} counted the counts shown are those of the hits shown
 */

const YEAR = "year";
const OPEN = 4;
const SHOWN = 8;

/** Values stay in their places while the counts change, so that nothing moves under the pointer. */
export class Facets {
  /**
   * @param {HTMLElement} place
   * @param {string[]} order names of those that come first
   * @param {(name: string, values: string[]) => void} choose called with all chosen values of a field
   * @param {(name: string) => void} count called when a field is unfolded whose counts are not known
   */
  constructor(place, order, choose, count) {
    this.place = place;
    this.order = order;
    this.choose = choose;
    this.count = count;
    /** @type {Map<string, Field>} */
    this.fields = new Map();
  }

  /**
   * @param {Record<string, number>} kinds how many documents are of which kind
   * @param {import("../main.js").Description} description
   * @param {Labels} labels
   */
  build(kinds, description, labels) {
    const schema = new Map(description.facets.map(({ name, choices }) => [name, choices.map(({ id }) => id)]));
    const held = new Map(Object.entries(kinds));
    schema.set("kind", description.kinds.map(({ name }) => name).filter((name) => held.get(name)));
    schema.set(YEAR, [...description.years].reverse());
    const names = [...new Set([...this.order.filter((name) => schema.has(name)), ...schema.keys()])];
    this.place.replaceChildren();
    this.fields.clear();
    for (const name of names) {
      const values = schema.get(name) || [];
      // A value that every document has narrows nothing.
      if (values.length < 2) continue;
      this.place.append(this.field(name, values, labels, this.fields.size < OPEN));
    }
  }

  /**
   * The fields whose counts are seen.
   * @param {string[]} chosen fields that are about to be unfolded because a value is chosen
   */
  open(chosen) {
    return [...this.fields].filter(([name, { box }]) => box.open || chosen.includes(name)).map(([name]) => name);
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
    const made = { box, chosen, rows, counted: false };
    box.addEventListener("toggle", () => box.open && !made.counted && this.count(name));
    this.fields.set(name, made);
    return box;
  }

  /**
   * The hits have changed.
   * @param {Counts} counts of the hits
   * @param {string[]} counted the fields these are of
   * @param {Map<string, string[]>} chosen
   */
  update(counts, counted, chosen) {
    for (const [name, field] of this.fields) {
      const values = chosen.get(name) || [];
      field.chosen.textContent = values.length ? String(values.length) : "";
      for (const [value, { row, input }] of field.rows) {
        input.checked = values.includes(value);
        if (input.checked) row.hidden = false;
      }
      field.counted = false;
      if (counted.includes(name)) this.number(name, counts);
      if (values.length) field.box.open = true;
      // Unfolded while the hits were looked for.
      if (field.box.open && !field.counted) this.count(name);
    }
  }

  /**
   * Show the counts of a field.
   * @param {string} name
   * @param {Counts} counts
   */
  number(name, counts) {
    const field = this.fields.get(name);
    if (!field) return;
    const found = new Map(Object.entries(counts[name] || {}));
    for (const [value, { row, count }] of field.rows) {
      const number = found.get(value) || 0;
      count.textContent = String(number);
      row.classList.toggle("kbs-none", !number);
    }
    field.counted = true;
  }
}
