import { describe, RecordConflictError } from "./errors";
import { type Logger, withFields } from "./logger";
import type { Metrics } from "./metrics";
import type { Notice } from "./notice";
import { pause } from "./pause";
import type { Missed, Platform } from "./platform";
import type { Accept } from "./receive";
import type { Records } from "./records";

export interface CatchUpOptions {
  /** What is older is left alone, in milliseconds. Less than the inbox remembers what it has handled. @default 86_400_000, a day */
  readonly maxAgeMs?: number | undefined;
  /** How many rooms are looked into at most, those with the latest activity first; one call each. @default 500 */
  readonly maxRooms?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

export interface CatchUpParts {
  readonly accept: Accept;
  readonly records: Records;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "caughtUp">;
  /** Whether what happens arrives now; the checkpoint stays where it is while it does not. @default always */
  readonly isArriving?: ((platform: Platform) => boolean) | undefined;
}

/** What one round brought. */
export interface CatchUpReport {
  /** From when on, in milliseconds since 1970. */
  readonly since: number;
  readonly rooms: number;
  /** What people did there. */
  readonly found: number;
  /** How much of it had not arrived before. */
  readonly added: number;
  /** `false` when there were more rooms than are looked into. */
  readonly isComplete: boolean;
}

/**
 * Finds what happened while nobody listened, and takes it into the inbox like a delivery: with the same keys, so that
 * nothing is handled twice, and in order.
 *
 * How far everything is known to have arrived, the checkpoint, is kept in the inbox's records. One process of those
 * that share an inbox catches up for all.
 */
export interface CatchUp {
  /** Has deliveries wait for what preceded them from now on, until `follow` has caught up. Before anything is accepted. */
  expect(platform: Platform): void;
  /** For {@link createAccept}: while a round is on, what was missed in a room is taken in before what happens there now. */
  precede(notice: Notice): Promise<void> | undefined;
  /**
   * Catches up since the checkpoint, again and again until it has succeeded, then moves the checkpoint along with the
   * time until `signal` is aborted. An account that never ran before has missed nothing.
   */
  follow(platform: Platform, signal: AbortSignal): Promise<void>;
  /** One round, for a gap that is known of. @param since in milliseconds since 1970 */
  since(platform: Platform, since: number, signal: AbortSignal): Promise<CatchUpReport | undefined>;
  /** The same, again and again until it has succeeded, from a little earlier on. */
  fill(platform: Platform, since: number, signal: AbortSignal): Promise<void>;
}

/** Clocks differ, and what was accepted last may be younger than it looks. Known events are recognised by their keys. */
const OVERLAP_MS = 300_000;
/** How often the checkpoint moves. */
const CHECKPOINT_EVERY_MS = 60_000;
/** Whoever catches up says so this often; after three silences another one does. */
const CLAIM_EVERY_MS = 5_000;
/** How long a delivery waits for what its room has missed; nobody knows how long the platform waits for its answer. */
const PRECEDE_MS = 3_000;
const RETRY_WAITS_MS: readonly number[] = [2_000, 10_000, 30_000, 60_000];

/** How far everything has arrived, and when the account ran first: what was written before is no news. */
interface Checkpoint {
  readonly begun: number;
  readonly upTo: number;
}

/** Makes one for all accounts of a program. */
export function createCatchUp(parts: CatchUpParts, options: CatchUpOptions = {}): CatchUp {
  const { accept, records, metrics, isArriving = () => true } = parts;
  const { maxAgeMs = 86_400_000, maxRooms = 500, now = Date.now } = options;
  /** By account, as long as something may have to precede what arrives. */
  const gates = new Map<string, Gate>();

  async function since(
    platform: Platform,
    from: number,
    signal: AbortSignal,
  ): Promise<CatchUpReport | undefined> {
    const { missed } = platform;
    if (missed === undefined) return undefined;
    const name = nameOf(platform);
    const begun = now();
    // What was written before the account ran first is no news.
    const first = (await readCheckpoint(name))?.begun ?? 0;
    const round = new Round(missed, Math.max(from, first, begun - maxAgeMs), accept, signal);
    const gate = gates.get(name) ?? openGate();
    gates.set(name, gate);
    gate.begin(round);
    try {
      const report = await round.run(maxRooms);
      metrics.caughtUp(platform.name, report.added);
      const log = withFields(parts.log, { platform: platform.name, account: platform.account });
      const numbers = { ...report, since: new Date(report.since).toISOString(), ms: now() - begun };
      if (report.isComplete) log.info("caught up with what happened meanwhile", numbers);
      else
        log.warn("caught up with the rooms of the latest activity only; there are more", {
          ...numbers,
          maxRooms,
        });
      shut(name);
      return report;
    } catch (error) {
      // Whoever wants the round tries again; what arrives meanwhile waits for that one.
      gates.set(name, openGate());
      throw error;
    }
  }

  async function follow(platform: Platform, signal: AbortSignal): Promise<void> {
    if (platform.missed === undefined) return;
    const started = now();
    const name = nameOf(platform);
    const log = withFields(parts.log, { platform: platform.name, account: platform.account });
    await untilDone(() => catchUpOnce(platform, name, started, signal), log, signal);
    if (!signal.aborted) shut(name);
    while (!signal.aborted) {
      await pause(CHECKPOINT_EVERY_MS, signal);
      if (!signal.aborted && isArriving(platform))
        await moveAlong(name).catch((error: unknown) => warn(log, error));
    }
  }

  async function fill(platform: Platform, from: number, signal: AbortSignal): Promise<void> {
    const log = withFields(parts.log, { platform: platform.name, account: platform.account });
    const once = async (): Promise<true> => {
      await since(platform, from - OVERLAP_MS, signal);
      return true;
    };
    await untilDone(once, log, signal);
  }

  /** @returns whether nothing is missing any more */
  async function catchUpOnce(
    platform: Platform,
    name: string,
    started: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const checkpoint = await readCheckpoint(name);
    if (checkpoint === undefined) {
      await writeCheckpoint(name, { begun: started, upTo: started });
      return true;
    }
    // Another process has looked since we began to listen.
    if (checkpoint.upTo >= started) return true;
    const claim = await claimRound(name, signal);
    if (claim === undefined) {
      // What that one finds is not ours to wait for.
      shut(name);
      return false;
    }
    try {
      const begun = now();
      await since(platform, Math.max(checkpoint.begun, checkpoint.upTo - OVERLAP_MS), signal);
      if (signal.aborted) return false;
      await writeCheckpoint(name, { ...checkpoint, upTo: begun });
      return true;
    } finally {
      await claim.release();
    }
  }

  /** Says that this process catches up, and goes on saying so. @returns `undefined` when another one does */
  async function claimRound(
    name: string,
    signal: AbortSignal,
  ): Promise<{ release(): Promise<void> } | undefined> {
    const key = `${name}/claim`;
    const entry = () => ({ key, value: true, expiresAt: now() + 3 * CLAIM_EVERY_MS });
    try {
      await records.write([{ ...entry(), ifVersion: 0 }]);
    } catch (error) {
      if (error instanceof RecordConflictError) return undefined;
      throw error;
    }
    const over = new AbortController();
    const renewing = (async () => {
      for (;;) {
        await pause(CLAIM_EVERY_MS, AbortSignal.any([over.signal, signal]));
        if (over.signal.aborted || signal.aborted) return;
        await records.write([entry()]).catch((error: unknown) => warn(parts.log, error));
      }
    })();
    return {
      async release() {
        over.abort();
        await renewing;
        await records.write([{ key }]).catch((error: unknown) => warn(parts.log, error));
      },
    };
  }

  /** Everything up to now has arrived, unless somebody is finding out. */
  async function moveAlong(name: string): Promise<void> {
    if ((await records.read(`${name}/claim`)) !== undefined || gates.has(name)) return;
    const checkpoint = await readCheckpoint(name);
    const upTo = now();
    await writeCheckpoint(name, { begun: checkpoint?.begun ?? upTo, upTo });
  }

  async function readCheckpoint(name: string): Promise<Checkpoint | undefined> {
    const value = (await records.read(name))?.value;
    return value === undefined ? undefined : (value as unknown as Checkpoint); // only written below
  }

  function writeCheckpoint(name: string, { begun, upTo }: Checkpoint): Promise<void> {
    return records.write([{ key: name, value: { begun, upTo } }]);
  }

  /** Nothing has to precede anything any more. */
  function shut(name: string): void {
    gates.get(name)?.begin(undefined);
    gates.delete(name);
  }

  async function atMostAWhile(work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    // The round itself meets the error, and is made again.
    const done = work.catch(() => undefined);
    await Promise.race([done, pause(PRECEDE_MS, over.signal)]);
    over.abort();
  }

  return {
    expect(platform) {
      if (platform.missed !== undefined) gates.set(nameOf(platform), openGate());
    },
    precede({ platform, account, room }) {
      const gate = gates.get(nameOf({ name: platform, account }));
      if (gate === undefined || room === undefined || gate.isInVain()) return undefined;
      return atMostAWhile(gate.round.then((round) => round?.before(room.id)));
    },
    follow,
    since,
    fill,
  };
}

/** Tries until `once` says that it is done, or the signal is aborted. */
async function untilDone(once: () => Promise<boolean>, log: Logger, signal: AbortSignal): Promise<void> {
  for (let tries = 0; !signal.aborted; tries++) {
    try {
      if (await once()) return;
    } catch (error) {
      if (signal.aborted) return;
      log.warn("cannot catch up yet; trying again", { error: describe(error) });
    }
    await pause(RETRY_WAITS_MS[Math.min(tries, RETRY_WAITS_MS.length - 1)] ?? 0, signal);
  }
}

/** What arrives waits here for the round that is to come, or is under way. */
interface Gate {
  readonly round: Promise<Round | undefined>;
  begin(round: Round | undefined): void;
  /** The round has not begun for so long that the platform is away: what arrives would wait each time. */
  isInVain(): boolean;
}

function openGate(): Gate {
  const openedAt = performance.now();
  let hasBegun = false;
  let resolve: Gate["begin"] = () => undefined;
  const round = new Promise<Round | undefined>((begin) => {
    resolve = begin;
  });
  return {
    round,
    begin(of) {
      hasBegun = true;
      resolve(of);
    },
    isInVain: () => !hasBegun && performance.now() - openedAt > PRECEDE_MS,
  };
}

/** One look at everything since a moment. */
class Round {
  readonly #missed: Missed;
  readonly #since: number;
  readonly #accept: Accept;
  readonly #signal: AbortSignal;
  readonly #rooms = new Map<string, Promise<{ found: number; added: number }>>();

