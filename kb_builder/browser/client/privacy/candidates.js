// @ts-check
// Whether what a pattern found is the thing; the twin of candidates.py.

import * as checks from "./checks.js";

/** @typedef {(found: string, before: string, after: string) => number | null} Test */

const GROUPS = new Set(["11", "3 4 4", "3 8", "7 4", "3 3 5", "3 5 3"]);

/** @param {string} text */
const alnum = (text) => text.replace(/[^0-9A-Za-z]+/g, "");
/** @param {string} text */
const digitsOf = (text) => text.replace(/[^0-9]+/g, "");
/** @param {boolean} holds */
const yes = (holds) => (holds ? 0 : null);

/**
 * The tests that the patterns name.
 * @param {Record<string, string>} patterns
 * @param {string} badRoad
 * @returns {Record<string, Test>}
 */
export function testsOf(patterns, badRoad) {
  /** @type {Record<string, RegExp>} */
  const compiled = {};
  for (const name of Object.keys(patterns)) compiled[name] = new RegExp(patterns[name], "u");
  /** @param {string} name @param {string} text */
  const has = (name, text) => compiled[name].test(text);
  /** @param {string} name @param {string} text */
  const cut = (name, text) => compiled[name].exec(text)?.[0].length ?? 0;
  /** @param {string} name @param {string} text */
  const upTo = (name, text) => {
    const match = compiled[name].exec(text);
    return match ? text.slice(0, match.index) : null;
  };

  return {
    resident(found, before) {
      const text = alnum(found);
      return yes(checks.resident(text) || (checks.residentShape(text) && has("identity", before)));
    },
    resident_15: (found) => yes(checks.residentShape(found)),
    hong_kong: (found) => yes(checks.hongKong(alnum(found))),
    card(found, before) {
      const digits = digitsOf(found);
      if (!checks.luhn(digits) || !has("card_start", digits)) return null;
      if (has("card", before)) return 0;
      if (has("order", before) || has("serial", before)) return null;
      if (digits.startsWith("62") && digits.length >= 16 && digits.length <= 19) return 0;
      const groups = found.split(/[^0-9]+/).map((part) => part.length);
      return yes(groups.length > 3 && groups.slice(0, -1).every((length) => length === 4));
    },
    company(found, before) {
      const text = alnum(found);
      if (!checks.company(text)) return null;
      if (!/^[0-9]+$/.test(text)) return 0;
      return yes(["91", "92", "93"].includes(text.slice(0, 2)) || has("tax", before));
    },
    vin(found, before) {
      const text = alnum(found);
      if (/^[0-9]+$/.test(text) || !/[0-9]/.test(text)) return null;
      if (has("vehicle", before)) return 0;
      const letters = text.replace(/[0-9]/g, "").length;
      const usual = /[0-9]{4}$/.test(text) && letters >= 3 && !/^[0-9]/.test(text);
      return yes(usual && checks.vin(text));
    },
    mobile(found, before) {
      const digits = digitsOf(found);
      if (!has("mobile", digits.slice(-11))) return null;
      let parts = found.split(/[^0-9]+/).filter((part) => part);
      if (digits.length > 11 && (parts[0] === "86" || parts[0] === "0086")) parts = parts.slice(1);
      const groups = parts.map((part) => part.length);
      if (digits.length > 11 && parts.length === 1) return 0;
      if (GROUPS.has(groups.join(" ")) || groups.every((length) => length === 1)) return 0;
      return yes(has("calling", before));
    },
    abroad(found) {
      const all = digitsOf(found);
      const digits = found.startsWith("00") ? all.slice(2) : all;
      return yes(digits.length >= 9 && digits.length <= 15 && !digits.startsWith("86"));
    },
    ip(found, before) {
      if (found.split(".").some((part) => Number(part) > 255 || (part.length > 1 && part[0] === "0"))) return null;
      return yes(checks.publicIp(found) && !has("version", before));
    },
    ipv6: (found) => yes(checks.publicIpv6(found)),
    email: (found) => yes(!has("no_mail", found.toLowerCase())),
    wechat(found, before) {
      if (has("no_account", found.toLowerCase())) return null;
      return yes(/[0-9_-]/.test(found) || has("explicit", before));
    },
    plate(found) {
      const text = alnum(found);
      if (text.length === 7 && !/[DFdf]/.test(text[1]) && !/[DFdf]/.test(text[6])) return null;
      return yes(digitsOf(text).length >= 2);
    },
    road(found, before) {
      const named = compiled.road_name.exec(found)?.[0];
      if (named === undefined || has("business", before)) return null;
      const start = cut("before_address", named);
      const name = named.slice(start);
      if (name.length < 2 || badRoad.includes(name.slice(-1)) || has("big_road", name)) return null;
      return start;
    },
    chain(found, before) {
      if (!has("building", found) || has("business", before)) return null;
      return cut("before_address", upTo("block", found) ?? "");
    },
    flat: (found) => cut("house", found),
    declared: (found) => yes(digitsOf(found).length >= 4),
  };
}
