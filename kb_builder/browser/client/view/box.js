// @ts-check
// The box in the header of every page: a combobox whose list shows suggestions and the best hits.

import { button, element, fieldOf, marked, part } from "./dom.js";
import { complaint, engine, prepare } from "./entrance.js";
import { composes, keepLines, onTyping } from "./typing.js";
import { isLong } from "./address.js";
import { kindBadge, Labels, line, synonymNote } from "./hits.js";
import { Latest } from "./latest.js";
import { precedents } from "./summon.js";

/**
 * @typedef {import("./address.js").Site} Site
 * @typedef {import("./memory.js").Memory} Memory
 * @typedef {{results: import("../engine.js").Results, suggestions: import("../suggest.js").Suggestion[], labels: Labels}} Found
 */

const HITS = 6;
const SUGGESTIONS = 4;
const PATIENCE = 250;

export class Box {
  /**
   * @param {HTMLElement} form
   * @param {Site} site
   * @param {Memory} memory
   */
  constructor(form, site, memory) {
    this.form = form;
    this.site = site;
    this.memory = memory;
    this.input = fieldOf(form);
    this.drop = part(form, "drop");
    this.list = part(form, "list");
    this.head = part(form, "head");
    this.foot = part(form, "foot");
    this.said = part(form, "said");
    this.clear = part(form, "clear");
    this.pasted = keepLines(this.input);
    this.active = -1;
    this.prepared = false;
    this.waiting = 0;
    /** @type {Latest<string, Found>} */
    this.latest = new Latest((text) => find(text), (found, text) => this.show(found, text), (error, text) => this.fail(error, text));
  }

