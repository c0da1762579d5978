// @ts-check
// The draft of a new case; the twin of insight/case_draft.py and of what drafting.py does for it.

import { known } from "./judging.js";

/**
 * @typedef {import("./types.js").FieldJudgement} FieldJudgement
 * @typedef {import("./types.js").CaseDraft} CaseDraft
 *
 * @typedef {object} Form
 * @property {string} id the form of ids, CASE-{year}-{number:4}
 * @property {string} folder
 * @property {Record<string, number>} highest year → number
 * @property {string} status
 * @property {string} reminding
 * @property {[string, boolean, string, string[]][]} entries name, whether a list, default, reminder
 * @property {[string, string][]} sections title, text
 */

const TITLED = ["complaint_subtype", "complaint_type"];
const NOTHING = "客户投诉";
const WIDTH = 100;
const INDICATOR = /^[-?:,[\]{}#&*!|>'"%@`=<~]/;
const FLOW_BREAKER = /[,[\]{}:'"]/;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const MARK = /[\\`*_[\]({}<>#|~&!]/g;
/** A backslash before one of these is shown. @type {Record<string, string>} */
const ENTITIES = { "<": "&lt;", "&": "&amp;", "|": "&#124;", "~": "&#126;", "=": "&#61;", ":": "&#58;" };
const LIST = /^([-+=:]|[0-9]{1,9}[.)])(?= |$)/;
const LINE_END = /\r\n?|[\x0b\x0c\x85\u2028\u2029\t]/g;
const INVISIBLE =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u{e0000}-\u{e007f}]/gu;
const SPACES = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g;

/**
 * @param {Form} form
 * @param {FieldJudgement[]} judgement
 * @param {string} record without personal data
 * @param {string} now
 * @returns {CaseDraft}
 */
export function draftCase(form, judgement, record, now) {
  const [day, time] = now.split("T");
  const year = day.slice(0, 4);
  const id = form.id.replace(/\{(year|number)(?::(\d+))?\}/g, (_, name, width) =>
    name === "year" ? year : String((form.highest[year] || 0) + 1).padStart(Number(width || 1), "0"),
  );
  const held = new Map(judgement.map((each) => [each.field, known(each).map(({ label }) => label)]));
  const named = TITLED.flatMap((name) => held.get(name) || []);
  /** @type {Map<string, string | string[]>} */
  const fields = new Map([
    ["id", id],
    ["title", `待定标题：${named[0] || NOTHING}`],
    ["occurred_on", day],
    ["received_on", `${day} ${time}`],
    ["status", form.status],
  ]);
  const lines = ["---"];
  const reminders = [];
  for (const [name, many, usual, reminder] of form.entries) {
    const labels = held.get(name) || [];
    if (labels.length) fields.set(name, many ? labels : labels[0]);
    else if (usual && !fields.has(name)) fields.set(name, many ? [usual] : usual);
    const value = fields.get(name);
    if (value !== undefined) lines.push(...entry(name, value));
    else reminders.push(...reminder);
  }
  if (reminders.length) lines.push(form.reminding, ...reminders);
  lines.push("---");
  form.sections.forEach(([title, template], place) => {
    const text = (!place && asMarkdown(record)) || template;
    lines.push("", `## ${title}`, ...(text ? ["", text] : []));
  });
  return { id, path: `${form.folder.replace("{year}", year)}/${id}.md`, text: `${lines.join("\n")}\n` };
}

/**
 * @param {string} name
 * @param {string | string[]} value
 */
function entry(name, value) {
  if (typeof value === "string") return [`${name}: ${scalar(value, false)}`];
  const line = `${name}: [${value.map((text) => scalar(text, true)).join(", ")}]`;
  if (Array.from(line).length <= WIDTH) return [line];
  return [`${name}:`, ...value.map((text) => `  - ${scalar(text, false)}`)];
}

/**
 * A YAML scalar on one line. Labels and dates have no characters that would need more than this.
 * @param {string} text
 * @param {boolean} flow
 */
function scalar(text, flow) {
  const plain =
    text === text.trim() &&
    text !== "" &&
    !UNPRINTABLE.test(text) &&
    !INDICATOR.test(text) &&
    !text.includes(": ") &&
    !text.includes(" #") &&
    !text.endsWith(":") &&
    !(flow && FLOW_BREAKER.test(text));
  return plain ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * Markdown that shows a text as it is, as a quotation.
 * @param {string} text
 */
export function asMarkdown(text) {
  return text
    .replace(LINE_END, "\n")
    .replace(INVISIBLE, "")
    .replace(SPACES, " ")
    .split("\n")
    .map((line) => line.replace(/^ +| +$/g, ""))
    .filter(Boolean)
    .map((line) => `> ${escape(line)}`)
    .join("\n>\n");
}

/** @param {string} line */
function escape(line) {
  return line.replace(MARK, literal).replace(LIST, (mark) => mark.slice(0, -1) + literal(mark.slice(-1)));
}

/** @param {string} mark */
function literal(mark) {
  return ENTITIES[mark] ?? `\\${mark}`;
}
