// @ts-check
// The public entrance: globalThis.kbSearch. FORMAT.md documents it for those who build pages on it.
//
// In a page, the engine runs in a worker where there can be one: not from file://, not in old browsers.
// The same file runs in the worker and answers there.

import { Engine } from "./engine.js";
import { SearchError } from "./errors.js";
import { Shards } from "./shards.js";
import { more } from "./more.js";

/**
 * @typedef {import("./engine.js").Options} Options
 * @typedef {import("./engine.js").Results} Results
 * @typedef {import("./excerpt.js").Span} Span
 * @typedef {ReturnType<Engine["describe"]>} Description
 * @typedef {import("./suggest.js").Suggestion} Suggestion
 *
 * @typedef {object} KbSearch
 * @property {Promise<Description>} ready what is in the index; opens it when first asked for, and again
 *   when that failed
 * @property {() => Promise<void>} prepare fetches what the first search needs whatever it is, before it is asked
 *   for; at most 50 KB, and nothing where the reader has asked the browser to save data
 * @property {(text: string, options?: Options) => Promise<Results>} search
 * @property {(text: string, options?: import("./similar.js").SimilarOptions) => Promise<import("./similar.js").SimilarResults>} similar
 * @property {(text: string, options: import("./advice/types.js").Options) => Promise<import("./advice/types.js").Advice & Partial<import("./adviser.js").Detail>>} advise
 * @property {(text: string) => Promise<import("./adviser.js").Masked>} mask the text without personal data
 * @property {() => Promise<void>} prepareAdvice fetches what any advice needs, and the whole of a small index;
 *   nothing where the reader has asked the browser to save data
 * @property {(prefix: string, limit?: number) => Promise<Suggestion[]>} suggest
 * @property {(text: string, query: string) => Promise<Span[]>} mark
 * @property {() => Promise<{bytes: number, requests: number}>} traffic fetched so far; for measuring
 * @property {string} base the address of the index's folder
 */

const METHODS = /** @type {const} */ (["ready", "prepare", "search", "similar", "advise", "mask", "prepareAdvice", "suggest", "mark", "rank", "traffic"]);
/** @typedef {typeof METHODS[number]} Method */
// What the second script answers.
const MORE = new Set(["similar", "advise", "mask", "prepareAdvice"]);
/** @typedef {(method: Method, values: any[]) => Promise<any>} Call */

/**
 * Answer calls with an engine in this thread.
 * @param {string} base
 * @returns {Call}
 */
function answerHere(base) {
  let shards = new Shards(base);
  /** @type {Promise<Engine> | null} */
  let opening = null;
  /** @type {Engine | null} */
  let engine = null;
  let running = 0;
  const open = () => {
    if (!opening) {
      opening = Engine.open(shards);
      opening.catch(() => (opening = null));
    }
    return opening;
  };
  /** @type {Call} */
  const attempt = async (method, values) => {
    if (method === "traffic") return { bytes: shards.bytes, requests: shards.requests };
    engine = await open();
    if (method === "ready") return engine.describe();
    if (MORE.has(method)) return /** @type {any} */ (await more(base))[method](engine, ...values);
    return /** @type {any} */ (engine)[method](...values);
  };
  return async (method, values) => {
    running += 1;
    try {
      return await attempt(method, values);
    } catch (error) {
      if (!(error instanceof SearchError && error.code === "missing" && opening)) throw error;
      // The site was built anew while this page was open: begin again with the new index.
      opening = null;
      shards = new Shards(base);
      return await attempt(method, values);
    } finally {
      running -= 1;
      // What one call fetched must stay until none is under way.
      if (!running && engine) engine.lookup.trim();
    }
  };
}

/**
 * Answer calls with a worker; if it can't start, in this thread.
 * @param {string} base
 * @param {string} script
 * @returns {Call}
 */
function answerInWorker(base, script) {
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void, method: Method, values: any[]}>} */
  const waiting = new Map();
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Call | null} */
  let here = null;
  let last = 0;
  const giveUp = () => {
    here = answerHere(base);
    if (worker) worker.terminate();
    worker = null;
    for (const { resolve, method, values } of waiting.values()) resolve(here(method, values));
    waiting.clear();
  };
  try {
    worker = new Worker(script);
    worker.onerror = giveUp;
    worker.onmessage = ({ data }) => {
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if (call && data.error) call.reject(revive(data.error));
      else if (call) call.resolve(data.value);
    };
  } catch {
    giveUp();
  }
  return (method, values) => {
    if (here || !worker) return /** @type {Call} */ (here)(method, values);
    const id = ++last;
    const target = worker;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, method, values });
      target.postMessage({ id, method, values });
    });
  };
}

/** @param {{code: import("./errors.js").ErrorCode, detail: string}} error */
const revive = (error) => new SearchError(error.code, error.detail);

/** @param {unknown} error */
function toPlain(error) {
  if (error instanceof SearchError) return { code: error.code, detail: error.detail };
  return { code: "internal", detail: String(error instanceof Error ? error.stack : error) };
}

/**
 * Make the entrance.
 * @param {string} base the address of the index's folder, with a slash at the end
 * @param {string} [script] the joined script, to start a worker with
 * @returns {KbSearch}
 */
export function start(base, script) {
  // A worker may not be started, nor a file be fetched, from a page on the disk.
  const call = script && typeof Worker !== "undefined" && /^https?:/.test(base) ? answerInWorker(base, script) : answerHere(base);
  /** @type {Promise<Description> | null} */
  let ready = null;
  /** @param {Method} method @param {any[]} values */
  const ask = async (method, ...values) => {
    if (!("normalize" in String.prototype && "fromCodePoint" in String)) throw new SearchError("unsupported");
    try {
      return await call(method, values);
    } catch (error) {
      throw error instanceof SearchError ? error : revive(/** @type {any} */ (toPlain(error)));
    }
  };
  const entrance = {
    base,
    get ready() {
      if (!ready) {
        ready = ask("ready");
        ready.catch(() => (ready = null));
      }
      return ready;
    },
  };
  for (const method of METHODS) {
    if (method === "ready") continue;
    /** @type {any} */ (entrance)[method] = async (/** @type {any[]} */ ...values) => {
      const { connection } = /** @type {any} */ (navigator);
      // Nobody has asked yet for what is fetched ahead.
      if (!/^prepare/.test(method) || !(connection && connection.saveData)) return ask(method, ...values);
    };
  }
  return /** @type {any} */ (entrance);
}

/** In a worker: answer what the page asks. */
export function serve(/** @type {string} */ base) {
  const call = answerHere(base);
  self.onmessage = async ({ data: { id, method, values } }) => {
    try {
      self.postMessage({ id, value: await call(method, values) });
    } catch (error) {
      self.postMessage({ id, error: toPlain(error) });
    }
  };
}
