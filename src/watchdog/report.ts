import type { BlockRecorder, RecordBlock, RecordedBlock } from "../core/contract/inbox";
import type { Logger } from "../core/contract/logger";
import type { AtWork } from "../core/handle/activity";
import { sleep } from "../core/util/sleep";
import { type Blame, lineOf, nameWork, positionOf } from "./find-blocker";
import type { ThreadData } from "./thread-data";

/** How long recording may take, in milliseconds; then the process ends without. */
const RECORD_MS = 3_000;
/** Events under way that are logged when it is not certain which one blocks. */
const MOST_LISTED = 20;

/** What the report needs to know besides the blame. */
export interface Circumstances {
  readonly blockedMs: number;
  readonly all: readonly AtWork[];
}

/** Logs what blocks the event loop, and records it with its event. Never rejects. */
export async function report(
  { event, stack }: Blame,
  { blockedMs, all }: Circumstances,
  { handlers, recorder }: Pick<ThreadData, "handlers" | "recorder">,
  log: Logger,
): Promise<void> {
  const line = lineOf(stack);
  const error = stack === undefined ? undefined : stackError(blockedMs, stack);
  const fields = { at: line, blockedMs: Math.round(blockedMs) };
  if (event === undefined) {
    const underWay = all.slice(0, MOST_LISTED).map((work) => nameWork(work, handlers));
    const sentence =
      stack === undefined
        ? "native code blocks the event loop, and it is not certain for which event; the process is ended"
        : "code outside of handlers blocks the event loop; the process is ended";
    log.error(sentence, { ...fields, underWay, error });
    return;
  }
  log.error("a handler blocks the event loop; the process is ended", {
    ...nameWork(event, handlers),
    ...fields,
    error,
  });
  if (recorder === undefined) return;
  try {
    const recorded = await record(recorder, event.event, positionOf(event, line, handlers));
    if (recorded === undefined) log.warn("the event was settled meanwhile", { event: event.event });
    else log.warn("the block was recorded with its event", { event: event.event, ...recorded });
  } catch (thrown) {
    log.error("the block could not be recorded with its event", { event: event.event, error: thrown });
  }
}

async function record(
  { module, data }: BlockRecorder,
  event: number,
  where: string,
): Promise<RecordedBlock | undefined> {
  // Asserted: the inbox names a module that is made for this.
  const { recordBlock } = require(module) as { recordBlock: RecordBlock };
  const late = sleep(RECORD_MS).then(() => {
    throw new Error(`the inbox did not answer within ${RECORD_MS} ms`);
  });
  return Promise.race([recordBlock(data, event, where), late]);
}

/** An error whose stack is the blocked thread's. */
function stackError(blockedMs: number, stack: string): Error {
  const error = new Error(`the event loop is blocked for ${Math.round(blockedMs)} ms`);
  error.name = "EventLoopBlocked";
  error.stack = `${error.name}: ${error.message}\n${stack}`;
  return error;
}
