// @ts-check
// Which playbook applies: why, what to do first, what to say, and by when the customer must hear from us.

import { away } from "./cases.js";
import { element } from "../dom.js";

/**
 * @typedef {import("../../advice/types.js").Fitting} Fitting
 * @typedef {import("../../advice/types.js").Deadline} Deadline
 * @typedef {import("../address.js").Site} Site
 */

const DAYS = ["今天", "明天", "后天"];
const DAY = 86_400_000;
const PARTS = { urgent: "先用这份", fitting: "适用", general: "总则" };

/**
 * A moment as one says it: 今天 16:20.
 * @param {string} at 2026-11-23T15:20
 * @param {string} now
 */
export function momentOf(at, now) {
  const days = (Date.parse(`${at.slice(0, 10)}Z`) - Date.parse(`${now.slice(0, 10)}Z`)) / DAY;
  const [year, month, day] = at.slice(0, 10).split("-").map(Number);
  const before = at.slice(0, 4) === now.slice(0, 4) ? "" : `${year}年`;
  return `${DAYS[days] || `${before}${month}月${day}日`} ${at.slice(11)}`;
}

/**
 * The deadlines to keep: of several playbooks that apply, the earliest.
 * @param {Fitting[]} playbooks
 * @param {Deadline["what"]} what
 * @returns {Deadline | undefined}
 */
export function earliest([first, ...others], what) {
  if (!first) return undefined;
  // What an urgent playbook says is urgent even where another one is to be opened first.
  const binding = [first, ...others.filter(({ part }) => part === "urgent")];
  return binding
    .flatMap(({ deadlines }) => deadlines)
    .filter((one) => one.what === what)
    .sort((a, b) => a.hours - b.hours)[0];
}

/**
 * @param {Fitting[]} playbooks
 * @param {string} now
 * @param {Site} site
 * @param {Set<string>} opened ids of those that the reader has unfolded
 */
export function playbookList(playbooks, now, site, opened) {
  const [first, ...others] = playbooks;
  if (!first) return [element("p", { class: "kbp-none" }, "没有合适的预案。请报给值班负责人。")];
  const made = [element("article", { class: `kbp-playbook kbp-${first.part}` }, head(first, site), ...inside(first, now))];
  if (others.length) made.push(element("p", { class: "kbp-also" }, "也用得上"));
  for (const playbook of others) {
    const deadline = playbook.deadlines.find(({ what }) => what === "reply");
    const folded = element(
      "details",
      { class: `kbp-other kbp-${playbook.part}`, open: opened.has(playbook.id) },
      element("summary", { "data-key": `playbook ${playbook.id}` }, element("b", {}, PARTS[playbook.part]), `${playbook.id} ${playbook.title}`, element("span", {}, deadline ? `${momentOf(deadline.at, now)} 前答复` : playbook.phase)),
      head(playbook, site),
      ...inside(playbook, now),
    );
    folded.addEventListener("toggle", () => (folded.open ? opened.add(playbook.id) : opened.delete(playbook.id)));
    made.push(folded);
  }
  return made;
}

/** @param {Fitting} playbook @param {Site} site */
function head({ id, title, address, phase, part, why }, site) {
  return element(
    "header",
    {},
    element("h3", {}, element("span", { class: "kbp-part" }, PARTS[part]), away(site, address, title), element("span", { class: "kbp-id" }, `${id} · ${phase}`)),
    element("p", { class: "kbp-reason" }, element("b", {}, "为什么"), why.join("；")),
  );
}

/** @param {Fitting} playbook @param {string} now */
function inside({ part, deadlines, steps, scripts, banned, escalation }, now) {
  const lines = (/** @type {string} */ title, /** @type {string[]} */ all, /** @type {string} */ look) =>
    all.length ? element("section", { class: look }, element("h4", {}, title), element("ul", {}, ...all.map((one) => element("li", {}, one)))) : null;
  const urgent = part === "urgent";
  return [
    deadlines.length ? element("ul", { class: "kbp-deadlines" }, ...deadlines.map((one) => deadlineItem(one, now))) : null,
    steps.length ? element("h4", {}, "先做这三步") : null,
    steps.length
      ? element(
          "ol",
          { class: "kbp-steps" },
          ...steps.map(({ stage, action, role, within, say }) =>
            element(
              "li",
              {},
              element("p", {}, action),
              say ? element("p", { class: "kbp-saying" }, say) : null,
              element("p", { class: "kbp-who" }, [stage, role, within].filter(Boolean).join(" · ")),
            ),
          ),
        )
      : null,
    element("div", { class: "kbp-words" }, lines("可以这样说", scripts, "kbp-say"), lines("千万别说", banned, "kbp-never")),
    escalation.length
      ? element(
          "section",
          { class: `kbp-escalation${urgent ? " kbp-now" : ""}` },
          element("h4", {}, urgent ? "有危险信号，对照着马上升级" : "什么时候升级"),
          element("ul", {}, ...escalation.map(({ text }) => element("li", {}, text))),
        )
      : null,
  ].filter((one) => one !== null);
}

/** @param {Deadline} deadline @param {string} now */
function deadlineItem({ what, at, text }, now) {
  const ground = /（(.*)）$/.exec(text);
  return element(
    "li",
    { class: `kbp-deadline-${what}` },
    "最迟",
    element("time", { datetime: at }, momentOf(at, now)),
    what === "reply" ? "前答复客户" : "前解决",
    element("span", {}, ground ? ground[1] : ""),
  );
}
