// @ts-check
// 找先例: a pasted complaint on top, and below it what is known about such complaints.
//
// The text stays in this object and in what the page shows. It is not put into an address, nor into any storage.

import { button, element } from "../dom.js";
import { caseList, lessonList } from "./cases.js";
import { complaint, engine } from "../entrance.js";
import { DANGER, holding, judgementList } from "./judgement.js";
import { composes, onTyping } from "../typing.js";
import { earliest, momentOf, playbookList } from "./playbooks.js";
import { DraftSection } from "./draft.js";
import { Latest } from "../latest.js";
import { Paper } from "./paper.js";

/**
 * @typedef {import("../../advice/types.js").Advice} Advice
 * @typedef {import("../../adviser.js").Detail} Detail
 * @typedef {import("../address.js").Site} Site
 * @typedef {Advice & Detail} Answer
 * @typedef {{text: string, corrections: Record<string, string[]>, now: string}} Question
 */

const PAUSE = 200;
const PATIENCE = 250;
const LEAST = 4;
// What is longer is no complaint but a file.
const MOST = 20_000;

const SECTIONS = /** @type {const} */ ([
  ["cases", "相似案例"],
  ["judgement", "这是什么投诉"],
  ["playbooks", "用哪份预案"],
  ["lessons", "教训"],
  ["draft", "写成案例"],
]);

const LEGEND = [
  ["alike", "案例里也有"],
  ["said", "判断的依据"],
  ["danger", "危险信号"],
];

export class Panel {
  /** @param {Site} site */
  constructor(site) {
    this.site = site;
    /** @type {Record<string, string[]>} */
    this.corrections = {};
    this.received = "";
    this.cleared = "";
    this.pausing = 0;
    this.waiting = 0;
    /** @type {Set<string>} */
    this.opened = new Set();
    /** Places in the text, by the key of what they speak for. @type {Map<string, import("../../excerpt.js").Span[]>} */
    this.places = new Map();
    /** @type {Latest<Question, Answer>} */
    this.latest = new Latest(find, (answer, question) => this.show(answer, question), (error) => this.fail(error));
    this.paper = new Paper("kbp-promise");
    this.count = element("span", {});
    this.clearing = button("清空", () => this.clear(), "kbs-quiet");
    this.undo = button("找回刚才的文字", () => this.restore(), "kbs-quiet");
    this.printing = button("打印", () => window.print(), "kbs-quiet kbp-print");
    this.status = element("p", { class: "kbs-said", role: "status", "aria-live": "polite" });
    this.summary = element("div", { class: "kbp-summary", hidden: true });
    this.trouble = element("div", { class: "kbp-trouble" });
    this.draft = new DraftSection(() => this.makeDraft());
    /** @type {Record<string, HTMLElement>} */
    this.parts = {};
    this.results = element("div", { class: "kbp-results", hidden: true });
    for (const [name, title] of SECTIONS) {
      const part = name === "draft" ? this.draft.root : element("div", {});
      this.parts[name] = part;
      const heading = element("h2", { id: `kbp-${name}`, tabindex: -1 }, title);
      this.results.append(element("section", { class: `kbp-section kbp-${name}`, "aria-labelledby": heading.id }, heading, part));
    }
    this.legend = element("span", { class: "kbp-legend", hidden: true });
    const foot = element("div", { class: "kbp-foot" }, this.count, this.legend, this.undo, this.clearing, this.printing);
    const promise = element("p", { class: "kbp-promise", id: "kbp-promise" }, "粘贴客户的原话，马上看到相似案例怎么办的、该用哪份预案、最迟几点答复。文字只在这个浏览器里处理，不发送，也不保存；刷新或关掉页面就没有了。");
    this.root = element("div", { class: "kbp" }, this.paper.root, foot, promise, this.status, this.trouble, this.summary, this.results);
    this.listen();
    this.update();
  }

