// @ts-check
// Which of the hits pass the filters, and how many of them have which value.

/**
 * @typedef {import("./lookup.js").Column} Column
 * @typedef {Record<string, Record<string, number>>} Counts
 */

/**
 * A year as it is chosen and counted.
 * @param {string} date
 */
export const yearName = (date) => date.slice(0, 4) || "unknown";

/**
 * A facet's counts leave its own filter aside: they say what choosing another value would give.
 * @param {number[]} found
 * @param {Map<string, Column>} columns
 * @param {{facets?: Record<string, string[]>, kind?: string}} options
 * @param {{name: string, value: string}[]} filters
 * @param {string[]} counted
 * @returns {{found: number[], counts: Counts}}
 */
export function narrow(found, columns, options, filters, counted) {
  /** @type {Map<string, Set<string>>} */
  const wanted = new Map();
  const want = (/** @type {string} */ name, /** @type {string} */ value) =>
    void wanted.set(name, (wanted.get(name) || new Set()).add(value));
  for (const [name, values] of Object.entries(options.facets || {})) for (const value of values) want(name, value);
  if (options.kind) want("kind", options.kind);
  for (const { name, value } of filters) want(name, value);
  const names = [...new Set([...counted, ...wanted.keys()])];
  /** @type {(name: string) => Column | undefined} */
  const columnOf = (name) => columns.get(name === "year" ? "date" : name);
  // A filter by what this base does not have lets nothing pass.
  if (!names.every(columnOf)) return { found: [], counts: {} };
  const facets = names.map((name) => {
    const column = /** @type {Column} */ (columnOf(name));
    const values = column.values.map((value) => (name === "year" ? yearName(value) : value));
    const chosen = wanted.get(name);
    const passes = chosen ? values.map((value) => chosen.has(value)) : null;
    return { name, column, values, passes, counted: counted.includes(name), counts: new Uint32Array(values.length) };
  });
  const kept = found.filter((number) => {
    let failed = -1;
    for (let i = 0; i < facets.length; i++) {
      const { column, passes } = facets[i];
      if (!passes || some(column, number, (value) => passes[value])) continue;
      if (failed >= 0) return false;
      failed = i;
    }
    if (counted.length) {
      for (let i = 0; i < facets.length; i++) {
        if (facets[i].counted && (failed < 0 || failed === i)) some(facets[i].column, number, (value) => void facets[i].counts[value]++);
      }
    }
    return failed < 0;
  });
  /** @type {Counts} */
  const counts = {};
  for (const facet of facets) {
    /** @type {Map<string, number>} */
    const sums = new Map();
    facet.values.forEach((value, i) => {
      if (facet.counts[i]) sums.set(value, (sums.get(value) || 0) + facet.counts[i]);
    });
    if (sums.size) counts[facet.name] = Object.fromEntries(sums);
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
