// @ts-check
// The search page: its state is what the address says, and every change of either shows in the other.

import { isLong, readState, writeState } from "./address.js";
import { element, fieldOf, part } from "./dom.js";
import { Drawer } from "./drawer.js";
import { complaint, engine, prepare } from "./entrance.js";
import { Facets } from "./facets.js";
import { Labels, row } from "./hits.js";
import { showKept } from "./keeping.js";
import { walk } from "./keyboard.js";
import { Latest } from "./latest.js";
import { chips, nothing, offer, remarks } from "./remarks.js";
import { precedents } from "./summon.js";
import { composes, keepLines, onTyping } from "./typing.js";

/**
 * @typedef {import("./address.js").Site} Site
 * @typedef {import("./address.js").State} State
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {import("../engine.js").Results} Results
 * @typedef {import("../engine.js").Options} Options
 * @typedef {{state: State, offset: number, limit: number, exact: boolean}} Question
 * @typedef {{results: Results, fewer: {text: string, total: number}[], counted: string[]}} Answer
 */

const PAGE = 20;
const PATIENCE = 250;
// After so long without typing, the text is what the reader meant.
const SETTLED = 1500;

export class SearchPage {
  /**
   * @param {HTMLElement} root
   * @param {Site} site
   * @param {Memory} memory
   */
  constructor(root, site, memory) {
    this.root = root;
    this.site = site;
    this.memory = memory;
    this.input = fieldOf(root);
    this.pasted = keepLines(this.input);
    this.list = part(root, "list");
    this.state = readState(location.hash);
    /** @type {Labels | null} */
    this.labels = null;
    /** The newest answer to what is in the field, if it has come. @type {Results | null} */
    this.answer = null;
    this.shown = 0;
    this.typing = false;
    this.settling = 0;
    this.waiting = 0;
    this.noted = "";
    /** What the reader meant before its answer came. @type {string | null} */
    this.meant = null;
    this.facets = new Facets(
      part(root, "facets"),
      (root.dataset.facets || "").split(" "),
      (name, values) => this.filter(name, values),
      (name) => this.count(name),
    );
    this.drawer = new Drawer(root);
    /** @type {Latest<Question, Answer>} */
    this.latest = new Latest((question) => this.find(question), (answer, question) => this.show(answer, question), (error, question) => this.fail(error, question));
  }

  start() {
    const { root, input, list } = this;
    part(root, "app").hidden = false;
    const form = /** @type {HTMLFormElement} */ (part(root, "form"));
    form.addEventListener("submit", (event) => event.preventDefault());
    input.addEventListener("keydown", (event) => this.press(event));
    onTyping(input, () => this.type());
    walk(input, list);
    part(root, "clear").addEventListener("click", () => {
      input.value = "";
      this.type();
      input.focus();
    });
    for (const sort of /** @type {const} */ (["relevance", "date"])) {
      part(root, `sort-${sort}`).addEventListener("click", () => this.change({ sort }));
    }
    part(root, "more").addEventListener("click", () => this.more());
    list.addEventListener("click", () => this.leave());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("popstate", () => this.arrive());
    this.arrive();
    // Safari has no idle callback.
    if ("requestIdleCallback" in window) window.requestIdleCallback(prepare);
    else setTimeout(prepare, PATIENCE);
    if (!this.state.text && window.matchMedia("(min-width: 45em)").matches) input.focus();
  }

  /** Take over what the address says, with as many hits as were shown when the reader left. */
  arrive() {
    this.state = readState(location.hash);
    this.typing = false;
    this.input.value = this.state.text;
    const before = /** @type {{shown?: number, top?: number} | null} */ (history.state) || {};
    this.returning = before.top || 0;
    this.ask(0, Math.max(before.shown || 0, PAGE));
  }

  type() {
    const before = this.state;
    this.state = { ...before, text: this.input.value, lost: false };
    // The first key after a pause makes an entry in the history, the others change it.
    const fresh = !this.typing && Boolean(writeState(before));
    this.typing = true;
    this.ask(0, PAGE);
    clearTimeout(this.settling);
    if (fresh) this.writeAddress(true);
    else this.settling = window.setTimeout(() => this.writeAddress(false), PATIENCE);
  }

