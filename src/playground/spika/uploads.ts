import type { Later } from "../scheduler";
import { SpikaError } from "./answers";

/** Files that are sent in parts and are not whole yet. */
export interface UploadBounds {
  /** How many files at the same time. */
  readonly most: number;
  /** How many bytes one file has. */
  readonly mostBytesEach: number;
  /** How many bytes all of them have together. */
  readonly mostBytes: number;
  /** How long the next part may take, in milliseconds. */
  readonly idleMs: number;
}

export const UPLOAD_BOUNDS: UploadBounds = {
  most: 20,
  mostBytesEach: 100 * 1024 * 1024,
  mostBytes: 128 * 1024 * 1024,
  idleMs: 5 * 60_000,
};

/** More parts than a file of the largest size has in pieces of some kilobytes. */
const MOST_PARTS = 20_000;

interface Upload {
  readonly parts: Map<number, Buffer>;
  bytes: number;
  lastAt: number;
}

/** Parts of files, by the name that the client has for the file, until the file is whole or no part comes any more. */
export class Uploads {
  readonly #bounds: UploadBounds;
  readonly #now: () => number;
  readonly #later: Pick<Later, "after">;
  readonly #uploads = new Map<string, Upload>();
  #isSweepPlanned = false;

  constructor(now: () => number, later: Pick<Later, "after">, bounds: UploadBounds = UPLOAD_BOUNDS) {
    this.#now = now;
    this.#later = later;
    this.#bounds = bounds;
  }

  /** Refuses a part by its size, before it is read. @throws SpikaError as {@link add} does */
  requireRoomFor(bytes: number): void {
    this.#dropIdle();
    if (this.#bytes() + bytes > this.#bounds.mostBytes)
      throw new SpikaError(
        429,
        `Too many unfinished uploads: they may have ${this.#bounds.mostBytes} bytes together. Finish them, or wait ${this.#bounds.idleMs / 60_000} minutes.`,
      );
  }

  /**
   * Adds a part, in the place of one that came before with the same index.
   * @returns the indexes of the parts that are there
   * @throws SpikaError 413 if the file becomes too large; 429 if there are too many unfinished files
   */
  add(clientId: string, index: number, part: Buffer): readonly number[] {
    const { most, mostBytesEach } = this.#bounds;
    if (!Number.isInteger(index) || index < 0 || index >= MOST_PARTS)
      throw new SpikaError(
        400,
        `Invalid params ValidationError: body.offset must be less than ${MOST_PARTS}`,
      );
    this.#dropIdle();
    const upload = this.#uploads.get(clientId) ?? { parts: new Map(), bytes: 0, lastAt: 0 };
    const before = upload.parts.get(index)?.length ?? 0;
    if (upload.bytes - before + part.length > mostBytesEach)
      throw new SpikaError(413, `The file is too large: it may have ${mostBytesEach} bytes.`);
    if (!this.#uploads.has(clientId) && this.#uploads.size >= most)
      throw new SpikaError(429, `Too many unfinished uploads: there may be ${most} at the same time.`);
    this.requireRoomFor(part.length - before);
    upload.parts.set(index, part);
    upload.bytes += part.length - before;
    upload.lastAt = this.#now();
    this.#uploads.set(clientId, upload);
    this.#planSweep();
    return [...upload.parts.keys()];
  }

  /** @returns the first `total` parts as one, `undefined` unless all are there */
  join(clientId: string, total: number): Buffer | undefined {
    this.#dropIdle();
    const parts = this.#uploads.get(clientId)?.parts;
    if (parts === undefined || total > parts.size) return undefined;
    const found = Array.from({ length: total }, (_, index) => parts.get(index));
    return found.every((part) => part !== undefined) ? Buffer.concat(found) : undefined;
  }

  delete(clientId: string): void {
    this.#uploads.delete(clientId);
  }

  /** Everything that was planned for later is forgotten as well. */
  clear(): void {
    this.#uploads.clear();
    this.#isSweepPlanned = false;
  }

  #planSweep(): void {
    if (this.#isSweepPlanned || this.#uploads.size === 0) return;
    this.#isSweepPlanned = true;
    this.#later.after(this.#bounds.idleMs, () => {
      this.#isSweepPlanned = false;
      this.#dropIdle();
      this.#planSweep();
    });
  }

  /** Drops files of which no part has come for a while. */
  #dropIdle(): void {
    const now = this.#now();
    for (const [clientId, { lastAt }] of this.#uploads)
      if (now - lastAt >= this.#bounds.idleMs) this.#uploads.delete(clientId);
  }

  #bytes(): number {
    let bytes = 0;
    for (const upload of this.#uploads.values()) bytes += upload.bytes;
    return bytes;
  }
}
