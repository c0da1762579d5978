// @ts-check
// Which playbook applies; the twin of insight/matching.py, which says why.

import { DANGER } from "./lexicon.js";
import { known } from "./judging.js";

/**
 * @typedef {import("./types.js").FieldJudgement} FieldJudgement
 * @typedef {import("./types.js").Fitting} Fitting
 * @typedef {import("./types.js").Deadline} Deadline
 * @typedef {import("./types.js").Escalation} Escalation
 * @typedef {import("./types.js").Step} Step
 * @typedef {import("./judging.js").Precedent} Precedent
 * @typedef {{when: string, role: string, hours: number | null}} Raising
 *
 * @typedef {object} Playbook
 * @property {string} id
 * @property {string} title
 * @property {string} address
 * @property {string} phase
 * @property {string} phase_label
 * @property {{field: string, values: string[], worth: number}[]} conditions
 * @property {Step[]} steps
 * @property {string[]} scripts
 * @property {string[]} banned
 * @property {number | null} reply_hours
 * @property {number | null} resolve_hours
 * @property {Raising[]} raising
 *
 * @typedef {{playbook: Playbook, part: Fitting["part"], points: number, why: string[]}} Ranked
 */

const RESPONSE = "response";
const SHOWN_PLAYBOOKS = 4;
const STRENGTH = { sure: 3, likely: 2, unsure: 1 };
const CALLED = 9;
const URGENT = 100;
const DOUBT = 20;
const PRECEDENTS = 5;
const VOTES = 30;
const FITTING = 25;
const ALIKE = 120;
const BESIDE = 6;
const HOUR = 3_600_000;

/**
 * The playbooks that apply, the one to open first at the head; the general ones always follow.
 * @param {Playbook[]} playbooks
 * @param {FieldJudgement[]} judgement
 * @param {Map<string, number>} called
 * @param {Precedent[]} precedents
 * @param {Record<string, number>} alike by id: how much the text is like a playbook's page
 * @param {Record<string, number>} replyHours
 * @param {string} now
 * @returns {Fitting[]}
 */
export function match(playbooks, judgement, called, precedents, alike, replyHours, now) {
  const judged = new Map(judgement.map((each) => [each.field, each]));
  const votes = countVotes(precedents);
  const likeness = countLikeness(alike);
  /** @type {Ranked[]} */
  const ranked = [];
  for (const playbook of playbooks) {
    const calls = called.get(playbook.id) || 0;
    const found = weigh(playbook, judged, calls);
    if (found.excluded) continue;
    let { points } = found;
    const why = [...found.why];
    const like = likeness.get(playbook.id);
    if (playbook.conditions.length && like) {
      points += like;
      why.push("原话和这份预案写的情形相像");
    }
    const vote = votes.get(playbook.id);
    if (playbook.conditions.length && vote && vote.points) {
      points += vote.points;
      why.push(`相似案例 ${vote.voters.slice(0, 3).join("、")} 也用它`);
    }
    if (playbook.phase !== RESPONSE && !calls) points = Math.floor(points / 2);
    const part = partOf(playbook, found.urgent, points);
    if (part) ranked.push({ playbook, part, points, why });
  }
  const late = (/** @type {Ranked} */ { playbook }) => Number(playbook.phase !== RESPONSE);
  ranked.sort((a, b) => b.points - a.points || late(a) - late(b) || (a.playbook.id < b.playbook.id ? -1 : 1));
  const fitting = ranked.filter(({ part }) => part !== "general").slice(0, SHOWN_PLAYBOOKS);
  const general = ranked.filter(({ part }) => part === "general");
  const severity = judged.get("severity");
  return [...fitting, ...general].map((each) => toFitting(each, severity, replyHours, now));
}

/**
 * @param {Playbook} playbook
 * @param {boolean} urgent
 * @param {number} points
 * @returns {Fitting["part"] | null}
 */
function partOf(playbook, urgent, points) {
  if (urgent) return "urgent";
  if (points >= FITTING) return "fitting";
  return playbook.conditions.length ? null : "general";
}

/**
 * @param {Playbook} playbook
 * @param {Map<string, FieldJudgement>} judged
 * @param {number} called
 */
function weigh(playbook, judged, called) {
  let points = called * CALLED;
  const why = called ? ["原话里有这份预案的典型说法"] : [];
  let urgent = false;
  let excluded = false;
  for (const condition of playbook.conditions) {
    const field = judged.get(condition.field);
    if (!field) continue;
    const holds = known(field);
    const held = holds.filter(({ value }) => condition.values.includes(value));
    const [first] = held;
    if (!first) {
      const settled = field.corrected || holds.some(({ strength }) => strength === "sure" || playbook.phase !== RESPONSE);
      if (settled && (field.corrected || !called) && condition.field !== DANGER) excluded = true;
      if (holds.length) points -= DOUBT;
      continue;
    }
    const evident = held.filter(isEvident);
    if (!evident.length) continue;
    const worth = condition.worth * Math.max(...evident.map(({ strength }) => STRENGTH[strength]));
    points += held.includes(holds[0]) ? worth : Math.floor(worth / 2);
    const labels = held.map(({ label }) => label).join("、");
    if (condition.field === DANGER) {
      urgent = true;
      points += URGENT * held.length;
      why.unshift(`出现危险信号：${labels}（${first.why}）`);
    } else if (condition.worth) {
      why.push(`${field.label}是${labels}`);
    }
  }
  return { points, why, urgent, excluded: excluded && !urgent };
}

