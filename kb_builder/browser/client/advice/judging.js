// @ts-check
// What kind of complaint a text is; the twin of insight/judging.py, which says why.

import { DANGER } from "./lexicon.js";

/**
 * @typedef {import("./types.js").FieldJudgement} FieldJudgement
 * @typedef {import("./types.js").Suggestion} Suggestion
 * @typedef {import("./types.js").Strength} Strength
 * @typedef {import("./types.js").Span} Span
 * @typedef {import("./lexicon.js").Lexicon} Lexicon
 * @typedef {import("./lexicon.js").Found} Found
 * @typedef {{id: string, score: number, facets: Record<string, string[]>, playbooks: string[], told: number}} Precedent
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {boolean} many
 * @property {Map<string, string>} values id → label
 * @property {string} parent
 * @property {Record<string, string>} parents
 */

const FIELDS = [
  "complaint_type",
  "complaint_subtype",
  "appeal",
  "psychology",
  "severity",
  "complaint_stage",
  "crisis_signals",
  "channel",
  "cause",
];
const PLAYBOOK = "playbook";
const SEVERITY = "severity";
const STRONG = 8;
const WEAK = 3;
const LIKELY = 5;
const LEAST = 2;
const VOTES = 6;
const VOTERS = 5;
const VOTED = ["complaint_type", "complaint_subtype", "appeal", "psychology", "cause"];
const SHOWN_WORDS = 3;

/**
 * @param {[string, string, boolean, [string, string][], string, Record<string, string>]} row
 * @returns {Field}
 */
export function readField([name, label, many, values, parent, parents]) {
  return { name, label, many, values: new Map(values), parent, parents };
}

/**
 * @param {FieldJudgement} judged
 * @returns {Suggestion[]} what holds
 */
export function known({ many, suggestions }) {
  const held = suggestions.filter(({ strength }) => strength !== "unsure");
  return many ? held : held.slice(0, 1);
}

/**
 * @param {string} text
 * @param {Precedent[]} precedents
 * @param {Lexicon} lexicon
 * @param {Map<string, Field>} fields
 * @param {Record<string, string[]>} corrections
 * @returns {{judgement: FieldJudgement[], called: Map<string, number>}}
 */
export function judge(text, precedents, lexicon, fields, corrections) {
  const folded = lexicon.folder.foldWithOffsets(text);
  const found = lexicon.find(folded.text);
  const tally = new Tally(text, folded, found, precedents.slice(0, VOTERS), lexicon.cues, fields);
  const judgement = FIELDS.flatMap((name) => {
    const field = fields.get(name);
    return field ? [correct(field, tally.judge(field), corrections[name])] : [];
  });
  /** @type {Map<string, number>} */
  const called = new Map();
  for (const { field, value, strong } of found) {
    if (field === PLAYBOOK) called.set(value, (called.get(value) || 0) + (strong ? STRONG : WEAK));
  }
  return { judgement, called };
}

class Tally {
  /**
   * @param {string} text
   * @param {import("./lexicon.js").Folded} folded
   * @param {Found[]} found
   * @param {Precedent[]} precedents
   * @param {import("./lexicon.js").Cues} cues
   * @param {Map<string, Field>} fields
   */
  constructor(text, folded, found, precedents, cues, fields) {
    this.text = text;
    this.precedents = precedents;
    this.cues = cues;
    this.fields = fields;
    /** Of each "field value". @type {Map<string, number>} */
    this.points = new Map();
    /** @type {Set<string>} */
    this.settled = new Set();
    /** @type {Set<string>} */
    this.said = new Set();
    /** @type {Map<string, Span[]>} */
    this.spans = new Map();
    /** @type {Map<string, string[]>} */
    this.because = new Map();
    for (const { field, value, start, end, strong } of found) {
      if (!fields.has(field) || (field === DANGER && !strong)) continue;
      const key = `${field} ${value}`;
      /** @type {Span} */
      const span = [folded.starts[start], folded.ends[end - 1]];
      const before = this.spans.get(key) || [];
      const said = text.slice(...span);
      if (!before.some((each) => text.slice(...each) === said)) this.add(key, strong ? STRONG : WEAK);
      this.spans.set(key, [...before, span]);
      if (strong) this.settled.add(key);
    }
    this.infer();
  }

  /** @param {string} key @param {number} points */
  add(key, points) {
    this.points.set(key, this.of(key) + points);
  }

  /** @param {string} key */
  of(key) {
    return this.points.get(key) || 0;
  }

  /** @param {string} key @param {string} why */
  explain(key, why) {
    this.because.set(key, [...(this.because.get(key) || []), why]);
  }

