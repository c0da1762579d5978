// @ts-check
// Whole numbers in bits, by the code of Rice; the twin of bits.py.

const ESCAPE = 20;
// A read may look so far beyond the end; there are zeros.
const BEYOND = 8;

export class BitReader {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = new Uint8Array(data.length + BEYOND);
    this.data.set(data);
    /** The place of the next bit, from 0. */
    this.at = 0;
  }

  /**
   * The next 25 bits or more, at the top of 32.
   * @returns {number}
   */
  peek() {
    const data = this.data;
    const byte = this.at >>> 3;
    const word = (data[byte] << 24) | (data[byte + 1] << 16) | (data[byte + 2] << 8) | data[byte + 3];
    return word << (this.at & 7);
  }

  /**
   * A number of `width` bits, at most 32.
   * @param {number} width
   * @returns {number}
   */
  bits(width) {
    if (width === 0) return 0;
    if (width > 24) {
      const high = this.bits(width - 16);
      return high * 65536 + this.bits(16);
    }
    const value = this.peek() >>> (32 - width);
    this.at += width;
    return value;
  }

  /**
   * A number written with parameter `k`.
   * @param {number} k
   * @returns {number}
   */
  rice(k) {
    const word = this.peek();
    const zeros = Math.clz32(word);
    // Nearly always, 25 bits hold all of it.
    if (zeros + k < 24 && zeros < ESCAPE) {
      this.at += zeros + 1 + k;
      return (zeros << k) | ((word << (zeros + 1)) >>> 1 >>> (31 - k));
    }
    this.at += zeros + 1;
    if (zeros >= ESCAPE) return this.bits(32);
    return zeros * 2 ** k + this.bits(k);
  }
}

/**
 * The parameter for the gaps between `count` numbers below `range`.
 * @param {number} range
 * @param {number} count
 */
export function gapParameter(range, count) {
  const mean = Math.floor((range * 69) / (count * 100));
  return mean === 0 ? 0 : 31 - Math.clz32(mean);
}

/**
 * 0, 1, 2, 3 … become 0, -1, 1, -2 …
 * @param {number} number
 */
export function unzigzag(number) {
  return number & 1 ? -((number + 1) >> 1) : number >> 1;
}

/**
 * Numbers that grow.
 * @param {BitReader} bits
 * @param {number} count
 * @returns {number[]}
 */
export function readRising(bits, count) {
  const numbers = [];
  if (count) {
    const k = bits.bits(6);
    let last = -1;
    for (let i = 0; i < count; i++) {
      last += bits.rice(k) + 1;
      numbers.push(last);
    }
  }
  return numbers;
}