  constructor(missed: Missed, since: number, accept: Accept, signal: AbortSignal) {
    this.#missed = missed;
    this.#since = since;
    this.#accept = accept;
    this.#signal = signal;
  }

  async run(maxRooms: number): Promise<CatchUpReport> {
    let found = 0;
    let added = 0;
    let rooms = 0;
    let isComplete = true;
    for await (const roomId of this.#missed.rooms(this.#since, this.#signal)) {
      if (rooms === maxRooms) {
        isComplete = false;
        break;
      }
      rooms++;
      // One after the other: replies to people who write now need calls too.
      const brought = await this.#room(roomId);
      found += brought.found;
      added += brought.added;
    }
    return { since: this.#since, rooms, found, added, isComplete };
  }

  /** Resolves when what the room has missed is in the inbox. */
  before(roomId: string): Promise<unknown> {
    return this.#room(roomId);
  }

  #room(roomId: string): Promise<{ found: number; added: number }> {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const looking = this.#look(roomId);
    this.#rooms.set(roomId, looking);
    // The next one who needs it tries anew.
    looking.catch(() => this.#rooms.delete(roomId));
    return looking;
  }

  async #look(roomId: string): Promise<{ found: number; added: number }> {
    const notices = await this.#missed.notices(roomId, this.#since, this.#signal);
    let added = 0;
    for (const notice of notices) {
      this.#signal.throwIfAborted();
      if ((await this.#accept(notice)) === "added") added++;
    }
    return { found: notices.length, added };
  }
}

function nameOf({ name, account }: { readonly name: string; readonly account: string }): string {
  return `catch-up/${name}/${account}`;
}

function warn(log: Logger, error: unknown): void {
  log.warn("the checkpoint for catching up could not be kept; trying again", { error: describe(error) });
}