  infer() {
    const said = [...this.points];
    for (const [key, points] of said) {
      const [name, value] = key.split(" ");
      const field = /** @type {Field} */ (this.fields.get(name));
      const parent = field.parents[value];
      if (!parent || !this.fields.has(field.parent)) continue;
      this.follow(name, value, `${field.parent} ${parent}`, points);
      if (this.settled.has(key)) this.settled.add(`${field.parent} ${parent}`);
    }
    const keys = new Set(said.map(([key]) => key));
    for (const key of keys) this.said.add(key);
    for (const [name, value, other, its] of this.cues.implied) {
      const key = `${name} ${value}`;
      if (this.fields.has(other) && keys.has(key)) {
        this.follow(name, value, `${other} ${its}`, this.settled.has(key) ? LIKELY : WEAK);
      }
    }
    for (const [name, value, parts] of this.cues.together) {
      const all = parts.map((part) => `${name} ${part}`);
      if (!this.fields.has(name) || !all.every((key) => this.of(key) >= LIKELY)) continue;
      const target = `${name} ${value}`;
      this.add(
        target,
        all.reduce((total, key) => total + this.of(key), 0),
      );
      if (all.every((key) => this.settled.has(key))) this.settled.add(target);
      this.said.add(target);
      for (const key of all) this.spans.set(target, [...(this.spans.get(target) || []), ...(this.spans.get(key) || [])]);
    }
    for (const [name, value] of this.cues.presumed) {
      const against = [...this.points].some(([key, points]) => key.startsWith(`${name} `) && points >= LIKELY);
      if (!this.fields.has(name) || against) continue;
      this.add(`${name} ${value}`, LIKELY);
      this.explain(`${name} ${value}`, "没有别的迹象时，先这样看");
    }
  }

  /**
   * @param {string} name
   * @param {string} value
   * @param {string} target
   * @param {number} points
   */
  follow(name, value, target, points) {
    if (this.of(target) < points) this.add(target, points);
    this.spans.set(target, [...(this.spans.get(target) || []), ...(this.spans.get(`${name} ${value}`) || [])]);
    this.explain(target, `从“${this.fields.get(name)?.values.get(value)}”看出来`);
  }

  /**
   * @param {Field} field
   * @returns {FieldJudgement}
   */
  judge(field) {
    const { name, label, many } = field;
    const votes = this.votes(name);
    const ranked = [...field.values.keys()]
      .map((value, place) => ({ value, place, points: this.of(`${name} ${value}`) + (votes.get(value)?.points || 0) }))
      .filter(({ points }) => points >= LEAST)
      // Severities stand from the slightest to the gravest; where as much speaks for two, the graver is told first.
      .sort((a, b) => b.points - a.points || (name === SEVERITY ? b.place - a.place : a.place - b.place));
    const suggestions = ranked.map(({ value, points }) => this.suggest(field, value, points, votes.get(value)?.voters || []));
    if (!many && ranked.length > 1 && ranked[0].points === ranked[1].points && suggestions[0].strength === "sure") {
      suggestions[0] = { ...suggestions[0], strength: "likely" };
    }
    const why = name === DANGER && !suggestions.length ? "原话里没有危险信号" : explainAll(suggestions);
    return { field: name, label, many, corrected: false, why, suggestions };
  }

  /**
   * What similar cases say, by value.
   * @param {string} name
   */
  votes(name) {
    /** @type {Map<string, {points: number, voters: string[]}>} */
    const votes = new Map();
    if (!VOTED.includes(name)) return votes;
    const total = this.precedents.reduce((sum, { score }) => sum + score, 0);
    for (const { id, score, facets } of this.precedents) {
      for (const value of facets[name] || []) {
        const vote = votes.get(value) || { points: 0, voters: [] };
        votes.set(value, { points: vote.points + score, voters: [...vote.voters, id] });
      }
    }
    for (const vote of votes.values()) vote.points = Math.floor((VOTES * vote.points) / Math.max(total, 1));
    return votes;
  }

  /**
   * @param {Field} field
   * @param {string} value
   * @param {number} points
   * @param {string[]} voters
   * @returns {Suggestion}
   */
  suggest({ name, values }, value, points, voters) {
    const key = `${name} ${value}`;
    /** @type {Strength} */
    const strength = this.settled.has(key) ? "sure" : points >= LIKELY ? "likely" : "unsure";
    const spans = [...(this.spans.get(key) || [])]
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .filter((span, i, all) => !i || span[0] !== all[i - 1][0] || span[1] !== all[i - 1][1]);
    const words = [...new Set(spans.map((span) => this.text.slice(...span)))].slice(0, SHOWN_WORDS);
    const reasons = words.length && this.said.has(key) ? [`原话说“${words.join("”“")}”`] : [];
    reasons.push(...new Set(this.because.get(key) || []));
    if (voters.length) reasons.push(`相似案例 ${voters.slice(0, SHOWN_WORDS).join("、")} 是这样`);
    return { value, label: values.get(value) || value, strength, spans, cases: voters, why: reasons.join("；") };
  }
}

/** @param {Suggestion[]} suggestions */
function explainAll([first]) {
  if (!first) return "原话里看不出来，拿不准";
  return first.strength === "unsure" ? `拿不准：${first.why}` : first.why;
}

/**
 * @param {Field} field
 * @param {FieldJudgement} judged
 * @param {string[] | undefined} values
 * @returns {FieldJudgement}
 */
function correct(field, judged, values) {
  if (!values) return judged;
  const suggestions = [...new Set(values)]
    .filter((value) => field.values.has(value))
    .map((value) => {
      const before = judged.suggestions.find((each) => each.value === value);
      const { spans, cases } = before || { spans: [], cases: [] };
      const label = field.values.get(value) || value;
      return { value, label, strength: /** @type {Strength} */ ("sure"), spans, cases, why: "您选定的" };
    });
  return { ...judged, corrected: true, why: suggestions.length ? "您选定的" : "您选定：都不是", suggestions };
}
