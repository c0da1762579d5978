// @ts-check
// Raw deflate (RFC 1951), read. The browser's own DecompressionStream is younger than many offices' browsers,
// and answers later, while this answers at once; shards are a few kilobytes.

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * @typedef {{table: Uint16Array, longest: number}} Code a canonical Huffman code: for every `longest` bits to come, the
 *   symbol they begin with, times 16, and how many of them it takes
 */

/**
 * @param {Uint8Array} lengths
 * @returns {Code}
 */
function makeCode(lengths) {
  const counts = new Uint16Array(16);
  let longest = 1;
  for (const length of lengths) {
    counts[length]++;
    if (length > longest) longest = length;
  }
  counts[0] = 0;
  const next = new Uint16Array(17);
  for (let i = 1; i < 16; i++) next[i + 1] = (next[i] + counts[i]) << 1;
  const size = 1 << longest;
  const table = new Uint16Array(size);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (!length) continue;
    // The first bit of a code is the lowest of those to come.
    let code = next[length]++;
    let place = 0;
    for (let i = 0; i < length; i++, code >>= 1) place = (place << 1) | (code & 1);
    for (; place < size; place += 1 << length) table[place] = (symbol << 4) | length;
  }
  return { table, longest };
}

const FIXED_LENGTHS = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
const FIXED = makeCode(FIXED_LENGTHS);
const FIXED_DISTANCES = makeCode(new Uint8Array(30).fill(5));

/**
 * @param {Uint8Array} data
 * @returns {Uint8Array}
 */
export function inflate(data) {
  let at = 0;
  let held = 0;
  let count = 0;
  let out = new Uint8Array(data.length * 4 + 64);
  let size = 0;

  /** @param {number} wanted */
  function bits(wanted) {
    while (count < wanted) {
      if (at >= data.length) throw new RangeError("inflate: the data ends too early");
      held |= data[at++] << count;
      count += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  }

  /** @param {Code} code */
  function symbol({ table, longest }) {
    while (count < longest && at < data.length) {
      held |= data[at++] << count;
      count += 8;
    }
    const entry = table[held & (table.length - 1)];
    const length = entry & 15;
    if (!length) throw new RangeError("inflate: no such code");
    if (length > count) throw new RangeError("inflate: the data ends too early");
    held >>>= length;
    count -= length;
    return entry >> 4;
  }

  /** @param {number} more */
  function room(more) {
    if (size + more <= out.length) return;
    const larger = new Uint8Array(Math.max(out.length * 2, size + more));
    larger.set(out.subarray(0, size));
    out = larger;
  }

  /** @param {Code} literals @param {Code} distances */
  function block(literals, distances) {
    for (;;) {
      const value = symbol(literals);
      if (value < 256) {
        if (size === out.length) room(1);
        out[size++] = value;
      } else if (value === 256) {
        return;
      } else {
        const length = LENGTHS[value - 257] + bits(LENGTH_BITS[value - 257]);
        const place = symbol(distances);
        const distance = DISTANCES[place] + bits(DISTANCE_BITS[place]);
        if (distance > size) throw new RangeError("inflate: reaches before the beginning");
        room(length);
        for (let i = 0; i < length; i++, size++) out[size] = out[size - distance];
      }
    }
  }

  let last = 0;
  while (!last) {
    last = bits(1);
    const type = bits(2);
    if (type === 0) {
      // The rest of the byte is left out; whole bytes that were read ahead are given back.
      at -= count >> 3;
      held = count = 0;
      const length = data[at] | (data[at + 1] << 8);
      at += 4;
      if (at + length > data.length) throw new RangeError("inflate: the data ends too early");
      room(length);
      out.set(data.subarray(at, at + length), size);
      size += length;
      at += length;
    } else if (type === 1) {
      block(FIXED, FIXED_DISTANCES);
    } else if (type === 2) {
      const literals = bits(5) + 257;
      const distances = bits(5) + 1;
      const codes = bits(4) + 4;
      const lengths = new Uint8Array(19);
      for (let i = 0; i < codes; i++) lengths[ORDER[i]] = bits(3);
      const code = makeCode(lengths);
      const all = new Uint8Array(literals + distances);
      for (let i = 0; i < all.length; ) {
        const value = symbol(code);
        if (value < 16) {
          all[i++] = value;
          continue;
        }
        const repeated = value === 16 ? all[i - 1] : 0;
        const times = value === 16 ? 3 + bits(2) : value === 17 ? 3 + bits(3) : 11 + bits(7);
        all.fill(repeated, i, i + times);
        i += times;
      }
      block(makeCode(all.subarray(0, literals)), makeCode(all.subarray(literals)));
    } else {
      throw new RangeError("inflate: no such block");
    }
  }
  return out.subarray(0, size);
}
