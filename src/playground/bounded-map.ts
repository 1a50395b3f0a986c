/** How much a {@link BoundedMap} holds. */
export interface Bounds<Value> {
  /** How many values. */
  readonly most: number;
  /** How many bytes all values have together. */
  readonly mostBytes: number;
  bytesOf(value: Value): number;
}

/** A map in which the oldest values make room for new ones. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #bounds: Bounds<Value>;
  #bytes = 0;

  constructor(bounds: Bounds<Value>) {
    super();
    this.#bounds = bounds;
  }

  /** The newest value stays, even if it has more bytes than all together may have. */
  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    this.#bytes += this.#bounds.bytesOf(value);
    for (const oldest of this.keys()) {
      if (this.size <= this.#bounds.most && this.#bytes <= this.#bounds.mostBytes) break;
      if (oldest !== key) this.delete(oldest);
    }
    return this;
  }

  override delete(key: Key): boolean {
    const value = this.get(key);
    if (value !== undefined) this.#bytes -= this.#bounds.bytesOf(value);
    return super.delete(key);
  }

  override clear(): void {
    this.#bytes = 0;
    super.clear();
  }
}

/** What one platform keeps of files. A larger file than Webex takes, 100 MiB, cannot be sent. */
export const FILE_BOUNDS: Bounds<{ readonly bytes: Buffer }> = {
  most: 1_000,
  mostBytes: 256 * 1024 * 1024,
  bytesOf: ({ bytes }) => bytes.length,
};
