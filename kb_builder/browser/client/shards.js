// @ts-check
// The only module that fetches anything: shards over HTTP, or from script files when the page was
// opened from a disk, where browsers forbid fetch, modules and workers.

import { SearchError } from "./errors.js";

/** Raised together with FORMAT in files.py. */
export const FORMAT = 2;

/**
 * @typedef {{name: string, digest: string, count: number, pack: number, version: string}} ShardSet
 *   `version` follows the addresses of shards whose names stay when their content changes
 * @typedef {{format: number, manifest: string}} Entry
 */

const CRC = new Int32Array(256).map((_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/**
 * @param {number} crc
 * @param {ArrayLike<number>} data
 */
function crc32(crc, data) {
  crc = ~crc;
  for (let i = 0; i < data.length; i++) crc = CRC[(crc ^ data[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * The data of a file, if it is what was written under this name.
 * @param {string} path
 * @param {Uint8Array} content
 */
function unseal(path, content) {
  const data = content.subarray(4);
  const name = Array.from(path, (char) => char.charCodeAt(0));
  const sum = ((content[0] << 24) | (content[1] << 16) | (content[2] << 8) | content[3]) >>> 0;
  if (content.length < 4 || crc32(crc32(0, name), data) !== sum) throw new SearchError("damaged", path);
  return data;
}

/** Fetches files, each once at a time; what failed is fetched again when it is asked for again. */
export class Shards {
  /** @param {string} base the address of the index's folder, with a slash at the end */
  constructor(base) {
    this.base = base;
    /** Bytes fetched so far, for the benchmarks. */
    this.bytes = 0;
    this.requests = 0;
    /** @type {Map<string, Promise<Uint8Array>>} */
    this.underway = new Map();
    /** Files that were damaged: the browser's cache may hold the damage.
     * @type {Set<string>} */
    this.suspect = new Set();
    // This is the one place where the way of fetching is chosen.
    this.source = base.startsWith("file:") ? new ScriptSource(this) : new HttpSource(this);
  }

  /** @returns {Promise<Entry>} */
  async entry() {
    const entry = await this.source.entry();
    if (!entry || entry.format !== FORMAT) throw new SearchError("version", `format ${entry && entry.format}`);
    return entry;
  }

  /**
   * The data of a file that belongs to no set.
   * @param {string} path
   */
  file(path) {
    return this.fetch(path, path.replace(/\.bin$/, ".js"));
  }

  /**
   * The data of a shard, or of one of its files, of which the shard of its keys knows the check sum.
   * @param {ShardSet} set
   * @param {number} number
   * @param {string} file "-0", "-1" …
   * @param {number} checkSum
   */
  async load({ name, digest, pack, version }, number, file = "", checkSum = 0) {
    const path = `${name}-${digest}/${number}${file}.bin`;
    const load = () => this.fetch(path, `${name}-${digest}/disk${Math.floor(number / pack)}.js`, version);
    const data = await load();
    if (!file || crc32(0, data) === checkSum) return data;
    // It is of another version: a cache kept it, or the site was built again while this page was open.
    this.suspect.add(path);
    const again = await load();
    if (crc32(0, again) !== checkSum) throw new SearchError("missing", path);
    return again;
  }

  /**
   * @param {string} path
   * @param {string} script
   * @param {string} version
   */
  fetch(path, script, version = "") {
    let data = this.underway.get(path);
    if (!data) {
      data = this.source.load(path, script, version).then((content) => unseal(path, content));
      this.underway.set(path, data);
      // What was read is kept by who asked for it.
      const forget = () => this.underway.delete(path);
      data.then(forget, (error) => {
        forget();
        if (error.code === "damaged") this.suspect.add(path);
      });
    }
    return data;
  }
}

class HttpSource {
  /** @param {Shards} owner */
  constructor(owner) {
    this.owner = owner;
  }

  /** @returns {Promise<Entry>} */
  async entry() {
    const response = await this.get("entry.json", "no-cache");
    try {
      return JSON.parse(new TextDecoder().decode(response));
    } catch {
      throw new SearchError("damaged", "entry.json");
    }
  }

  /**
   * @param {string} path
   * @param {string} _script
   * @param {string} version
   */
  load(path, _script, version) {
    return this.get(path + version, this.owner.suspect.has(path) ? "reload" : "default");
  }

  /**
   * @param {string} path
   * @param {RequestCache} cache
   */
  async get(path, cache) {
    let response;
    let content;
    try {
      response = await fetch(this.owner.base + path, { cache, credentials: "same-origin" });
      content = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new SearchError("network", `${path}: ${error}`);
    }
    if (!response.ok) throw new SearchError(response.status >= 500 ? "network" : "missing", `${path}: ${response.status}`);
    this.owner.bytes += content.length;
    this.owner.requests += 1;
    return content;
  }
}

class ScriptSource {
  /** @param {Shards} owner */
  constructor(owner) {
    this.owner = owner;
    /** @type {Map<string, Uint8Array>} */
    this.parts = new Map();
    /** @type {Entry | null} */
    this.found = null;
    /** @type {Map<string, Promise<void>>} */
    this.scripts = new Map();
    const scope = /** @type {any} */ (globalThis);
    scope.kbSearchEntry = (/** @type {Entry} */ entry) => {
      this.found = entry;
    };
    scope.kbSearchPart = (/** @type {string} */ path, /** @type {string} */ text) => {
      this.parts.set(path, Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
    };
  }

  /** @returns {Promise<Entry>} */
  async entry() {
    await this.run("entry.js");
    if (!this.found) throw new SearchError("damaged", "entry.js");
    return this.found;
  }

  /**
   * @param {string} path
   * @param {string} script
   */
  async load(path, script) {
    await this.run(script);
    const content = this.parts.get(path);
    if (!content || this.owner.suspect.has(path)) this.scripts.delete(script);
    if (!content) throw new SearchError("damaged", script);
    this.owner.bytes += content.length;
    return content;
  }

  /** @param {string} script */
  run(script) {
    let done = this.scripts.get(script);
    if (!done) {
      done = new Promise((resolve, reject) => {
        const element = document.createElement("script");
        element.src = this.owner.base + script;
        element.onload = () => resolve(undefined);
        element.onerror = () => reject(new SearchError("missing", script));
        document.head.append(element);
      });
      this.scripts.set(script, done);
      done.catch(() => this.scripts.delete(script));
    }
    return done;
  }
}
