import { sleep } from "../../util/sleep";
import type { CatchUpRun } from "./catch-up-run";

/** How long a delivery waits for what its room has missed; nobody knows how long the platform waits for its answer. */
const PRECEDE_MS = 3_000;

/** What arrives waits here for the round that is to come, or is under way. */
export interface ArrivalBarrier {
  begin(round: CatchUpRun | undefined): void;
  /** What was missed in a room is taken in before what happens there now. @returns `undefined` when there is nothing to wait for */
  precede(roomId: string): Promise<void> | undefined;
}

export function openGate(): ArrivalBarrier {
  const openedAt = performance.now();
  let hasBegun = false;
  let resolve: ArrivalBarrier["begin"] = () => undefined;
  const round = new Promise<CatchUpRun | undefined>((begin) => {
    resolve = begin;
  });
  return {
    begin(of) {
      hasBegun = true;
      resolve(of);
    },
    precede(roomId) {
      // It has not begun for so long that the platform is away: what arrives would wait each time.
      if (!hasBegun && performance.now() - openedAt > PRECEDE_MS) return undefined;
      return atMostAWhile(round.then((begun) => begun?.before(roomId)));
    },
  };
}

async function atMostAWhile(work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  // The round itself meets the error, and is made again.
  const done = work.catch(() => undefined);
  await Promise.race([done, sleep(PRECEDE_MS, over.signal)]);
  over.abort();
}