  listen() {
    const { input } = this.paper;
    onTyping(input, () => {
      this.paper.follow();
      this.update();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || composes(event) || !this.paper.text) return;
      event.preventDefault();
      this.clear();
    });
    for (const type of ["pointerover", "focusin"]) this.results.addEventListener(type, (event) => this.point(event.target));
    for (const type of ["pointerleave", "focusout"]) this.results.addEventListener(type, () => this.paper.stress([]));
    window.addEventListener("online", () => this.trouble.childElementCount && this.update());
  }

  /** The page is open: fetch what will be needed, before the line may be lost. */
  prepare() {
    engine()
      .then(async (kbSearch) => {
        await kbSearch.ready;
        await kbSearch.prepareAdvice();
      })
      // What could not be fetched now is asked for again with the text, and then it is said.
      .catch(() => {});
  }

  focus() {
    this.paper.input.focus();
  }

  /** @param {string} text */
  take(text) {
    this.corrections = {};
    this.received = "";
    this.paper.text = text;
    this.update();
  }

  clear() {
    this.cleared = this.paper.text;
    this.take("");
    this.opened.clear();
    this.draft.hide();
    this.focus();
  }

  restore() {
    this.take(this.cleared);
    this.focus();
  }

  /** The text has changed. */
  update() {
    const { text } = this.paper;
    const length = Array.from(text.trim()).length;
    clearTimeout(this.pausing);
    if (length) this.cleared = "";
    this.count.textContent = length ? `${length.toLocaleString("zh-CN")} 字` : "";
    this.clearing.hidden = !text;
    this.undo.hidden = !this.cleared;
    this.printing.hidden = length < LEAST;
    this.root.classList.toggle("kbp-empty", !length);
    if (length < LEAST) {
      this.latest.drop();
      this.calm();
      this.received = "";
      for (const part of [this.summary, this.results, this.legend]) part.hidden = true;
      this.trouble.replaceChildren();
      this.paper.mark([]);
      this.say(length ? "再多写几个字，就能找先例" : "");
      return;
    }
    // The customer is waiting from now on, however long it takes to complete the text.
    if (!this.received) this.received = localTime(new Date());
    this.pausing = window.setTimeout(() => this.ask(), PAUSE);
  }

  ask() {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.paper.root.classList.add("kbp-waiting"), PATIENCE);
    this.latest.ask(this.question());
  }

  /** @returns {Question} */
  question() {
    return { text: this.paper.text.slice(0, MOST), corrections: this.corrections, now: this.received };
  }

  /** @param {string} field @param {string[] | null} values */
  correct(field, values) {
    const { [field]: _, ...others } = this.corrections;
    this.corrections = values ? { ...others, [field]: values } : others;
    this.ask();
  }

  /** @param {Answer} answer @param {Question} question */
  show(answer, { text, now }) {
    this.calm();
    this.trouble.replaceChildren();
    const { cases, judgement, playbooks, passages, choices } = answer;
    const danger = judgement.filter(({ field }) => field === DANGER).flatMap(holding);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
    this.parts.cases.replaceChildren(...caseList(cases, passages, this.site));
    this.parts.judgement.replaceChildren(...judgementList(judgement, choices, text, (field, values) => this.correct(field, values)));
    this.parts.playbooks.replaceChildren(...playbookList(playbooks, now, this.site, this.opened));
    this.parts.lessons.replaceChildren(...lessonList(answer, this.site));
    this.draft.refresh();
    for (const part of [this.summary, this.results, this.legend]) part.hidden = false;
    this.mark(answer);
    this.summarise(answer, danger.map(({ label }) => label), now, text);
    this.refocus(focused);
  }

  /** What was made anew while it had the focus. @param {string | undefined} key */
  refocus(key) {
    if (!key || document.activeElement !== document.body) return;
    const again = this.results.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const field = key.split(" ")[1];
    const near = again || this.results.querySelector(`[data-key^="value ${CSS.escape(field)} "], [data-key="select ${CSS.escape(field)}"]`);
    if (near instanceof HTMLElement) near.focus();
  }

  /** @param {Answer} answer */
  mark({ cases, judgement, passages }) {
    this.places.clear();
    for (const { id } of cases) this.places.set(`case ${id}`, passages[id] ? passages[id].textMarks : []);
    for (const { field, suggestions } of judgement) for (const { value, spans } of suggestions) this.places.set(`value ${field} ${value}`, spans);
    const alike = cases.flatMap(({ id }) => this.places.get(`case ${id}`) || []);
    const said = judgement.flatMap((judged) => holding(judged).flatMap(({ spans }) => spans.map((span) => ({ span, field: judged.field }))));
    /** @type {import("./paper.js").Mark[]} */
    const marks = [
      ...alike.map((span) => ({ span, look: /** @type {const} */ ("alike") })),
      ...said.map(({ span, field }) => ({ span, look: field === DANGER ? /** @type {const} */ ("danger") : /** @type {const} */ ("said") })),
    ];
    this.paper.mark(marks);
    const used = LEGEND.filter(([look]) => marks.some((one) => one.look === look));
    this.legend.replaceChildren(...used.map(([look, words]) => element("mark", { class: `kbp-${look}` }, words)));
  }

  /** @param {EventTarget | null} target points at the words in the text that speak for it */
  point(target) {
    const item = target instanceof Element ? target.closest(".kbp-case, .kbp-values li") : null;
    const keyed = item && (item.matches("[data-key]") ? item : item.querySelector("[data-key]"));
    this.paper.stress((keyed instanceof HTMLElement && this.places.get(keyed.dataset.key || "")) || []);
  }

  /**
   * @param {Answer} answer
   * @param {string[]} danger
   * @param {string} now
   * @param {string} text
   */
  summarise({ cases, playbooks, shortened }, danger, now, text) {
    const [first] = playbooks;
    const reply = earliest(playbooks, "reply");
    const by = reply ? `最迟 ${momentOf(reply.at, now)} 前答复客户` : "";
    const open = first ? button(`${first.id} ${first.title}`, () => this.go("playbooks"), "kbp-go") : null;
    this.summary.classList.toggle("kbp-alarm", danger.length > 0);
    this.summary.replaceChildren(
      ...(danger.length ? [element("span", { class: "kbp-alarm-word" }, `危险：${danger.join("、")}`)] : []),
      ...(reply ? [element("span", { class: "kbp-by" }, element("b", {}, by), element("small", {}, `从 ${now.slice(11)} 起算`))] : []),
      ...(open ? [element("span", { class: "kbp-use" }, "预案", open)] : []),
    );
    const long = shortened || this.paper.text.length > text.length;
    if (long) this.count.textContent = `${Array.from(this.paper.text.trim()).length.toLocaleString("zh-CN")} 字，只用前 5,000 字找案例`;
    const words = [cases.length ? `找到 ${cases.length} 个相似案例` : "没有相似案例", first ? `用预案 ${first.title}` : "没有合适的预案", by, danger.length ? `危险信号：${danger.join("、")}` : ""];
    this.say(words.filter(Boolean).join("。"));
  }

  /** @param {string} name of a section */
  go(name) {
    const heading = this.results.querySelector(`#kbp-${name}`);
    if (!(heading instanceof HTMLElement)) return;
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  }

  async makeDraft() {
    const kbSearch = await engine();
    const { text, corrections, now } = this.question();
    const { text: masked, found } = await kbSearch.mask(text);
    const { draft } = await kbSearch.advise(text, { corrections, now, masked });
    return { draft, found };
  }

  /** @param {unknown} error */
  fail(error) {
    this.calm();
    this.trouble.replaceChildren(complaint(error, () => this.ask()));
    this.say("");
  }

  calm() {
    clearTimeout(this.waiting);
    this.paper.root.classList.remove("kbp-waiting");
  }

  /** @param {string} words for readers who can't see the page */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}

/** @param {Question} question @returns {Promise<Answer>} */
async function find({ text, corrections, now }) {
  const kbSearch = await engine();
  return /** @type {Promise<Answer>} */ (kbSearch.advise(text, { corrections, now, detail: true }));
}

/** @param {Date} date */
function localTime(date) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
