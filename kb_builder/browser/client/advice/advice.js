// @ts-check
// The five parts of the page 找先例; the twin of insight/advice.py, which tells more.

import { draftCase } from "./draft.js";
import { judge, readField } from "./judging.js";
import { Lexicon } from "./lexicon.js";
import { match } from "./matching.js";
import { Sayings } from "./sayings.js";

/**
 * @typedef {import("./types.js").Advice} Advice
 * @typedef {import("./types.js").Options} Options
 * @typedef {{id: string, title: string, address: string}} Link
 *
 * @typedef {object} CaseFacts what is empty is left out
 * @property {string} id
 * @property {string} title
 * @property {string} address
 * @property {Record<string, string[]>} [facets]
 * @property {string[]} [remedies]
 * @property {string} [outcome]
 * @property {string} [retained]
 * @property {string} [satisfaction]
 * @property {string} [taken]
 * @property {string[]} [playbooks]
 * @property {Link[]} [lessons]
 * @property {Link | null} contrast
 * @property {string[]} [says]
 *
 * @typedef {{facts: CaseFacts, score: number, because: string[]}} FoundCase
 *
 * @typedef {object} Guidance
 * @property {import("./lexicon.js").Cues} cues
 * @property {Parameters<typeof readField>[0][]} fields
 * @property {import("./matching.js").Playbook[]} playbooks
 * @property {[string, string[]][]} sayings what customers say, by playbook
 * @property {Record<string, number>} reply_hours
 * @property {import("./draft.js").Form} form
 */

export const SHOWN_CASES = 5;
export const PLAYBOOKS = 6;
const BETWEEN = "，";
const ALWAYS = 3;
const FAR = 3;
const SHOWN_LESSONS = 8;
const BELIEVED = 173;
const MAX_TEXT = 5000;

export class Adviser {
  /**
   * @param {Guidance} guidance
   * @param {import("./lexicon.js").Folder} folder
   */
  constructor(guidance, folder) {
    this.guidance = guidance;
    this.lexicon = new Lexicon(guidance.cues, folder);
    this.fields = new Map(guidance.fields.map(readField).map((field) => [field.name, field]));
    this.sayings = new Sayings(guidance.sayings);
  }

  /**
   * What to look for similar cases with.
   * @param {string} text
   */
  sought(text) {
    const words = [...new Set(this.lexicon.meant(this.lexicon.folder.fold(text)))].join(BETWEEN);
    const meant = Array.from(words).slice(0, MAX_TEXT / 2);
    if (!meant.length) return text;
    const head = Array.from(text).slice(0, MAX_TEXT - meant.length - 1);
    return `${head.join("")}\n${meant.join("")}`;
  }

  /**
   * @param {string} text
   * @param {FoundCase[]} hits the cases like it, best first
   * @param {Record<string, number>} alike the playbooks whose pages are like it: id → score of the page
   * @param {Options} options
   * @returns {Advice}
   */
  advise(text, hits, alike, { corrections = {}, now, masked = "" }) {
    const { guidance } = this;
    const folded = this.lexicon.folder.fold(text);
    const told = compareCases(folded, hits.slice(0, SHOWN_CASES));
    const precedents = hits.slice(0, SHOWN_CASES).map(({ facts, score }) => ({
      id: facts.id,
      score,
      facets: facts.facets || {},
      playbooks: facts.playbooks || [],
      told: Math.max(BELIEVED + (told.get(facts.id) ?? -BELIEVED), 0),
    }));
    const found = worthwhile(hits);
    const { judgement, called } = judge(text, precedents.slice(0, found.length), this.lexicon, this.fields, corrections);
    const evidence = { heard: this.sayings.compare(folded), called, alike };
    return {
      cases: found.map((each) => toSimilar(each, folded)),
      judgement,
      playbooks: match(guidance.playbooks, judgement, evidence, precedents, guidance.reply_hours, now),
      lessons: lessonsOf(found),
      contrasts: contrastsOf(found),
      draft: draftCase(guidance.form, judgement, masked, now),
    };
  }
}

/**
 * How likely a text tells of what each of these cases is about.
 * @param {string} folded
 * @param {FoundCase[]} found
 */
const compareCases = (folded, found) =>
  new Sayings(found.map(({ facts }) => /** @type {[string, string[]]} */ ([facts.id, facts.says || []]))).compare(folded);

/** @param {FoundCase[]} found */
function worthwhile(found) {
  const least = found.length ? Math.floor(found[0].score / FAR) : 0;
  return found.slice(0, SHOWN_CASES).filter(({ score }, place) => place < ALWAYS || score >= least);
}

/**
 * @param {FoundCase} found
 * @param {string} folded
 * @returns {import("./types.js").SimilarCase}
 */
function toSimilar({ facts, score, because }, folded) {
  const { id, title, address, remedies = [], outcome = "", retained = "", satisfaction = "", taken = "" } = facts;
  const said = because.filter((word) => folded.includes(word));
  return { id, title, address, score, remedies, outcome, retained, satisfaction, taken, because: said };
}

/** @param {FoundCase[]} found */
function lessonsOf(found) {
  /** @type {Map<string, import("./types.js").LessonFound & {score: number}>} */
  const lessons = new Map();
  for (const { facts, score } of found) {
    for (const { id, title, address } of facts.lessons || []) {
      const lesson = lessons.get(id) || { id, title, address, cases: [], score: 0 };
      lesson.cases.push(facts.id);
      lesson.score += score;
      lessons.set(id, lesson);
    }
  }
  return [...lessons.values()]
    .sort((a, b) => b.cases.length - a.cases.length || b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN_LESSONS)
    .map(({ id, title, address, cases }) => ({ id, title, address, cases }));
}

/** @param {FoundCase[]} found */
function contrastsOf(found) {
  /** @type {Map<string, import("./types.js").Contrast>} */
  const pairs = new Map();
  for (const { facts } of found) {
    const { id, title, address, contrast } = facts;
    if (!contrast) continue;
    const pair = [id, contrast.id].sort().join(" ");
    if (pairs.has(pair)) continue;
    pairs.set(pair, { id, title, address, with_id: contrast.id, with_title: contrast.title, with_address: contrast.address });
  }
  return [...pairs.values()];
}
