// @ts-check
// What has been fetched and read, kept as long as there is room: what was used last stays.

/**
 * @template Value
 */
export class Cache {
  /** @param {(value: Value) => number} sizeOf about how many bytes of memory a value takes */
  constructor(sizeOf) {
    this.sizeOf = sizeOf;
    /** Least lately used first. @type {Map<string, {value: Value, size: number}>} */
    this.held = new Map();
    /** @type {Map<string, Promise<Value>>} */
    this.underway = new Map();
    this.size = 0;
  }

  /**
   * What is here now.
   * @param {string} id
   * @returns {Value | undefined}
   */
  get(id) {
    const entry = this.held.get(id);
    if (!entry) return undefined;
    this.held.delete(id);
    this.held.set(id, entry);
    return entry.value;
  }

  /**
   * @param {string} id
   * @param {Value} value
   */
  put(id, value) {
    const before = this.held.get(id);
    if (before) this.size -= before.size;
    this.held.delete(id);
    const size = this.sizeOf(value);
    this.held.set(id, { value, size });
    this.size += size;
    return value;
  }

  /**
   * What is here, or else is made, once for all who ask meanwhile. What failed is made anew the next time.
   * @param {string} id
   * @param {() => Promise<Value>} make
   * @returns {Promise<Value>}
   */
  fetch(id, make) {
    const value = this.get(id);
    if (value !== undefined) return Promise.resolve(value);
    let making = this.underway.get(id);
    if (!making) {
      making = make().then((made) => this.put(id, made));
      this.underway.set(id, making);
      const done = () => void this.underway.delete(id);
      making.then(done, done);
    }
    return making;
  }

  /**
   * Forget what was not used lately, until no more than `most` bytes are held.
   * @param {number} most
   */
  trim(most) {
    for (const [id, { size }] of this.held) {
      if (this.size <= most) return;
      this.held.delete(id);
      this.size -= size;
    }
  }
}
