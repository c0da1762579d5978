// @ts-check
// The manifest; the twin of manifest.py.

import { BitReader, readRising } from "./bits.js";
import { inflate } from "./inflate.js";

/**
 * @typedef {import("./shards.js").ShardSet} ShardSet
 * @typedef {{name: string, label: string, choices: {id: string, label: string, aliases: string[]}[]}} Facet
 * @typedef {[number[], number[]]} Centres for short lists by length: centre and parameter
 * @typedef {object} Manifest
 * @property {number} documents
 * @property {string[]} alphabet
 * @property {Map<string, number>} ranks
 * @property {number} width
 * @property {Map<string, string>} traditional
 * @property {number} block how many documents are in a document shard
 * @property {Record<string, Centres>} centres
 * @property {Record<string, ShardSet>} sets
 * @property {[string, string][]} kinds
 * @property {string[]} years of the documents' dates, rising; an empty one when some have none
 * @property {Facet[]} facets
 * @property {string[][]} synonyms
 */

/**
 * @param {Uint8Array} data
 * @param {string} name of its file
 * @returns {Manifest}
 */
export function readManifest(data, name) {
  const raw = inflate(data);
  const size = ((raw[0] << 24) | (raw[1] << 16) | (raw[2] << 8) | raw[3]) >>> 0;
  const head = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + size)));
  const bits = new BitReader(raw.subarray(4 + size));
  const alphabet = readRising(bits, head.alphabet).map((code) => String.fromCodePoint(code));
  const width = 32 - Math.clz32(Math.max(alphabet.length - 1, 1));
  const sources = readRising(bits, head.traditional).map((code) => String.fromCodePoint(code));
  const traditional = new Map(sources.map((source) => [source, alphabet[bits.bits(width)]]));
  return {
    documents: head.documents,
    alphabet,
    ranks: new Map(alphabet.map((char, rank) => [char, rank])),
    width,
    traditional,
    block: head.block,
    centres: head.centres,
    sets: Object.fromEntries(
      Object.entries(head.sets).map(([set, [digest, count, pack]]) => [
        set,
        // What is named by the layout keeps its name when a document changes: its address must not.
        { name: set, digest, count, pack, version: digest === head.layout ? `?${name.slice(9, -4)}` : "" },
      ]),
    ),
    kinds: head.kinds,
    years: head.years,
    facets: head.facets.map((/** @type {[string, string, string[][]]} */ [name, label, choices]) => ({
      name,
      label,
      choices: choices.map(([id, text, ...aliases]) => ({ id, label: text, aliases })),
    })),
    synonyms: head.synonyms,
  };
}