  /** @param {Partial<State>} changes of the reader's mind, each an entry in the history */
  change(changes) {
    this.settle();
    this.state = { ...this.state, lost: false, ...changes };
    if (this.input.value !== this.state.text) this.input.value = this.state.text;
    this.writeAddress(true);
    this.ask(0, PAGE);
  }

  /** @param {string} name @param {string[]} values */
  filter(name, values) {
    const facets = new Map(this.state.facets);
    if (values.length) facets.set(name, values);
    else facets.delete(name);
    this.change({ facets });
  }

  /**
   * A field was unfolded: its counts are needed now, and its column with them.
   * @param {string} name
   */
  async count(name) {
    const { state } = this;
    try {
      const kbSearch = await engine();
      const { facetCounts } = await kbSearch.search(state.text, { facets: Object.fromEntries(state.facets), limit: 0, counts: [name] });
      // What was found meanwhile brought counts of its own.
      if (state === this.state) this.facets.number(name, facetCounts);
    } catch (error) {
      this.fail(error, { state, offset: 0, limit: PAGE, exact: false });
    }
  }

  more() {
    this.ask(this.shown, PAGE);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (composes(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.settle();
      if (isLong(this.input.value)) this.openPrecedents();
    } else if (event.key === "Escape" && this.input.value) {
      event.preventDefault();
      this.input.value = "";
      this.type();
    }
  }

  openPrecedents() {
    precedents()
      .then(({ openPrecedents }) => openPrecedents(this.site, this.pasted()))
      .catch((error) => part(this.root, "remarks").replaceChildren(complaint(error, () => this.openPrecedents())));
  }

  /** The reader goes to another page; what is shown must be there again on the way back. */
  leave() {
    this.settle();
    history.replaceState({ shown: this.shown, top: Math.round(window.scrollY) }, "", location.href);
  }

  /** The text is no longer being typed: it counts as a search. */
  settle() {
    clearTimeout(this.settling);
    if (this.typing) this.writeAddress(false);
    this.typing = false;
    this.note();
  }

  note() {
    const { text, facets } = this.state;
    this.meant = this.answer ? null : text;
    if (!this.answer || text === this.noted) return;
    this.noted = text;
    if (this.answer.total) this.memory.remember(text);
    else if (!facets.size) this.memory.miss(text, new Date());
  }

  /** @param {boolean} push */
  writeAddress(push) {
    const fragment = writeState(this.state);
    if (fragment === location.hash) return;
    const address = fragment || location.pathname + location.search;
    if (push) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
  }

  /**
   * @param {number} offset
   * @param {number} limit
   * @param {boolean} [exact] quoted text is to be looked for in all candidates
   */
  ask(offset, limit, exact = false) {
    const { root, state } = this;
    part(root, "clear").hidden = !state.text;
    this.answer = offset ? this.answer : null;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => root.classList.add("kbs-waiting"), PATIENCE);
    this.latest.ask({ state, offset, limit, exact });
  }

  /** @param {Question} question @returns {Promise<Answer>} */
  async find({ state: { text, facets, sort }, offset, limit, exact }) {
    const kbSearch = await engine();
    if (!this.labels) {
      const description = await kbSearch.ready;
      const everything = await kbSearch.search("", { limit: 0, counts: ["kind"] });
      this.labels = new Labels(description, this.root.dataset.levels);
      this.facets.build(everything.facetCounts.kind || {}, description, this.labels);
    }
    const chosen = Object.fromEntries(facets);
    const empty = !text.trim() && !facets.size;
    const counted = offset ? [] : this.facets.open([...facets.keys()]);
    const results = await kbSearch.search(text, { facets: chosen, sort, offset, limit: empty ? 0 : limit, counts: counted, exact });
    const fewer = results.total || empty ? [] : await fewerWords(text, chosen);
    return { results, fewer, counted };
  }