/**
 * Whether something speaks for it; what is only presumed speaks for no playbook.
 * @param {import("./types.js").Suggestion} suggestion
 */
const isEvident = ({ spans, cases, strength }) => spans.length > 0 || cases.length > 0 || strength === "sure";

/** @param {Precedent[]} precedents */
function countVotes(precedents) {
  const voting = precedents.slice(0, PRECEDENTS);
  const total = voting.reduce((sum, { score }) => sum + score, 0);
  /** @type {Map<string, {points: number, voters: string[]}>} */
  const votes = new Map();
  for (const { id, score, playbooks } of voting) {
    playbooks.forEach((playbook, place) => {
      const vote = votes.get(playbook) || { points: 0, voters: [] };
      vote.points += Math.floor(score / (place + 1));
      vote.voters.push(id);
      votes.set(playbook, vote);
    });
  }
  for (const vote of votes.values()) vote.points = Math.floor((VOTES * vote.points) / Math.max(total, 1));
  return votes;
}

/**
 * What it counts to be like the page of a playbook: as much as it stands out among the best.
 * @param {Record<string, number>} alike
 */
function countLikeness(alike) {
  const scores = Object.values(alike).sort((a, b) => b - a);
  const least = scores.length >= BESIDE ? scores[BESIDE - 1] : 0;
  /** @type {[string, number][]} */
  const counted = Object.entries(alike).map(([id, score]) => [id, Math.floor((ALIKE * (score - least)) / scores[0])]);
  return new Map(counted);
}

/**
 * @param {Ranked} ranked
 * @param {FieldJudgement | undefined} severity
 * @param {Record<string, number>} replyHours
 * @param {string} now
 * @returns {Fitting}
 */
function toFitting({ playbook, part, why }, severity, replyHours, now) {
  const { id, title, address, phase_label: phase, steps, scripts, banned } = playbook;
  return {
    id,
    title,
    address,
    phase,
    part,
    why: why.length ? why : ["凡是投诉都先照它办"],
    steps,
    scripts,
    banned,
    deadlines: deadlinesOf(playbook, severity, replyHours, now),
    escalation: playbook.raising.map(toEscalation),
  };
}

/**
 * @param {Raising} raising
 * @returns {Escalation}
 */
function toEscalation({ when, role, hours }) {
  const limit = hours === null ? "" : hours ? `${hours} 小时内` : "立刻";
  return { when, role, hours, text: `${when}：${limit}报${role}` };
}

/**
 * @param {Playbook} playbook
 * @param {FieldJudgement | undefined} severity
 * @param {Record<string, number>} replyHours
 * @param {string} now
 * @returns {Deadline[]}
 */
function deadlinesOf(playbook, severity, replyHours, now) {
  if (playbook.phase !== RESPONSE) return [];
  const found = [];
  const hours = Object.values(replyHours);
  if (playbook.reply_hours !== null) {
    found.push(toDeadline("reply", playbook.reply_hours, "预案规定", now));
  } else if (hours.length) {
    const [first] = severity ? known(severity) : [];
    const own = first && replyHours[first.value];
    const ground = own ? `严重度是${first.label}` : "严重度拿不准，按最急的算";
    found.push(toDeadline("reply", own || Math.min(...hours), ground, now));
  }
  if (playbook.resolve_hours !== null) found.push(toDeadline("resolve", playbook.resolve_hours, "预案规定", now));
  return found;
}

/**
 * @param {"reply" | "resolve"} what
 * @param {number} hours
 * @param {string} ground
 * @param {string} now
 * @returns {Deadline}
 */
function toDeadline(what, hours, ground, now) {
  // As if the local time were that of Greenwich, where no hour is skipped or repeated.
  const at = new Date(Date.parse(`${now}Z`) + hours * HOUR).toISOString().slice(0, 16);
  const [year, month, day] = at.slice(0, 10).split("-");
  const before = year === now.slice(0, 4) ? "" : `${year}年`;
  const moment = `${before}${Number(month)}月${Number(day)}日 ${at.slice(11)}`;
  const verb = what === "reply" ? "答复客户" : "解决";
  return { what, hours, at, text: `最迟 ${moment} 前${verb}（${hours} 小时内，${ground}）` };
}
