// @ts-check
// Which of the hits pass the filters, and how many of them have which value.

/**
 * @typedef {import("./lookup.js").Column} Column
 * @typedef {Record<string, Record<string, number>>} Counts
 */

const UNKNOWN_YEAR = "unknown";

/**
 * A facet's counts leave its own filter aside: they say what choosing another value would give.
 * @param {number[]} found
 * @param {Record<string, Column>} columns
 * @param {import("./manifest.js").Manifest} manifest
 * @param {{facets?: Record<string, string[]>, kind?: string}} options
 * @param {{name: string, value: string}[]} filters
 * @param {boolean} counted
 * @returns {{found: number[], counts: Counts}}
 */
export function narrow(found, columns, manifest, options, filters, counted) {
  /** @type {Map<string, Set<string>>} */
  const wanted = new Map();
  const want = (/** @type {string} */ name, /** @type {string} */ value) =>
    void wanted.set(name, (wanted.get(name) || new Set()).add(value));
  for (const [name, values] of Object.entries(options.facets || {})) for (const value of values) want(name, value);
  if (options.kind) want("kind", options.kind);
  for (const { name, value } of filters) want(name, value);
  const names = counted ? ["kind", "year", ...manifest.facets.map(({ name }) => name)] : [...wanted.keys()];
  const facets = names.map((name) => {
    const column = columns[name === "year" ? "date" : name];
    const values = column ? column.values.map((value) => (name === "year" ? value.slice(0, 4) || UNKNOWN_YEAR : value)) : [];
    const chosen = wanted.get(name);
    const passes = chosen ? values.map((value) => chosen.has(value)) : null;
    return { name, column, values, passes, counts: new Uint32Array(values.length) };
  });
  // A filter by what this base does not have lets nothing pass.
  const impossible = [...wanted.keys()].some((name) => !facets.some((facet) => facet.name === name && facet.column));
  if (impossible) return { found: [], counts: {} };
  const kept = found.filter((number) => {
    let failed = -1;
    for (let i = 0; i < facets.length; i++) {
      const { column, passes } = facets[i];
      if (!passes || some(column, number, (value) => passes[value])) continue;
      if (failed >= 0) return false;
      failed = i;
    }
    if (counted) {
      for (let i = 0; i < facets.length; i++) {
        if (failed < 0 || failed === i) some(facets[i].column, number, (value) => void facets[i].counts[value]++);
      }
    }
    return failed < 0;
  });
  /** @type {Counts} */
  const counts = {};
  if (counted) {
    for (const facet of facets) {
      /** @type {Map<string, number>} */
      const sums = new Map();
      facet.values.forEach((value, i) => {
        if (facet.counts[i]) sums.set(value, (sums.get(value) || 0) + facet.counts[i]);
      });
      if (sums.size) counts[facet.name] = Object.fromEntries(sums);
    }
  }
  return { found: kept, counts };
}

/**
 * @param {Column} column
 * @param {number} number
 * @param {(value: number) => boolean | void} test
 */
function some(column, number, test) {
  for (let i = column.starts[number]; i < column.starts[number + 1]; i++) if (test(column.numbers[i])) return true;
  return false;
}
