import { optionNames } from "../../contract/check-options";
import { describeError } from "../../contract/errors";
import { type Logger, withFields } from "../../contract/logger";
import type { Metrics } from "../../contract/metrics";
import type { Notice } from "../../contract/notice";
import type { Platform } from "../../contract/platform";
import type { Records } from "../../contract/records";
import { sleep } from "../../util/sleep";
import type { AcceptNotice } from "../receive";
import { type ArrivalBarrier, openGate } from "./arrival-barrier";
import { type CatchUpReport, CatchUpRun } from "./catch-up-run";
import { Checkpoints, warnOfCheckpoint } from "./checkpoints";

export interface CatchUpOptions {
  /** What is older is left alone, in milliseconds. Less than the inbox remembers what it has handled. @default 86_400_000, a day */
  readonly maxAgeMs?: number | undefined;
  /** How many rooms are looked into at most, those with the latest activity first; one call each. @default 500 */
  readonly maxRooms?: number | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

export const CATCH_UP_OPTIONS = optionNames<CatchUpOptions>({ maxAgeMs: true, maxRooms: true, now: true });

export interface CatchUpParts {
  readonly accept: AcceptNotice;
  readonly records: Records;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "caughtUp">;
  /** Whether what happens arrives now; the checkpoint stays where it is while it does not. @default always */
  readonly isArriving?: ((platform: Platform) => boolean) | undefined;
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
  /** For {@link createInboxWriter}: while a round is on, what was missed in a room is taken in before what happens there now. */
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
const RETRY_WAITS_MS: readonly number[] = [2_000, 10_000, 30_000, 60_000];

/** Makes one for all accounts of a program. */
export function createCatchUp(parts: CatchUpParts, options: CatchUpOptions = {}): CatchUp {
  const { accept, records, metrics, isArriving = () => true } = parts;
  const { maxAgeMs = 86_400_000, maxRooms = 500, now = Date.now } = options;
  const checkpoints = new Checkpoints(records, now, parts.log);
  /** By account, as long as something may have to precede what arrives. */
  const gates = new Map<string, ArrivalBarrier>();

  async function since(
    platform: Platform,
    from: number,
    signal: AbortSignal,
  ): Promise<CatchUpReport | undefined> {
    const { history: missed } = platform;
    if (missed === undefined) return undefined;
    const name = nameOf(platform);
    const begun = now();
    // What was written before the account ran first is no news.
    const first = (await checkpoints.read(name))?.begun ?? 0;
    const round = new CatchUpRun(missed, Math.max(from, first, begun - maxAgeMs), accept, signal);
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
    if (platform.history === undefined) return;
    const started = now();
    const name = nameOf(platform);
    const log = withFields(parts.log, { platform: platform.name, account: platform.account });
    await untilDone(() => catchUpOnce(platform, name, started, signal), log, signal);
    if (!signal.aborted) shut(name);
    while (!signal.aborted) {
      await sleep(CHECKPOINT_EVERY_MS, signal);
      if (!signal.aborted && isArriving(platform))
        await moveAlong(name).catch((error: unknown) => warnOfCheckpoint(log, error));
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
    const checkpoint = await checkpoints.read(name);
    if (checkpoint === undefined) {
      await checkpoints.write(name, { begun: started, upTo: started });
      return true;
    }
    // Another process has looked since we began to listen.
    if (checkpoint.upTo >= started) return true;
    const claim = await checkpoints.claim(name, signal);
    if (claim === undefined) {
      // What that one finds is not ours to wait for.
      shut(name);
      return false;
    }
    try {
      const begun = now();
      await since(platform, Math.max(checkpoint.begun, checkpoint.upTo - OVERLAP_MS), signal);
      if (signal.aborted) return false;
      await checkpoints.write(name, { ...checkpoint, upTo: begun });
      return true;
    } finally {
      await claim.release();
    }
  }

  /** Everything up to now has arrived, unless somebody is finding out. */
  async function moveAlong(name: string): Promise<void> {
    if ((await checkpoints.isClaimed(name)) || gates.has(name)) return;
    const checkpoint = await checkpoints.read(name);
    const upTo = now();
    await checkpoints.write(name, { begun: checkpoint?.begun ?? upTo, upTo });
  }

  /** Nothing has to precede anything any more. */
  function shut(name: string): void {
    gates.get(name)?.begin(undefined);
    gates.delete(name);
  }

  return {
    expect(platform) {
      if (platform.history !== undefined) gates.set(nameOf(platform), openGate());
    },
    precede({ platform, account, room }) {
      const gate = gates.get(nameOf({ name: platform, account }));
      return room === undefined ? undefined : gate?.precede(room.id);
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
      log.warn("cannot catch up yet; trying again", { error: describeError(error) });
    }
    await sleep(RETRY_WAITS_MS[Math.min(tries, RETRY_WAITS_MS.length - 1)] ?? 0, signal);
  }
}

function nameOf({ name, account }: { readonly name: string; readonly account: string }): string {
  return `catch-up/${name}/${account}`;
}
