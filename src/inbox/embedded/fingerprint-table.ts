/**
 * Which events have a key, by its fingerprint: a whole number below 2^53 that is as good as chance. Two numbers for each event,
 * side by side in two arrays: a million events take 32 MB, and nothing for the garbage collector to look through.
 *
 * Open addressing with linear probing. Events whose keys share a fingerprint, which happens by chance, stand side by side.
 */
export class FingerprintTable {
  #fingerprints = new Float64Array(FEWEST_SLOTS);
  /** 0: the slot is free. */
  #ids = new Float64Array(FEWEST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param id above 0 */
  add(fingerprint: number, id: number): void {
    if ((this.#size + 1) * 3 > this.#ids.length * 2) this.#resize(this.#ids.length * 2);
    this.#put(fingerprint, id);
    this.#size++;
  }

  /** @returns ids, unordered */
  find(fingerprint: number): readonly number[] {
    let found = NOTHING;
    const mask = this.#ids.length - 1;
    for (let slot = fingerprint & mask; this.#ids[slot] !== 0; slot = (slot + 1) & mask)
      if (this.#fingerprints[slot] === fingerprint) found = [...found, this.#ids[slot] ?? 0];
    return found;
  }

  /** Removes an entry, if it exists. */
  delete(fingerprint: number, id: number): void {
    const mask = this.#ids.length - 1;
    let slot = fingerprint & mask;
    while (this.#ids[slot] !== 0 && !(this.#fingerprints[slot] === fingerprint && this.#ids[slot] === id))
      slot = (slot + 1) & mask;
    if (this.#ids[slot] === 0) return;
    this.#close(slot);
    this.#size--;
    if (this.#ids.length > FEWEST_SLOTS && this.#size * 8 < this.#ids.length)
      this.#resize(this.#ids.length / 2);
  }

  #put(fingerprint: number, id: number): void {
    const mask = this.#ids.length - 1;
    let slot = fingerprint & mask;
    while (this.#ids[slot] !== 0) slot = (slot + 1) & mask;
    this.#fingerprints[slot] = fingerprint;
    this.#ids[slot] = id;
  }

  /** Moves entries back over a gap across which `find` would not reach them. */
  #close(gap: number): void {
    const mask = this.#ids.length - 1;
    let free = gap;
    for (let slot = (gap + 1) & mask; this.#ids[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#fingerprints[slot] ?? 0) & mask;
      // Further from home than the gap is from it.
      if (((slot - home) & mask) < ((slot - free) & mask)) continue;
      this.#fingerprints[free] = this.#fingerprints[slot] ?? 0;
      this.#ids[free] = this.#ids[slot] ?? 0;
      free = slot;
    }
    this.#ids[free] = 0;
  }

  #resize(slots: number): void {
    const [fingerprints, ids] = [this.#fingerprints, this.#ids];
    this.#fingerprints = new Float64Array(slots);
    this.#ids = new Float64Array(slots);
    ids.forEach((id, slot) => {
      if (id !== 0) this.#put(fingerprints[slot] ?? 0, id);
    });
  }
}

/** All sizes are powers of two. */
const FEWEST_SLOTS = 1_024;
const NOTHING: readonly number[] = [];
