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
 * @typedef {object} Evidence what speaks for playbooks, each by their ids
 * @property {Map<string, number>} heard 0 for the one whose situation the text is likeliest to tell of, less for the others
 * @property {Map<string, number>} called
 * @property {Record<string, number>} alike
 *
 * @typedef {{playbook: Playbook, part: Fitting["part"], points: number, why: string[]}} Ranked
 */

const RESPONSE = "response";
const SHOWN_PLAYBOOKS = 4;
const STRENGTH = { sure: 3, likely: 2, unsure: 1 };
const CALLED = 8;
const MOST_CALLED = 16;
const DANGER_WORTH = 110;
const WORTH = 5;
const WORTH_OF = 6;
const DOUBT = 40;
const PRECEDENTS = 5;
const VOTES = 115;
const TOLD = 230;
const ALIKE = 65;
const BESIDE = 6;
const NEAR = -60;
const OPENED_BY = 2;
const HOUR = 3_600_000;

/**
 * The playbooks that apply, the one to open first at the head; the general ones always follow.
 * @param {Playbook[]} playbooks
 * @param {FieldJudgement[]} judgement
 * @param {Evidence} evidence
 * @param {Precedent[]} precedents
 * @param {Record<string, number>} replyHours
 * @param {string} now
 * @returns {Fitting[]}
 */
export function match(playbooks, judgement, { heard, called, alike }, precedents, replyHours, now) {
  const judged = new Map(judgement.map((each) => [each.field, each]));
  const votes = countVotes(precedents);
  const likeness = countLikeness(alike);
  const usual = heard.size ? Math.floor([...heard.values()].reduce((sum, each) => sum + each, 0) / heard.size) : 0;
  /** @type {Ranked[]} */
  const ranked = [];
  for (const playbook of playbooks) {
    const { id } = playbook;
    const weighed = weigh(playbook, judged);
    if (!weighed) continue;
    const { urgent, why } = weighed;
    let { points } = weighed;
    const sounds = heard.get(id);
    points += sounds ?? usual;
    if (sounds !== undefined && sounds >= NEAR) why.push("原话像客户遇到这种情形时说的话");
    const calls = called.get(id);
    if (calls) {
      points += CALLED * Math.min(calls, MOST_CALLED);
      why.push("原话里有这份预案的典型说法");
    }
    const like = likeness.get(id);
    if (like) {
      points += like;
      why.push("原话和这份预案写的情形相像");
    }
    const vote = votes.get(id);
    if (vote && vote.points) {
      points += vote.points;
      why.push(`相似案例 ${vote.voters.slice(0, 3).join("、")} 也用它`);
    }
    const part = urgent ? "urgent" : playbook.conditions.length ? "fitting" : "general";
    if (why.length || part === "general") ranked.push({ playbook, part, points, why });
  }
  const late = (/** @type {Ranked} */ { playbook }) => Number(playbook.phase !== RESPONSE);
  ranked.sort((a, b) => b.points - a.points || late(a) - late(b) || (a.playbook.id < b.playbook.id ? -1 : 1));
  const first = ranked.splice(0, OPENED_BY - 1);
  const urgent = ranked.filter(({ part }) => part === "urgent");
  const ordered = [...first, ...urgent, ...ranked.filter(({ part }) => part !== "urgent")];
  const general = ordered.slice(SHOWN_PLAYBOOKS).filter(({ part }) => part === "general");
  const severity = judged.get("severity");
  return [...ordered.slice(0, SHOWN_PLAYBOOKS), ...general].map((each) => toFitting(each, severity, replyHours, now));
}

/**
 * What a playbook's conditions count, whether for a danger sign, and why; null: the reader excluded it.
 * @param {Playbook} playbook
 * @param {Map<string, FieldJudgement>} judged
 */
function weigh(playbook, judged) {
  let points = 0;
  /** @type {string[]} */
  const why = [];
  let urgent = false;
  let excluded = false;
  for (const condition of playbook.conditions) {
    const field = judged.get(condition.field);
    if (!field) continue;
    const holds = known(field);
    const held = holds.filter(({ value }) => condition.values.includes(value));
    const [first] = held;
    if (!first) {
      if (condition.field === DANGER) continue;
      excluded ||= field.corrected;
      if (holds.length) points -= DOUBT;
      continue;
    }
    const evident = held.filter(isEvident);
    if (!evident.length) continue;
    const labels = held.map(({ label }) => label).join("、");
    if (condition.field === DANGER) {
      urgent = true;
      points += DANGER_WORTH;
      why.unshift(`出现危险信号：${labels}（${first.why}）`);
      continue;
    }
    const worth = condition.worth * Math.max(...evident.map(({ strength }) => STRENGTH[strength]));
    points += Math.floor(((held.includes(holds[0]) ? worth : Math.floor(worth / 2)) * WORTH) / WORTH_OF);
    if (condition.worth) why.push(`${field.label}是${labels}`);
  }
  return excluded && !urgent ? null : { points, urgent, why };
}

/**
 * Whether something speaks for it; what is only presumed speaks for no playbook.
 * @param {import("./types.js").Suggestion} suggestion
 */
const isEvident = ({ spans, cases, strength }) => spans.length > 0 || cases.length > 0 || strength === "sure";

/**
 * What the playbooks of similar cases count.
 * @param {Precedent[]} precedents
 */
function countVotes(precedents) {
  const voting = precedents.slice(0, PRECEDENTS);
  const scores = Math.max(voting.reduce((sum, { score }) => sum + score, 0), 1);
  const told = Math.max(voting.reduce((sum, each) => sum + each.told, 0), 1);
  /** @type {Map<string, {points: number, voters: string[]}>} */
  const votes = new Map();
  for (const each of voting) {
    const weight = Math.floor((VOTES * each.score) / scores) + Math.floor((TOLD * each.told) / told);
    each.playbooks.forEach((playbook, place) => {
      const vote = votes.get(playbook) || { points: 0, voters: [] };
      vote.points += Math.floor(weight / (place + 1));
      vote.voters.push(each.id);
      votes.set(playbook, vote);
    });
  }
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
