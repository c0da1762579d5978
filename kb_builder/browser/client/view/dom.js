// @ts-check
// Making and finding elements. Text goes in as text: nothing here or in its callers reads HTML.

/**
 * @typedef {import("../excerpt.js").Span} Span
 * @typedef {string | number | boolean | null | undefined} Value
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Value>} [attributes] null, undefined and false: not set; true: set to nothing
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/**
 * A button that does something on this page.
 * @param {string} label
 * @param {() => void} act
 * @param {string} [classes]
 */
export function button(label, act, classes = "kb-button") {
  const made = element("button", { type: "button", class: classes }, label);
  made.addEventListener("click", act);
  return made;
}

/**
 * Text with its marked stretches.
 * @param {string} text
 * @param {Span[]} spans rising, none overlapping
 * @returns {DocumentFragment}
 */
export function marked(text, spans) {
  const made = document.createDocumentFragment();
  let end = 0;
  for (const [start, stop] of spans) {
    made.append(text.slice(end, start), element("mark", {}, text.slice(start, stop)));
    end = stop;
  }
  made.append(text.slice(end));
  return made;
}

/**
 * The element that the page's template promises.
 * @param {ParentNode} parent
 * @param {string} name of its data-kbs attribute
 * @returns {HTMLElement}
 */
export function part(parent, name) {
  const found = parent.querySelector(`[data-kbs="${name}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no part ${name}`);
  return found;
}

/**
 * @param {ParentNode} parent
 * @returns {HTMLInputElement}
 */
export function fieldOf(parent) {
  return /** @type {HTMLInputElement} */ (part(parent, "input"));
}