  start() {
    const { form, input } = this;
    form.hidden = false;
    onTyping(input, () => this.update());
    input.addEventListener("focus", () => {
      this.prepare();
      this.update();
    });
    input.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.goToPage();
    });
    // Leaving by Tab or by a click elsewhere closes the list; a click in it must come first.
    form.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) this.close();
    });
    this.drop.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event));
    part(form, "open").addEventListener("click", () => this.focus());
    part(form, "close").addEventListener("click", () => {
      this.close();
      part(form, "open").focus();
    });
    this.clear.addEventListener("click", () => {
      input.value = "";
      this.update();
      input.focus();
    });
  }

  focus() {
    // On a narrow screen the field is hidden until now.
    this.form.classList.add("kbs-wide");
    this.input.focus();
    this.input.select();
  }

  close() {
    this.form.classList.remove("kbs-wide");
    this.hide();
  }

  /** Close the list, and drop what would open it again. */
  hide() {
    this.latest.drop();
    this.settle();
    this.drop.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  /** The reader is about to type. */
  prepare() {
    if (!this.prepared) prepare();
    this.prepared = true;
  }

  /** The text has changed, or the reader has come to the field. */
  update() {
    const text = this.input.value;
    this.clear.hidden = !text;
    if (!text.trim()) {
      this.latest.drop();
      this.settle();
      this.said.textContent = "";
      this.showRecent();
      return;
    }
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.form.classList.add("kbs-waiting"), PATIENCE);
    if (isLong(text)) this.offer([]);
    this.latest.ask(text);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (composes(event)) return;
    const options = this.options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.drop.hidden) this.update();
      else if (options.length) {
        // Beyond either end is the field itself.
        const places = options.length + 1;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.activate(((this.active + 1 + step + places) % places) - 1);
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.active >= 0) options[this.active].click();
      else this.goToPage();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.drop.hidden) this.hide();
      else if (this.input.value) {
        this.input.value = "";
        this.hide();
        this.clear.hidden = true;
        this.said.textContent = "";
      } else {
        this.input.blur();
        this.close();
      }
    }
  }

  options() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll('[role="option"]')]);
  }

  /** @param {number} place among the options; -1: none */
  activate(place) {
    const options = this.options();
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    this.active = place < options.length ? place : -1;
    if (this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", options[place].id);
      options[place].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {MouseEvent} event a click on an option */
  choose(event) {
    const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
    if (!(option instanceof HTMLElement)) return;
    const text = option.dataset.text;
    if (option.matches(".kbp-offer")) {
      event.preventDefault();
      this.openPrecedents();
    } else if (text !== undefined) {
      event.preventDefault();
      this.input.value = text;
      this.update();
    } else this.memory.remember(this.input.value); // It is a link and opens by itself.
  }

  goToPage() {
    const text = this.input.value;
    if (isLong(text)) {
      this.openPrecedents();
      return;
    }
    this.memory.remember(text);
    location.assign(this.site.search(text));
  }

  /** What a customer wrote leads to more than hits; and it must not go to another page. */
  openPrecedents() {
    precedents()
      .then(({ openPrecedents }) => {
        const text = this.pasted();
        this.input.value = "";
        this.update();
        this.close();
        openPrecedents(this.site, text);
      })
      .catch((error) => this.fill([], [complaint(error, () => this.openPrecedents())], []));
  }

  /** @param {(HTMLElement | null)[]} groups what else was found */
  offer(groups) {
    precedents().catch(() => {}); // When it is opened, it is asked for again.
    const option = element(
      "div",
      { class: "kbs-option kbp-offer", role: "option" },
      element("span", { class: "kbs-title" }, "找先例"),
      element("span", { class: "kbs-line" }, "像是客户的原话：看相似案例、该用的预案和最迟答复时间"),
    );
    this.fill([group("找先例", [option]), ...groups], [], []);
    this.activate(0);
    this.said.textContent = "像是客户的原话，按回车找先例";
  }

  /**
   * @param {Found} found
   * @param {string} text
   */
  show({ results, suggestions, labels }, text) {
    this.settle();
    const { hits, total, exact } = results;
    const known = new Set(hits.map(({ url }) => url));
    const groups = [
      group("词语", suggestions.filter(({ url }) => !url || !known.has(url)).map((one) => this.suggestion(one, text))),
      group("结果", hits.map((hit) => this.hit(hit, text, labels))),
    ];
    if (isLong(text)) {
      this.offer(groups);
      return;
    }
    if (total > hits.length) {
      const label = exact ? `查看全部 ${total} 条` : "查看全部结果";
      groups.push(group("", [element("a", { class: "kbs-all", role: "option", tabindex: -1, href: this.site.search(text) }, label)]));
    }
    this.fill(groups, this.remarks(results, text, new Set(suggestions.map((one) => one.text))), []);
    this.said.textContent = total ? `找到 ${exact ? total : `最多 ${total}`} 条，用上下键选择` : "没有找到";
  }

  /**
   * What stands above the hits: corrections, or that there are none.
   * @param {import("../engine.js").Results} results
   * @param {string} text
   * @param {Set<string>} suggested stands below already
   */
  remarks({ total, corrections, relaxed }, text, suggested) {
    const found = [];
    if (!total && !suggested.size) found.push(element("p", {}, "没有找到。可以减少几个词，或按回车看看别的办法。"));
    if (relaxed) found.push(element("p", {}, "没有一字不差的，下面是按词找到的。"));
    const offered = corrections.flatMap(({ word, suggestions }) =>
      suggestions
        .map((suggestion) => ({ suggestion, whole: text.split(word).join(suggestion) }))
        .filter(({ whole }) => !suggested.has(whole))
        .map(({ suggestion, whole }) =>
          button(suggestion, () => {
            this.input.value = whole;
            this.input.focus();
            this.update();
          }, "kbs-chip"),
        ),
    );
    if (offered.length) found.push(element("p", { class: "kbs-offer" }, "是不是想找：", ...offered));
    return found;
  }

  /** @param {import("../engine.js").Hit} hit @param {string} text @param {Labels} labels */
  hit(hit, text, labels) {
    const note = synonymNote(hit);
    return element(
      "a",
      { class: "kbs-option", role: "option", tabindex: -1, href: this.site.hit(hit.url, text) },
      element("span", { class: "kbs-title" }, kindBadge(hit, labels), marked(hit.title, hit.titleMarks)),
      element("span", { class: "kbs-line" }, ...(note ? [element("i", {}, note)] : []), line(hit)),
    );
  }

  /** @param {import("../suggest.js").Suggestion} suggestion @param {string} text */
  suggestion({ text: word, count, url }, text) {
    const inside = [element("span", { class: "kbs-word" }, word), element("span", { class: "kbs-count" }, url ? "打开" : `${count} 篇`)];
    if (url) return element("a", { class: "kbs-suggestion", role: "option", tabindex: -1, href: this.site.hit(url, text) }, ...inside);
    return element("div", { class: "kbs-suggestion", role: "option", "data-text": word }, ...inside);
  }

  showRecent() {
    const { recent } = this.memory.read();
    if (!recent.length) {
      this.hide();
      return;
    }
    const options = recent.map((text) => element("div", { class: "kbs-suggestion kbs-recent", role: "option", "data-text": text }, element("span", { class: "kbs-word" }, text)));
    const forget = button("清除记录", () => {
      this.memory.write({ recent: [] });
      this.hide();
    }, "kbs-chip");
    this.fill([group("最近搜过", options)], [], [element("span", {}, "只存在这个浏览器里"), forget]);
  }

  /** @param {unknown} error @param {string} text */
  fail(error, text) {
    this.settle();
    this.fill([], [complaint(error, () => {
      this.input.focus();
      this.latest.ask(text);
    })], [element("a", { href: this.site.link("browse/") }, "按条件浏览")]);
    this.said.textContent = "";
  }

  settle() {
    clearTimeout(this.waiting);
    this.form.classList.remove("kbs-waiting");
  }

  /**
   * @param {(HTMLElement | null)[]} groups
   * @param {HTMLElement[]} head
   * @param {HTMLElement[]} foot
   */
  fill(groups, head, foot) {
    this.list.replaceChildren(...groups.filter((one) => one !== null));
    this.head.replaceChildren(...head);
    this.foot.replaceChildren(...foot);
    this.head.hidden = !head.length;
    this.foot.hidden = !foot.length;
    this.options().forEach((option, i) => (option.id = `kbs-option-${i}`));
    this.list.hidden = !this.options().length;
    this.drop.hidden = false;
    this.drop.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(-1);
  }
}

/**
 * @param {string} label for readers who can't see that these belong together
 * @param {HTMLElement[]} options
 */
function group(label, options) {
  if (!options.length) return null;
  return element("div", { class: "kbs-group", role: "group", "aria-label": label || null }, ...options);
}

/** @param {string} text @returns {Promise<Found>} */
async function find(text) {
  const kbSearch = await engine();
  const [description, results, suggestions] = await Promise.all([
    kbSearch.ready,
    kbSearch.search(text, { limit: HITS, counts: false }),
    kbSearch.suggest(text, SUGGESTIONS),
  ]);
  return { results, suggestions, labels: new Labels(description) };
}
