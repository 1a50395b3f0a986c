/** As much of a body is kept to be looked at, in bytes. */
const MOST_KEPT = 20_000;

/** A body as the timeline shows it: its beginning where it is text, its size where it is not. */
export class BodyBeginning {
  readonly #kept: Buffer[] = [];
  #bytes = 0;

  /** @param chunk what follows; of what is no bytes and no text, nothing is kept */
  add(chunk: unknown): void {
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return;
    const wanted = MOST_KEPT - this.#bytes;
    this.#bytes += Buffer.byteLength(chunk);
    // A copy: whoever wrote it may use its memory again.
    if (wanted > 0) this.#kept.push(Buffer.from(chunk.slice(0, wanted)));
  }

  /** @param type its Content-Type @returns `undefined` for no body */
  toText(type: string | undefined): string | undefined {
    if (this.#bytes === 0) return undefined;
    if (!/json|text|xml/.test(type ?? ""))
      return `${this.#bytes} bytes of ${type?.split(";")[0] ?? "something"}`;
    const isWhole = this.#bytes <= MOST_KEPT;
    // Not half of a character.
    const beginning = new TextDecoder().decode(Buffer.concat(this.#kept).subarray(0, MOST_KEPT), {
      stream: !isWhole,
    });
    return isWhole ? beginning : `${beginning}…`;
  }
}