  /** @param {Answer} answer @param {Question} question */
  show({ results, fewer, counted }, { state, offset }) {
    const { root, list, labels } = this;
    if (!labels) return;
    this.calm();
    const rows = results.hits.map((hit) => row(hit, state.text, labels, this.site));
    if (offset) {
      list.append(...rows);
      const first = rows[0] && rows[0].querySelector("a");
      if (first) first.focus();
    } else list.replaceChildren(...rows);
    this.shown = offset + rows.length;
    part(root, "more").hidden = this.shown >= results.total || !rows.length;
    if (offset) return;
    this.answer = results;
    this.facets.update(results.facetCounts, counted, state.facets);
    this.showHead(results, fewer, state, labels);
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.settle(), SETTLED);
    if (this.returning) window.scrollTo({ top: this.returning, behavior: "instant" });
    this.returning = 0;
    if (state.text === this.meant) this.note();
  }

  /**
   * Everything above the hits.
   * @param {Results} results
   * @param {Answer["fewer"]} fewer
   * @param {State} state
   * @param {Labels} labels
   */
  showHead(results, fewer, state, labels) {
    const { root } = this;
    const empty = !state.text.trim() && !state.facets.size;
    const total = results.exact ? `${results.total} 条` : `最多 ${results.total} 条`;
    part(root, "start").hidden = !empty;
    part(root, "lost").hidden = !state.lost;
    part(root, "bar").hidden = empty || !results.total;
    part(root, "total").replaceChildren(element("b", {}, total));
    for (const sort of ["relevance", "date"]) part(root, `sort-${sort}`).setAttribute("aria-pressed", String(state.sort === sort));
    part(root, "chips").replaceChildren(...chips(state.facets, labels, (facets) => this.change({ facets })));
    const search = (/** @type {string} */ text) => {
      this.change({ text });
      this.input.focus();
    };
    part(root, "remarks").replaceChildren(
      ...(isLong(state.text) ? [offer(() => this.openPrecedents())] : []),
      ...(empty ? [] : remarks(results, state.text, labels, search, () => this.ask(0, Math.max(this.shown, PAGE), true))),
      ...(empty || results.total ? [] : [nothing(results, state, fewer, this.site, search, () => this.change({ facets: new Map() }))]),
    );
    const kept = part(root, "kept");
    if (empty || !results.total) showKept(kept, this.memory, search);
    else kept.hidden = true;
    this.drawer.update(total, [...state.facets.values()].flat().length);
    this.say(empty ? "" : results.total ? `找到 ${total}` : "没有找到");
  }

  /** @param {unknown} error @param {Question} question */
  fail(error, { offset, limit, exact }) {
    const { root } = this;
    this.calm();
    const message = complaint(error, () => this.ask(offset, limit, exact));
    message.append(element("p", {}, element("a", { href: this.site.link("browse/") }, "先按条件浏览")));
    part(root, "remarks").replaceChildren(message);
    for (const name of ["start", "kept", "more"]) part(root, name).hidden = true;
    if (!offset) {
      this.list.replaceChildren();
      part(root, "bar").hidden = true;
    }
    this.say("");
  }

  calm() {
    clearTimeout(this.waiting);
    this.root.classList.remove("kbs-waiting");
  }

  /** @param {string} words for readers who can't see the page */
  say(words) {
    const said = part(this.root, "said");
    if (said.textContent !== words) said.textContent = words;
  }
}

/**
 * The text without one of its words, where that finds something.
 * @param {string} text
 * @param {Record<string, string[]>} facets
 * @returns {Promise<{text: string, total: number}[]>}
 */
async function fewerWords(text, facets) {
  const words = text.trim().split(/\s+/);
  if (words.length < 2 || words.length > 6) return [];
  const kbSearch = await engine();
  const shorter = words.map((_, i) => words.filter((__, j) => j !== i).join(" "));
  const found = await Promise.all(
    [...new Set(shorter)].map(async (one) => ({ text: one, total: (await kbSearch.search(one, { facets, limit: 0, counts: false })).total })),
  );
  return found.filter(({ total }) => total);
}
