import type { ActivityReading } from "../core/handle/activity";
import { createLogger } from "../logging";
import { type Blame, blame } from "./find-blocker";
import { report } from "./report";
import { createStackReader } from "./stack";
import type { ThreadData } from "./thread-data";
import { writeLine } from "./write-line";

/** How long the main thread may take to tell its stack, in milliseconds. Where JavaScript runs it takes some of them. */
const STACK_MS = 1_000;
/** Looks at the stack: between two callbacks it has no event, and a moment later it does. */
const MOST_LOOKS = 3;
const LOOK_PAUSE_MS = 20;

/** Ends the process, unless its event loop turns again before the reason is found. */
export async function endIfBlocked(
  activity: ActivityReading,
  blockedMs: number,
  data: ThreadData,
): Promise<void> {
  const beats = activity.beats();
  // Without an inspector in this build of Node, the numbers in memory have to do.
  const found = await findBlame(activity).catch((): Blame => ({}));
  if (activity.beats() !== beats) return;
  try {
    const log = createLogger({ ...data.log, destination: { write: writeLine } });
    await report(found, { blockedMs, all: activity.all() }, data, log);
  } finally {
    // The main thread cannot run anything, so it cannot end in an orderly way.
    process.kill(process.pid, "SIGKILL");
  }
}

async function findBlame(activity: ActivityReading): Promise<Blame> {
  const stacks = createStackReader();
  let found = blame(await stacks.read(STACK_MS), activity);
  for (let look = 1; look < MOST_LOOKS && found.event === undefined && found.stack !== undefined; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
    const next = blame(await stacks.read(STACK_MS), activity);
    if (next.stack !== undefined) found = next;
  }
  stacks.close();
  return found;
}
