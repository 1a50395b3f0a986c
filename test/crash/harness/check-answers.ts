import { EXERCISES } from "./exercises";
import type { EventHistory, History, Run } from "./history";
import type { Replies } from "./plan";

/** What differs between the inboxes, and what is set. */
export interface Rules {
  readonly replies: Replies;
  /** What is noted before a delivery arrives is on disk before that is accepted: all goes through one log, in order. */
  readonly notesPrecedeAdditions: boolean;
}

/**
 * Everything is answered, and nothing twice. In a group room a bot cannot read what it wrote: where a process died
 * before the platform's answer to a POST was on disk, that one may be there once more; or, where replies are sent at
 * most once, the event was given up.
 */
export function checkAnswers(history: History, rules: Rules, event: EventHistory): string[] {
  const { exercise, room, runs, posts } = event;
  const { posts: expected, leaves } = EXERCISES[exercise];
  const faults: string[] = [];
  const isGivenUp = mayBeDead(history, rules, event);
  let isExact = true;
  for (const step of expected) {
    const copies = posts.filter((post) => post.step === step).length;
    const mostCopies =
      1 +
      runs.filter((run, index) => mayBeRepeated(step, run, runs[index + 1], history, rules, event)).length;
    if (copies > mostCopies) faults.push(`"${step}" was posted ${copies} times in a ${room.kind} room`);
    if (copies > 1) isExact = false;
    if (copies === 0 && !isGivenUp) faults.push(`"${step}" was not posted`);
  }
  const left = posts.flatMap((post) => post.left ?? []);
  const isLeft = isExact
    ? left.length === leaves.length && leaves.every((step, index) => left[index] === step)
    : leaves.every((step) => left.includes(step));
  // A card stays until it is pressed, which is another event.
  if (!isLeft && exercise !== "card" && !isGivenUp) faults.push(`leaves [${left}], not [${leaves}]`);
  return faults;
}

/** Whether the event was rightly given up: nobody can tell whether a reply was sent, and none is to be sent twice. */
export function mayBeDead(history: History, rules: Rules, { room, runs }: EventHistory): boolean {
  return (
    rules.replies === "at-most-once" &&
    room.kind === "group" &&
    runs.at(-1)?.failed === true &&
    runs.some((run) => isKilled(history, run))
  );
}

/** Whether nobody could tell, by what the next run found in the inbox, that this one had done the step. */
function mayBeRepeated(
  step: string,
  run: Run,
  next: Run | undefined,
  history: History,
  rules: Rules,
  { exercise, room, posts }: EventHistory,
): boolean {
  // Somebody pressed the card, and it was replaced, before the next run could see that it had been posted.
  const wasReplaced = posts.some(
    ({ deletedAt }) => deletedAt !== undefined && deletedAt < (next?.endedAt ?? Number.POSITIVE_INFINITY),
  );
  if (exercise === "card" && wasReplaced && isKilled(history, run) && !run.settled) return true;
  if (rules.replies === "at-most-once" || room.kind === "direct" || !isKilled(history, run)) return false;
  // An attempt that was settled is followed by the next one, and its notes are on disk.
  if (next?.attempt !== run.attempt) return false;
  const confirmedAt = run.confirmed.get(step);
  if (confirmedAt === undefined || !rules.notesPrecedeAdditions) return true;
  return (history.processes.get(run.pid)?.lastAcceptedSentAt ?? -1) < confirmedAt;
}

function isKilled(history: History, { pid }: Run): boolean {
  return history.processes.get(pid)?.death?.kind === "killed";
}
