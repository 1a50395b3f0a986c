import { describeError, RecordConflictError } from "../../contract/errors";
import type { Logger } from "../../contract/logger";
import type { Records } from "../../contract/records";
import { sleep } from "../../util/sleep";

/** How far everything has arrived, and when the account ran first: what was written before is no news. */
export interface Checkpoint {
  /** Milliseconds since 1970, as is `upTo`. */
  readonly begun: number;
  readonly upTo: number;
}

/** Whoever catches up says so this often; after three silences another one does. */
const CLAIM_EVERY_MS = 5_000;

/** How far each account has come, and who is finding out: kept in the inbox's records, for all that share them. */
export class Checkpoints {
  readonly #records: Records;
  readonly #now: () => number;
  readonly #log: Logger;

  constructor(records: Records, now: () => number, log: Logger) {
    this.#records = records;
    this.#now = now;
    this.#log = log;
  }

  /** @param name of the account @returns `undefined` when it never ran before */
  async read(name: string): Promise<Checkpoint | undefined> {
    const value = (await this.#records.read(name))?.value;
    return value === undefined ? undefined : (value as unknown as Checkpoint); // only written below
  }

  write(name: string, { begun, upTo }: Checkpoint): Promise<void> {
    return this.#records.write([{ key: name, value: { begun, upTo } }]);
  }

  /** Whether a process catches up. */
  async isClaimed(name: string): Promise<boolean> {
    return (await this.#records.read(claimOf(name))) !== undefined;
  }

  /** Says that this process catches up, and goes on saying so. @returns `undefined` when another one does */
  async claim(name: string, signal: AbortSignal): Promise<{ release(): Promise<void> } | undefined> {
    const key = claimOf(name);
    const entry = () => ({ key, value: true, expiresAt: this.#now() + 3 * CLAIM_EVERY_MS });
    const warn = (error: unknown): void => warnOfCheckpoint(this.#log, error);
    try {
      await this.#records.write([{ ...entry(), ifVersion: 0 }]);
    } catch (error) {
      if (error instanceof RecordConflictError) return undefined;
      throw error;
    }
    const over = new AbortController();
    const renewing = (async () => {
      for (;;) {
        await sleep(CLAIM_EVERY_MS, AbortSignal.any([over.signal, signal]));
        if (over.signal.aborted || signal.aborted) return;
        await this.#records.write([entry()]).catch(warn);
      }
    })();
    return {
      release: async () => {
        over.abort();
        await renewing;
        await this.#records.write([{ key }]).catch(warn);
      },
    };
  }
}

/** It is tried again without anybody's doing. */
export function warnOfCheckpoint(log: Logger, error: unknown): void {
  log.warn("the checkpoint for catching up could not be kept; trying again", { error: describeError(error) });
}

function claimOf(name: string): string {
  return `${name}/claim`;
}
