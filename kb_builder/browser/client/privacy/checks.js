// @ts-check
// Check digits, ranges, regions and dates; the twin of checks.py.

const PROVINCES = new Set(
  ("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71" +
    " 81 82 83").split(" "),
);
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const COMPANY_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const COMPANY_KINDS = new Set(
  ("11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1" +
    " N2 N3 N9 Y1").split(" "),
);
const VIN_CHARS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
const VIN_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @param {string} year @param {string} month @param {string} day */
export function isDate(year, month, day) {
  const m = Number(month);
  const d = Number(day);
  return ["18", "19", "20"].includes(year.slice(0, 2)) && m >= 1 && m <= 12 && d >= 1 && d <= MONTH_DAYS[m - 1];
}

/** @param {string} text */
export function residentShape(text) {
  if (!PROVINCES.has(text.slice(0, 2))) return false;
  if (text.length === 15) return isDate("19", text.slice(8, 10), text.slice(10, 12));
  return text.length === 18 && isDate(text.slice(6, 10), text.slice(10, 12), text.slice(12, 14));
}

/** @param {string} text */
export function resident(text) {
  if (!residentShape(text) || text.length !== 18) return false;
  const total = RESIDENT_WEIGHTS.reduce((sum, weight, at) => sum + Number(text[at]) * weight, 0);
  return "10X98765432"[total % 11] === text[17].toUpperCase();
}

/** @param {string} text */
export function hongKong(text) {
  const letters = text.slice(0, -7);
  const values = letters.length === 1 ? [36] : [];
  for (const char of letters) values.push(char.charCodeAt(0) - 55);
  for (const char of text.slice(-7, -1)) values.push(Number(char));
  values.push(text.endsWith("A") ? 10 : Number(text.slice(-1)));
  return values.reduce((sum, value, at) => sum + value * (9 - at), 0) % 11 === 0;
}

/** @param {string} digits */
export function luhn(digits) {
  let total = 0;
  for (let place = 0; place < digits.length; place++) {
    const value = Number(digits[digits.length - 1 - place]) * (1 + (place % 2));
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}

/** @param {string} text */
export function company(text) {
  if (!COMPANY_KINDS.has(text.slice(0, 2))) return false;
  if (!PROVINCES.has(text.slice(2, 4)) && text.slice(2, 4) !== "10") return false;
  const values = Array.from(text, (char) => COMPANY_CHARS.indexOf(char));
  if (values.includes(-1) || !/^[0-9]{6}$/.test(text.slice(2, 8))) return false;
  let total = 0;
  let weight = 1;
  for (const value of values.slice(0, 17)) {
    total += value * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (total % 31)) % 31 === values[17];
}

/** @param {string} text */
export function vin(text) {
  const total = VIN_WEIGHTS.reduce((sum, weight, at) => sum + VIN_VALUES[VIN_CHARS.indexOf(text[at])] * weight, 0);
  return (total % 11 === 10 ? "X" : String(total % 11)) === text[8];
}

/** @param {string} text */
export function publicIp(text) {
  const [a, b, c] = text.split(".").map(Number);
  return !(
    [0, 10, 127].includes(a) ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    ["192.0.0", "192.0.2", "198.51.100", "203.0.113"].includes(`${a}.${b}.${c}`) ||
    (a === 198 && (b === 18 || b === 19))
  );
}

/** @param {string} text */
export function publicIpv6(text) {
  const groups = text.toLowerCase().split(":");
  const gaps = text.split("::").length - 1;
  if (text.includes(":::") || gaps > 1 || (gaps === 0 && groups.length !== 8) || groups.length > 8) return false;
  if (groups[0].length !== 4 || !"23".includes(groups[0][0])) return false;
  return !(groups[0] === "2001" && (groups[1] === "db8" || groups[1] === "0db8"));
}
