// @ts-check
// What advice is made of and comes to; the twin of insight/advice.py, which tells more.

/**
 * @typedef {"sure" | "likely" | "unsure"} Strength
 * @typedef {[number, number]} Span in UTF-16 units of the text as given
 *
 * @typedef {object} Options
 * @property {Record<string, string[]>} [corrections] field → ids of values; an empty list: none applies
 * @property {string} now the reader's local time, 2026-11-22T15:20
 * @property {string} [masked] the text without personal data, for the draft; without it, the draft's
 *   section 记录 holds what the template says
 * @property {boolean} [detail] whether to tell more, for a page: `Detail` of adviser.js
 *
 * @typedef {object} SimilarCase
 * @property {string} id
 * @property {string} title
 * @property {string} address relative to the site
 * @property {number} score
 * @property {string[]} remedies labels
 * @property {string} outcome label or empty, as the next two
 * @property {string} retained
 * @property {string} satisfaction
 * @property {string} taken from receiving to solving, in words; empty where it is not known
 * @property {string[]} because words in both texts, folded
 *
 * @typedef {object} Suggestion
 * @property {string} value id
 * @property {string} label
 * @property {Strength} strength
 * @property {Span[]} spans where the text says so
 * @property {string[]} cases ids of the cases that say so
 * @property {string} why one sentence
 *
 * @typedef {object} FieldJudgement
 * @property {string} field
 * @property {string} label
 * @property {boolean} many whether several values can hold
 * @property {boolean} corrected by the reader
 * @property {string} why one sentence
 * @property {Suggestion[]} suggestions best first
 *
 * @typedef {object} Step
 * @property {string} stage
 * @property {string} action
 * @property {string} role
 * @property {string} within
 * @property {string} say
 *
 * @typedef {object} Deadline
 * @property {"reply" | "resolve"} what
 * @property {number} hours
 * @property {string} at 2026-11-23T15:20
 * @property {string} text
 *
 * @typedef {object} Escalation
 * @property {string} when
 * @property {string} role
 * @property {number | null} hours
 * @property {string} text
 *
 * @typedef {object} Fitting a playbook that applies
 * @property {string} id
 * @property {string} title
 * @property {string} address
 * @property {string} phase label
 * @property {"urgent" | "fitting" | "general"} part
 * @property {string[]} why sentences
 * @property {Step[]} steps the first three
 * @property {string[]} scripts
 * @property {string[]} banned
 * @property {Deadline[]} deadlines
 * @property {Escalation[]} escalation
 *
 * @typedef {{id: string, title: string, address: string, cases: string[]}} LessonFound
 * @typedef {{id: string, title: string, address: string, with_id: string, with_title: string,
 *   with_address: string}} Contrast
 * @typedef {{id: string, path: string, text: string}} CaseDraft
 *
 * @typedef {object} Advice
 * @property {SimilarCase[]} cases
 * @property {FieldJudgement[]} judgement
 * @property {Fitting[]} playbooks
 * @property {LessonFound[]} lessons
 * @property {Contrast[]} contrasts
 * @property {CaseDraft} draft
 */

export {};
