// @ts-check
// What kind of complaint it is: what we take it for, why, and how sure; each value is a button that corrects us.

import { button, element } from "../dom.js";

/**
 * @typedef {import("../../advice/types.js").FieldJudgement} FieldJudgement
 * @typedef {import("../../advice/types.js").Suggestion} Suggestion
 * @typedef {{value: string, label: string}} Choice
 * @typedef {Record<string, string[]>} Corrections
 * @typedef {(field: string, values: string[] | null) => void} Correct null: as the text says
 */

export const DANGER = "crisis_signals";

const SHOWN = 3;
const SHOWN_WORDS = 3;
const STRENGTH = { sure: "有把握", likely: "可能", unsure: "说不准" };
const SHOWN_CASES = 2;

/** @param {FieldJudgement} judged @returns {Suggestion[]} what holds */
export function holding({ many, suggestions }) {
  const held = suggestions.filter(({ strength }) => strength !== "unsure");
  return many ? held : held.slice(0, 1);
}

/**
 * @param {FieldJudgement[]} judgement
 * @param {Record<string, Choice[]>} choices
 * @param {string} text
 * @param {Correct} correct
 */
export function judgementList(judgement, choices, text, correct) {
  // What may turn into a crisis must not stand at the end.
  const danger = judgement.filter((one) => one.field === DANGER && holding(one).length);
  const ordered = [...danger, ...judgement.filter((one) => !danger.includes(one))];
  return [
    element("p", { class: "kbp-help" }, "判断错了就点一下：点亮的才算，预案和草稿跟着变。"),
    ...ordered.map((judged) => fieldOf(judged, choices[judged.field] || [], text, correct)),
  ];
}

/**
 * @param {FieldJudgement} judged
 * @param {Choice[]} choices
 * @param {string} text
 * @param {Correct} correct
 */
function fieldOf(judged, choices, text, correct) {
  const { field, label, many, corrected, suggestions } = judged;
  const held = holding(judged);
  const values = held.map(({ value }) => value);
  const shown = [...held, ...suggestions.filter((one) => !held.includes(one))].slice(0, Math.max(SHOWN, held.length));
  const toggle = (/** @type {string} */ value) => {
    if (values.includes(value)) correct(field, values.filter((other) => other !== value));
    else correct(field, many ? [...values, value] : [value]);
  };
  const rows = shown.map((suggestion) => row(field, suggestion, held.includes(suggestion), corrected, text, toggle));
  const rest = choices.filter(({ value }) => !shown.some((one) => one.value === value));
  const heading = `kbp-field-${field}`;
  const undo = corrected ? button("按原话重新判断", () => correct(field, null), "kbs-quiet") : null;
  if (undo) undo.dataset.key = `undo ${field}`;
  const empty = corrected ? "都不是" : field === DANGER ? "没有看出危险信号" : "看不出来";
  return element(
    "div",
    { class: `kbp-field${field === DANGER && held.length ? " kbp-danger-field" : ""}${held.length ? "" : " kbp-open-field"}`, role: "group", "aria-labelledby": heading },
    element("h3", { id: heading }, label),
    element("div", { class: "kbp-values" }, rows.length ? element("ul", {}, ...rows) : element("p", { class: "kbp-none" }, empty)),
    element("p", { class: "kbp-more" }, other(field, label, rest, toggle), undo),
  );
}

/**
 * @param {string} field
 * @param {Suggestion} suggestion
 * @param {boolean} holds
 * @param {boolean} corrected
 * @param {string} text
 * @param {(value: string) => void} toggle
 */
function row(field, suggestion, holds, corrected, text, toggle) {
  const { value, label, strength, spans, cases, why } = suggestion;
  const chip = button(label, () => toggle(value), "kbp-chip");
  chip.setAttribute("aria-pressed", String(holds));
  chip.dataset.key = `value ${field} ${value}`;
  const words = [...new Set(spans.map(([start, end]) => text.slice(start, end)))];
  const reasons = [];
  if (words.length) {
    const more = words.length > SHOWN_WORDS ? " 等" : "";
    reasons.push(element("span", {}, element("b", {}, "原话"), ...words.slice(0, SHOWN_WORDS).map((word) => element("q", {}, word)), more));
  }
  if (cases.length) {
    const more = cases.length > SHOWN_CASES ? ` 等 ${cases.length} 个` : "";
    reasons.push(element("span", {}, element("b", {}, "相似案例"), ...cases.slice(0, SHOWN_CASES).map((id) => element("span", { class: "kbp-case-id" }, id)), more));
  }
  if (!reasons.length && why && !corrected) reasons.push(element("span", {}, why));
  const sure = corrected ? element("span", { class: "kbp-strength kbp-own" }, "您选的") : element("span", { class: `kbp-strength kbp-${strength}` }, STRENGTH[strength]);
  return element("li", { class: holds ? "kbp-holds" : "" }, chip, sure, element("span", { class: "kbp-why" }, ...reasons));
}

/**
 * The values that nothing speaks for.
 * @param {string} field
 * @param {string} label
 * @param {Choice[]} rest
 * @param {(value: string) => void} toggle
 */
function other(field, label, rest, toggle) {
  if (!rest.length) return null;
  const made = element(
    "select",
    { class: "kbp-select", "aria-label": `${label}：换一个`, "data-key": `select ${field}` },
    element("option", { value: "" }, "换一个…"),
    ...rest.map((choice) => element("option", { value: choice.value }, choice.label)),
  );
  made.addEventListener("change", () => made.value && toggle(made.value));
  return made;
}
